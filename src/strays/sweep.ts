import type { Machine } from '../machine/machine.ts';
import { admitStray, type Stray } from '../ownership/session-mark.ts';
import { DEFAULTS } from '../project/settings.ts';
import { endProcesses, type Ended } from '../stop/end.ts';
import { lookForStrays } from './gather.ts';

/** Ends those strays that are meant, by the engine of every stop; each look judges anew, so that what they fork is met as well. */
export function endStrays(
  machine: Machine,
  isMeant: (stray: Stray) => boolean,
  graceMs: number = DEFAULTS.graceMs,
): Promise<Ended> {
  return endProcesses(machine, {
    look: () => lookForStrays(machine).filter(isMeant).map(admitStray),
    graceMs: () => graceMs,
    signal: () => 'TERM',
  });
}

/** What a sweep ends without being asked. */
export const isAbandoned = ({ kind }: Stray): boolean => kind === 'abandoned';
