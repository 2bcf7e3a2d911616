import type { Failure } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import { admitNamed } from '../ownership/target.ts';
import { underLock } from '../project/lock.ts';
import { currentRecord } from '../project/open.ts';
import { ok, type Result } from '../result.ts';
import { endRoots } from '../stop/end-suspects.ts';
import { incomplete } from '../stop/incomplete.ts';
import type { StopOutcome } from '../stop/options.ts';
import { stopProject } from '../stop/stop.ts';
import { describeSurvivor } from '../stop/survivor.ts';
import type { NukePlan } from './plan.ts';

export interface NukeOutcome {
  projects: { root: string; outcome: StopOutcome }[];
  /** Of the processes outside every project. */
  ended: number;
  failures: Failure[];
}

/** A forced stop of every project of the plan, then the rest of it, by the same engine. A project that fails stops no other. */
export async function applyNuke(machine: Machine, plan: NukePlan, spared: ReadonlySet<number>, by: string): Promise<NukeOutcome> {
  const outcome: NukeOutcome = { projects: [], ended: 0, failures: [] };
  for (const { project, scope } of plan.projects) {
    const stopped = await underLock(machine, project, async (): Promise<Result<StopOutcome>> => {
      const done = await stopProject(machine, project, currentRecord(machine, project), [], {
        by,
        beyond: { scope, isForced: true },
      });
      return ok(done.outcome);
    });
    if (!stopped.ok) {
      outcome.failures.push(stopped.failure);
      continue;
    }
    const failure = incomplete(machine, stopped.value);
    if (failure) outcome.failures.push(failure);
    outcome.projects.push({ root: project.root, outcome: stopped.value });
  }
  const roots = plan.outside.map(({ process, why }) => admitNamed(process, why));
  const ended = await endRoots(machine, roots, { spared, uid: process.getuid?.() ?? 0 });
  outcome.ended = ended.found - ended.left.length;
  if (ended.left.length > 0)
    outcome.failures.push({
      code: 'SURVIVORS',
      survivors: ended.left.map((owned) => describeSurvivor(machine, owned)),
      held: [],
    });
  return outcome;
}
