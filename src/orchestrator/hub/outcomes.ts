import type { Outcome } from '../executors/executor.ts';
import { isInfrastructure } from '../spoke/judge.ts';

/** What an outcome says of the way to the API, and nothing of the task. Pure. */
export function howOf(outcome: Outcome): 'through' | 'failed' | 'neither' {
  if (outcome.kind === 'ended') return 'neither';
  return outcome.kind === 'failed' && isInfrastructure(outcome.failure) ? 'failed' : 'through';
}
