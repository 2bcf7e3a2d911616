import type { Queue } from 'bullmq';
import type { Redis } from './connect.ts';
import type { TaskJob, TaskReturn } from './protocol.ts';

/** What Redis has of a job. `lost`: nothing. */
export type JobState =
  { kind: 'lost' } | { kind: 'open' } | { kind: 'completed'; returned: TaskReturn } | { kind: 'failed'; reason: string };

/** In one round trip. Source: BullMQ 6.7, fields of a job's hash. */
export async function readJobs(
  redis: Redis,
  queue: Pick<Queue<TaskJob, TaskReturn>, 'toKey'>,
  tokens: string[],
): Promise<Map<string, JobState>> {
  const pipeline = redis.pipeline();
  for (const token of tokens) pipeline.hmget(queue.toKey(token), 'timestamp', 'finishedOn', 'returnvalue', 'failedReason');
  const answers = (await pipeline.exec()) ?? [];
  const states = new Map<string, JobState>();
  tokens.forEach((token, index) => {
    const [error, fields] = answers[index] ?? [];
    if (!error && Array.isArray(fields)) states.set(token, stateOf(fields as (string | null)[]));
  });
  return states;
}

function stateOf([timestamp, finishedOn, returned, reason]: (string | null)[]): JobState {
  if (typeof timestamp !== 'string') return { kind: 'lost' };
  if (typeof finishedOn !== 'string') return { kind: 'open' };
  return typeof returned === 'string'
    ? { kind: 'completed', returned: JSON.parse(returned) as TaskReturn }
    : { kind: 'failed', reason: reason ?? '' };
}
