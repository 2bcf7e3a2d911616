import { isPassing, type TaskFailure } from '../spoke/judge.ts';

export type RetryStep = { kind: 'retry'; notBeforeMs: number; counts: boolean } | { kind: 'give-up' };

const FIRST_MS = 1000;
const MOST_MS = 60_000;

/**
 * Whether a task is tried again, and when: twice as late each time, with jitter, and never before the API wants it. A limit
 * whose end the API names is waited for, however often; everything else counts. `random`: 0 to 1. Times in ms since 1970. Pure.
 */
export function retryAfter(
  failure: TaskFailure,
  { retries, maxRetries }: { retries: number; maxRetries: number },
  nowMs: number,
  random: number,
): RetryStep {
  if (!isPassing(failure)) return { kind: 'give-up' };
  const counts = failure.isReset !== true;
  if (counts && retries >= maxRetries) return { kind: 'give-up' };
  const backoff = Math.min(MOST_MS, FIRST_MS * 2 ** retries) * (0.5 + random / 2);
  return { kind: 'retry', counts, notBeforeMs: Math.round(Math.max(nowMs + backoff, failure.retryAtMs ?? 0)) };
}
