import type { AttemptRequest, LeftAttempt, Outcome } from '../executors/executor.ts';
import type { SpokeProgress } from '../spoke/progress.ts';

/** What hub and workers say to each other. Those of another number are in another queue. */
export const PROTOCOL = 1;

/** All keys of devctl begin so. */
export const PREFIX = 'devctl';

export const queueName = (name: string): string => `${name}-${String(PROTOCOL)}`;
/** Lines of an attempt's events, on their way to the hub. */
export const eventsKey = (queue: string, token: string): string => `${PREFIX}:${queueName(queue)}:events:${token}`;
/** What the hub tells all workers. */
export const controlChannel = (queue: string): string => `${PREFIX}:${queueName(queue)}:control`;
/** Who works on a queue, of every protocol. */
export const workersKey = (queue: string): string => `${PREFIX}:${queue}:workers`;

/** Data of a job. */
export interface TaskJob {
  devctl: string;
  request: AttemptRequest;
}

/** What a job returns. */
export interface TaskReturn {
  devctl: string;
  host: string;
  outcome: Outcome;
}

/** What a worker tells of an attempt under way, as a job's progress. */
export type Told =
  | { kind: 'spawning'; eventsFrom: number }
  | { kind: 'spawned'; spawned: NonNullable<LeftAttempt['spawned']> }
  | { kind: 'progress'; progress: SpokeProgress };

export interface Control {
  kind: 'end';
  token: string;
}

/** A worker, as it shows itself. */
export interface Presence {
  worker: string;
  host: string;
  pid: number;
  devctl: string;
  protocol: number;
  concurrency: number;
}

/** Of whoever may write to that Redis. */
export function readControl(text: string): Control | undefined {
  try {
    const value = JSON.parse(text) as Partial<Control> | null;
    return value?.kind === 'end' && typeof value.token === 'string' ? { kind: 'end', token: value.token } : undefined;
  } catch {
    return undefined;
  }
}
