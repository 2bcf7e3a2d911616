import type { Failure } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import { describeHeld } from '../services/suspects.ts';
import type { StopOutcome } from './options.ts';

/** What a stop must say that did not end everything; nothing where it did. */
export function incomplete(machine: Pick<Machine, 'processes'>, { survivors, held, layers }: StopOutcome): Failure | undefined {
  if (survivors.length === 0 && held.length === 0) return undefined;
  return { code: 'SURVIVORS', survivors, held: held.flatMap((one) => describeHeld(machine, one)), layers };
}
