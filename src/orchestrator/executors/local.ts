import type { Executor } from './executor.ts';
import type { Perform } from './perform.ts';

/** On this machine, in processes of its own. */
export function localExecutor(kind: 'direct' | 'mock', perform: Perform): Executor {
  return {
    kind,
    begin: perform,
    // Whoever hands out the tasks is the only one who begins any.
    slowDown: () => undefined,
    withdraw: () => undefined,
    close: () => Promise.resolve(),
  };
}
