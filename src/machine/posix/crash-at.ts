import type { Checkpoints } from '../checkpoints.ts';
import { sendSignal } from './send-signal.ts';

/** Dies by SIGKILL, as by the out-of-memory killer, at the step that is named; never where none is. */
export function crashAt(step: string | undefined): Checkpoints {
  return {
    reach: (reached) => {
      if (step === reached) sendSignal(process.pid, 'SIGKILL');
    },
  };
}
