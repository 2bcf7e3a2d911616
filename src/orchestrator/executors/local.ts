import type { Machine } from '../../machine/machine.ts';
import { endAttempt } from '../spoke/end-attempt.ts';
import { isMarkOfRun, type Executor } from './executor.ts';
import { GRACE_MS, type Perform } from './perform.ts';

/** On this machine, in processes of its own. */
export function localExecutor(machine: Machine, kind: 'direct' | 'mock', perform: Perform): Executor {
  return {
    kind,
    begin: perform,
    // Whoever hands out the tasks is the only one who begins any.
    slowDown: () => undefined,
    isConnected: () => true,
    withdraw: () => undefined,
    abandon: async (run) => {
      await endAttempt(machine, { isMeant: (mark) => isMarkOfRun(mark, run), since: 0, graceMs: GRACE_MS });
    },
    forget: () => undefined,
    close: () => Promise.resolve(),
  };
}
