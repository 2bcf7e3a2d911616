import type { Machine } from '../../machine/machine.ts';
import { endAttempt, GRACE_MS } from '../spoke/end-attempt.ts';
import { isMarkOfAttempt, type Executor } from './executor.ts';
import type { Perform } from './perform.ts';

/** On this machine, in processes of its own. */
export function localExecutor(machine: Machine, kind: 'direct' | 'mock', perform: Perform): Executor {
  return {
    kind,
    begin: perform,
    // Whoever hands out the tasks is the only one who begins any.
    slowDown: () => undefined,
    isConnected: () => true,
    withdraw: () => undefined,
    abandon: async (run, tokens) => {
      const isMeant = (mark: string) => tokens.some((token) => isMarkOfAttempt(mark, run, token));
      await endAttempt(machine, { isMeant, since: 0, graceMs: GRACE_MS });
    },
    forget: () => undefined,
    close: () => Promise.resolve(),
  };
}
