import type { Machine } from '../machine/machine.ts';
import { fail, ok, type Result } from '../result.ts';
import { isMarkOf } from './identity.ts';
import { locateProject, type LocateRequest, type Project } from './project.ts';
import { readRecord, type RunRecord } from './run-record.ts';

export interface OpenedProject {
  project: Project;
  /** The last run, ended or not; absent where there was none that this boot and version can speak of. */
  record: RunRecord | undefined;
  notes: string[];
}

/** Finds the project and reads its run record. What another boot or another version wrote is passed over, and said. */
export function openProject(
  machine: Pick<Machine, 'files' | 'processes' | 'home'>,
  request: LocateRequest,
): Result<OpenedProject> {
  const project = locateProject(machine.files, machine.home, request);
  const read = recordOf(machine, project);
  return read.ok ? ok({ project, ...read.value }) : read;
}

/** A project's run record, where this boot, this pid namespace and this version can speak of it. */
export function recordOf(
  machine: Pick<Machine, 'files' | 'processes'>,
  project: Project,
): Result<Omit<OpenedProject, 'project'>> {
  const read = readRecord(machine.files, project.paths.record);
  if (read.kind === 'none') return ok({ record: undefined, notes: [] });
  if (read.kind === 'unreadable')
    return ok({ record: undefined, notes: [`the run record ${project.paths.record} is passed over: ${read.reason}`] });
  const { record } = read;
  const here = machine.processes.world();
  if (record.bootId !== here.bootId) {
    const notes = record.ended ? [] : ['the machine was restarted since the last start'];
    return ok({ record: undefined, notes });
  }
  if (record.ended === undefined && record.pidNamespace !== here.pidNamespace) {
    if (!isGoneFromEverywhere(machine, project.id, here.pidNamespace))
      return fail({ code: 'OTHER_NAMESPACE', root: project.root });
    return ok({ record: undefined, notes: ['the pid namespace of the last run is gone, and all that ran in it'] });
  }
  return ok({ record, notes: [] });
}

/** The namespace that the machine booted with, from which every process can be seen. Source: linux/proc_ns.h, PROC_PID_INIT_INO. */
const INITIAL_PID_NAMESPACE = 'pid:[4026531836]';

function isGoneFromEverywhere({ processes }: Pick<Machine, 'processes'>, id: string, pidNamespace: string): boolean {
  if (pidNamespace !== INITIAL_PID_NAMESPACE) return false;
  const { all } = processes.scan({ since: 0, evidence: 'mark', logs: [] });
  return !all.some(({ mark, cookie }) => (mark !== undefined && isMarkOf(id, mark)) || cookie === id);
}

/** The record on disk, if this boot and this pid namespace can speak of it. */
export function currentRecord(
  { files, processes }: Pick<Machine, 'files' | 'processes'>,
  project: Project,
): RunRecord | undefined {
  const read = readRecord(files, project.paths.record);
  const here = processes.world();
  return read.kind === 'record' && read.record.bootId === here.bootId && read.record.pidNamespace === here.pidNamespace
    ? read.record
    : undefined;
}
