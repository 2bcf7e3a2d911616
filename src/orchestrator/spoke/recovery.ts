import type { Start } from './command-line.ts';

/** How a process ended that had a turn to finish. */
export interface Loss {
  begins: Start['kind'];
  /** `undefined` of one that is not our child. 128 + n after signal n. */
  code: number | undefined;
  /** It got as far as beginning a conversation. */
  hasBegun: boolean;
  /** "No conversation found": it was killed before the first answer was recorded. */
  isUnknownSession: boolean;
  /** "Session ID ... is already in use": there is a conversation under our id. */
  isSessionTaken: boolean;
  /** What it said on its standard error. */
  said: string;
}

export type Recovery =
  | { kind: 'restart'; start: Start; delayMs: number }
  /** It would say the same again. */
  | { kind: 'refused'; said: string }
  | { kind: 'crashed'; times: number };

const MAX_RESTARTS = 3;
const FIRST_DELAY_MS = 1000;

/** What to do about a lost process, the n-th of its attempt (from 1). Pure. */
export function recoverFrom(loss: Loss, times: number): Recovery {
  const isRefusal = !loss.hasBegun && loss.code !== undefined && loss.code < 128 && loss.code !== 0 && loss.said !== '';
  const isOurs = loss.isUnknownSession || loss.isSessionTaken;
  // The session that was to be copied is not there: without it the answer would be another one.
  if (loss.begins === 'fork' && loss.isUnknownSession) return { kind: 'refused', said: loss.said };
  if (isRefusal && !isOurs) return { kind: 'refused', said: loss.said };
  if (times > MAX_RESTARTS) return { kind: 'crashed', times };
  if (isOurs) return { kind: 'restart', start: { kind: loss.isSessionTaken ? 'resume' : 'fresh' }, delayMs: 0 };
  return { kind: 'restart', start: { kind: 'resume' }, delayMs: FIRST_DELAY_MS * 2 ** (times - 1) };
}

/** Said to a conversation that goes on. */
export const GO_ON =
  'Your process ended before you were done. Check what has taken effect, go on from there, and end with the complete answer to what was asked.';
