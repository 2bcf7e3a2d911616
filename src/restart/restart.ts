import type { Machine } from '../machine/machine.ts';
import type { Definitions } from '../project/definitions.ts';
import { underLock } from '../project/lock.ts';
import type { Project } from '../project/project.ts';
import { fail, type Result } from '../result.ts';
import { currentRecord } from '../project/open.ts';
import { finishStart } from '../start/finish.ts';
import type { StartOptions, StartOutcome } from '../start/options.ts';
import { startLocked } from '../start/start.ts';
import { incomplete } from '../stop/incomplete.ts';
import { stopProject } from '../stop/stop.ts';

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
