import type { Machine } from '../machine/machine.ts';
import type { ProcessInfo, ProcessTable } from '../machine/processes.ts';
import type { Limits } from '../ownership/beneath.ts';
import { readHistory } from '../project/history.ts';
import { recordOf } from '../project/open.ts';
import type { Project } from '../project/project.ts';
import { commandOf } from '../services/command-of.ts';
import { observe } from '../services/observe.ts';
import { limitsIn } from '../stop/end-suspects.ts';
import { stopScope, type StopScope } from '../stop/scope.ts';
import { makeStopPlan } from '../stop/stop.ts';
import type { StopPlan } from '../stop/plan.ts';
import type { Failure } from '../failure.ts';

/** A project that devctl ever started, with what a forced stop of it would do. */
export interface ProjectFacts {
  project: Project;
  scope: StopScope;
  plan: StopPlan;
}

/** Any process of this user, for `--everything`. */
export interface UserProcess {
  process: ProcessInfo;
  command: string;
  /** Of the projects' ports those that it listens on. */
  ports: number[];
}

export interface NukeFacts {
  projects: ProjectFacts[];
  /** Projects that cannot be looked at from here. */
  unseen: Failure[];
  everything: EverythingFacts | undefined;
}

export interface EverythingFacts {
  table: ProcessTable;
  others: UserProcess[];
  limits: Limits;
}

export function gatherProjects(machine: Machine, projects: Project[]): Pick<NukeFacts, 'projects' | 'unseen'> {
  const found: Pick<NukeFacts, 'projects' | 'unseen'> = { projects: [], unseen: [] };
  for (const project of projects) {
    const read = recordOf(machine, project);
    if (!read.ok) {
      found.unseen.push(read.failure);
      continue;
    }
    const { record } = read.value;
    const scope = stopScope(record, undefined, readHistory(machine.files, project.paths.history), []);
    const sight = observe(machine, project, record?.ended ? undefined : record);
    found.projects.push({
      project,
      scope,
      plan: makeStopPlan(machine, project, sight, [], { beyond: { scope, isForced: true } }),
    });
  }
  return found;
}

/** Every process of this user that no project's plan ends, with the ports of these that it listens on. */
export function gatherEverything(machine: Machine, projects: ProjectFacts[], ports: number[]): EverythingFacts {
  const { processes, listeners } = machine;
  const table = processes.scan({ since: Infinity, evidence: 'mark', logs: [] });
  const planned = new Set(
    projects.flatMap(({ plan }) =>
      [...plan.seen, ...plan.suspects.filter(({ action }) => action === 'end')].map(({ pid }) => pid),
    ),
  );
  const held = listeners.all().filter(({ port }) => ports.includes(port));
  const uid = process.getuid?.() ?? 0;
  const own = table.all.filter(({ pid, state }) => state !== 'Z' && !planned.has(pid) && processes.uid(pid) === uid);
  const owned = listeners.ownedBy(
    own.map(({ pid }) => pid),
    held,
  );
  return {
    table,
    others: own.map((one) => ({
      process: one,
      command: commandOf(machine, { process: one }),
      ports: [...new Set(owned.filter(({ pid }) => pid === one.pid).map(({ port }) => port))],
    })),
    limits: limitsIn(machine, table),
  };
}
