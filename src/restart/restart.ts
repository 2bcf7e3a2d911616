import type { Machine } from '../machine/machine.ts';
import type { Definitions } from '../project/definitions.ts';
import { underLock } from '../project/lock.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { fail, type Result } from '../result.ts';
import { currentRecord } from '../project/open.ts';
import { gatherStart } from '../start/facts.ts';
import { finishStart } from '../start/finish.ts';
import type { StartOptions, StartOutcome } from '../start/options.ts';
import { planStart } from '../start/plan.ts';
import { startLocked } from '../start/start.ts';
import { incomplete } from '../stop/incomplete.ts';
import { isEverything, stopProject } from '../stop/stop.ts';

export interface RestartOutcome extends StartOutcome {
  stopped: string[];
}

/** Stop and start under one lock; in panes the server stays, and with it whoever is attached. Then confirms that the new processes are up. */
export async function restart(
  machine: Machine,
  project: Project,
  definitions: Definitions,
  names: string[],
  options: StartOptions,
): Promise<Result<RestartOutcome>> {
  const began = machine.clock.elapsed();
  let stopped: string[] = [];
  const begun = await underLock(machine, project, async () => {
    const record = currentRecord(machine, project);
    const mode = record && !record.ended && !options.isModeExplicit ? record.mode : options.mode;
    const refusal = foreseeRefusal(machine, project, definitions, record, names, options);
    if (refusal) return refusal;
    const keepServer = record?.mode === 'tmux' && mode === 'tmux';
    const { plan, outcome } = await stopProject(machine, project, record, names, { by: options.command, keepServer });
    const failure = incomplete(machine, outcome);
    if (failure) return fail(failure);
    machine.checkpoints.reach('restart.stopped');
    stopped = [...new Set(plan.seen.flatMap((seen) => seen.service ?? []))];
    return startLocked(machine, project, definitions, { ...options, mode }, record);
  });
  if (!begun.ok) return begun;
  const finished = await finishStart(machine, begun.value, options, began);
  return finished.ok ? { ok: true, value: { ...finished.value, stopped } } : finished;
}

/** What the start will be refused for, told while everything still runs: a port that somebody else holds, a sandbox, another mode. */
export function foreseeRefusal(
  machine: Machine,
  project: Project,
  definitions: Definitions,
  record: RunRecord | undefined,
  names: string[],
  options: Omit<StartOptions, 'onProgress'>,
): Result<never> | undefined {
  const ending = isEverything(record, names) ? 'all' : names;
  const plan = planStart(gatherStart(machine, project, record, definitions, options, ending), options);
  return plan.ok ? undefined : plan;
}
