import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import type { ProcessInfo } from '../machine/processes.ts';
import { readHistory } from '../project/history.ts';
import { currentRecord } from '../project/open.ts';
import { projectPaths, stateRoot } from '../project/paths.ts';
import type { Project } from '../project/project.ts';
import { readRecord, type RunRecord } from '../project/run-record.ts';
import { commandOf } from '../services/command-of.ts';
import { observe } from '../services/observe.ts';
import { stopScope, type StopScope } from '../stop/scope.ts';
import { makeStopPlan } from '../stop/stop.ts';
import type { StopPlan } from '../stop/plan.ts';

/** A project that devctl ever started, with what a forced stop of it would do. */
export interface ProjectFacts {
  project: Project;
  record: RunRecord | undefined;
  scope: StopScope;
  plan: StopPlan;
}

/** Any process of this user, for `--everything`. */
export interface UserProcess {
  process: ProcessInfo;
  command: string;
  /** Of the project's ports those that it listens on. */
  ports: number[];
}

export interface NukeFacts {
  projects: ProjectFacts[];
  /** Only for `--everything`. */
  others: UserProcess[];
  /** devctl and all above it. */
  spared: ReadonlySet<number>;
}

/** Every project with a state folder of this user, also where its record is lost: then the marks alone speak. */
export function findProjects({ files, home }: Pick<Machine, 'files' | 'home'>): Project[] {
  const root = stateRoot(home);
  return files.list(root).flatMap((id) => {
    if (!/^[0-9a-f]{12}$/.test(id)) return [];
    const read = readRecord(files, join(root, id, 'run.json'));
    return [{ root: read.kind === 'record' ? read.record.root : `project ${id}`, id, paths: projectPaths(id, home) }];
  });
}

export function gatherProject(machine: Machine, project: Project): ProjectFacts {
  const record = currentRecord(machine, project);
  const live = record?.ended ? undefined : record;
  const scope = stopScope(record, undefined, readHistory(machine.files, project.paths.history), []);
  const plan = makeStopPlan(machine, project, observe(machine, project, live), [], { beyond: { scope, isForced: true } });
  return { project, record, scope, plan };
}

/** Every process of this user that no project's plan has, with the ports of these that it listens on. */
export function gatherUserProcesses(
  machine: Machine,
  projects: ProjectFacts[],
  ports: number[],
): Pick<NukeFacts, 'others' | 'spared'> {
  const { processes, listeners } = machine;
  const table = processes.scan({ since: Infinity, evidence: 'mark', logs: [] });
  const planned = new Set(projects.flatMap(({ plan }) => [...plan.seen, ...plan.suspects].map(({ pid }) => pid)));
  const held = listeners.all().filter(({ port }) => ports.includes(port));
  const own = table.all.filter(
    ({ pid, state }) => state !== 'Z' && !planned.has(pid) && processes.uid(pid) === process.getuid?.(),
  );
  const owned = listeners.ownedBy(
    own.map(({ pid }) => pid),
    held,
  );
  return {
    others: own.map((one) => ({
      process: one,
      command: commandOf(machine, { process: one }),
      ports: [...new Set(owned.filter(({ pid }) => pid === one.pid).map(({ port }) => port))],
    })),
    spared: processes.ancestors(table),
  };
}
