import type { Machine } from '../machine/machine.ts';
import { fail, ok, type Result } from '../result.ts';
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
  const read = readRecord(machine.files, project.paths.record);
  if (read.kind === 'none') return ok({ project, record: undefined, notes: [] });
  if (read.kind === 'unreadable') {
    return ok({ project, record: undefined, notes: [`the run record ${project.paths.record} is passed over: ${read.reason}`] });
  }
  const { record } = read;
  const here = machine.processes.world();
  if (record.bootId !== here.bootId) {
    const notes = record.ended ? [] : ['the machine was restarted since the last start'];
    return ok({ project, record: undefined, notes });
  }
  if (record.ended === undefined && record.pidNamespace !== here.pidNamespace)
    return fail({ code: 'OTHER_NAMESPACE', root: project.root });
  return ok({ project, record, notes: [] });
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
