import type { Outcome } from '../executors/executor.ts';
import { isInfrastructure, type FailureClass } from '../spoke/judge.ts';

/** They never got as far as the API, or nobody knows. */
const SAYS_NOTHING: ReadonlySet<FailureClass> = new Set(['workplace', 'timeout', 'refused', 'other']);

/** What an outcome says of the way to the API, and nothing of the task. Pure. */
export function howOf(outcome: Outcome): 'through' | 'failed' | 'neither' {
  if (outcome.kind === 'ended') return 'neither';
  if (outcome.kind === 'failed' && SAYS_NOTHING.has(outcome.failure.class)) return 'neither';
  return outcome.kind === 'failed' && isInfrastructure(outcome.failure) ? 'failed' : 'through';
}
