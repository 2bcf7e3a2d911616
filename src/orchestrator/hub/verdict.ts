import type { Outcome } from '../executors/executor.ts';
import type { JournalRecord } from '../journal/records.ts';
import type { TaskFailure } from '../spoke/judge.ts';
import type { Entry } from './board.ts';
import { retryAfter } from './retry.ts';

export interface VerdictFacts {
  entry: Entry;
  token: string;
  outcome: Outcome;
  /** A person has asked for its end. */
  isCancelled: boolean;
  /** Since 1970. */
  nowMs: number;
  /** 0 to 1. */
  random: number;
}

/** What an attempt's end is for its task, and for all. */
export interface Verdict {
  record: JournalRecord;
  /** Nobody gets through: all are to end. */
  halts?: TaskFailure;
}

/** Pure. */
export function verdictOn({ entry, token, outcome, isCancelled, nowMs, random }: VerdictFacts): Verdict {
  const { id: task, maxRetries } = entry.task;
  const base = { task, token, usage: outcome.usage, atMs: nowMs };
  const at = outcome.kind !== 'ended' && outcome.branch !== undefined ? { branch: outcome.branch } : {};
  if (outcome.kind === 'done') return { record: { kind: 'done', ...base, ...at } };
  if (isCancelled) return { record: { kind: 'cancelled', task, usage: outcome.usage, atMs: nowMs } };
  if (outcome.kind === 'ended') return { record: { kind: 'put-back', ...base } };
  const { failure } = outcome;
  if (failure.class === 'auth' || failure.class === 'no-claude') return { record: { kind: 'put-back', ...base }, halts: failure };
  const step = retryAfter(failure, { retries: entry.retries, maxRetries }, nowMs, random);
  if (step.kind === 'give-up') return { record: { kind: 'failed', ...base, failure, ...at } };
  return { record: { kind: 'retry', ...base, failure, counts: step.counts, notBeforeMs: step.notBeforeMs } };
}
