import type { Failure } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import { underLock } from '../project/lock.ts';
import { currentRecord } from '../project/open.ts';
import { ok, type Result } from '../result.ts';
import { countEnded } from '../stop/end.ts';
import { endRoots } from '../stop/end-suspects.ts';
import { incomplete } from '../stop/incomplete.ts';
import type { StopOutcome } from '../stop/options.ts';
import { stopProject } from '../stop/stop.ts';
import { describeSurvivor } from '../stop/survivor.ts';
import { toFailure } from '../system-failure.ts';
import type { ProjectFacts } from './facts.ts';
import type { NukePlan } from './plan.ts';

export interface NukeOutcome {
  projects: { root: string; outcome: StopOutcome }[];
  /** How many have ended, in the projects and outside. */
  ended: number;
  failures: Failure[];
}

/** A forced stop of every project of the plan, then the rest of it, by the same engine. A project that fails stops no other. */
export async function applyNuke(machine: Machine, plan: NukePlan, by: string): Promise<NukeOutcome> {
  const outcome: NukeOutcome = { projects: [], ended: 0, failures: [...plan.unseen] };
  for (const facts of plan.projects) {
    const stopped = await stopOne(machine, facts, by);
    if (!stopped.ok) {
      outcome.failures.push(stopped.failure);
      continue;
    }
    const failure = incomplete(machine, stopped.value);
    if (failure) outcome.failures.push(failure);
    outcome.projects.push({ root: facts.project.root, outcome: stopped.value });
    outcome.ended += stopped.value.ended;
  }
  if (!plan.limits) return outcome;
  const ended = await endRoots(
    machine,
    plan.outside.map(({ owned }) => owned),
    plan.limits,
  );
  outcome.ended += countEnded(ended);
  if (ended.left.length > 0)
    outcome.failures.push({
      code: 'SURVIVORS',
      survivors: ended.left.map((owned) => describeSurvivor(machine, owned)),
      held: [],
    });
  return outcome;
}

async function stopOne(machine: Machine, { project, scope }: ProjectFacts, by: string): Promise<Result<StopOutcome>> {
  try {
    return await underLock(machine, project, async () => {
      const beyond = { scope, isForced: true };
      return ok((await stopProject(machine, project, currentRecord(machine, project), [], { by, beyond })).outcome);
    });
  } catch (error) {
    const failure = toFailure(error);
    if (!failure) throw error;
    return { ok: false, failure };
  }
}
