import type { Checkpoints } from '../checkpoints.ts';

/** Dies by SIGKILL, as by the out-of-memory killer, at the step that is named; never where none is. */
export function crashAt(step: string | undefined): Checkpoints {
  return {
    reach: (reached) => {
      if (step === reached) process.kill(process.pid, 'SIGKILL');
    },
  };
}
