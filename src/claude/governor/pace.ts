import { keyOf } from '../../machine/processes.ts';
import type { Job } from './jobs.ts';

/**
 * Does the work get on? Where it does not, perhaps somebody waits for one that is queued: first they change places, and where
 * that was in vain, more and more run at once, for those that wait need no CPU.
 */
export interface Pace {
  /** Who runs, and what they have used so far. */
  signature: string;
  changedMs: number;
  /** When it was found standing still for the last time, and how often in a row. */
  stoodMs: number;
  stands: number;
}

export const FRESH_PACE: Pace = { signature: '', changedMs: 0, stoodMs: -Infinity, stands: 0 };

/** So long nobody may come, go or use the CPU before it counts as standing still. */
export const STANDS_AFTER_MS = 3000;
/** So long it must have got on before the last step is taken back. */
const CALM_AFTER_MS = 2 * STANDS_AFTER_MS;

/** The pace by what is seen now. `isStanding`: this look is the one that found it. Pure. */
export function nextPace(pace: Pace, running: Job[], hasQueue: boolean, nowMs: number): { pace: Pace; isStanding: boolean } {
  const signature = running
    .flatMap(({ processes }) => processes)
    .map((process) => `${keyOf(process)} ${String(process.cpuMs)}`)
    .join();
  if (!hasQueue) return { pace: { ...FRESH_PACE, signature, changedMs: nowMs }, isStanding: false };
  const changedMs = signature === pace.signature ? pace.changedMs : nowMs;
  if (nowMs - changedMs >= STANDS_AFTER_MS)
    return { pace: { signature, changedMs: nowMs, stoodMs: nowMs, stands: pace.stands + 1 }, isStanding: true };
  const isCalm = pace.stands > 0 && nowMs - pace.stoodMs >= CALM_AFTER_MS;
  const step = isCalm
    ? { stoodMs: nowMs - STANDS_AFTER_MS, stands: pace.stands - 1 }
    : { stoodMs: pace.stoodMs, stands: pace.stands };
  return { pace: { signature, changedMs, ...step }, isStanding: false };
}
