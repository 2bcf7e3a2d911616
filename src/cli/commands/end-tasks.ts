import { isMarkOfPerformer } from '../../orchestrator/executors/executor.ts';
import { endAttempt, GRACE_MS } from '../../orchestrator/spoke/end-attempt.ts';
import { countEnded } from '../../stop/end.ts';
import { ok } from '../../result.ts';
import type { CommandRun } from '../context.ts';

/** `devctl end-tasks WORKER`: what a worker that was killed has left. */
export const run: CommandRun = async ({ machine }, [worker = '']) => {
  const ended = await endAttempt(machine, { isMeant: (mark) => isMarkOfPerformer(mark, worker), since: 0, graceMs: GRACE_MS });
  return ok({ exit: 0, schema: 'devctl.end-tasks/1', data: { ended: countEnded(ended) }, text: '' });
};
