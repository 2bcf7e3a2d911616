import { Queue } from 'bullmq';
import type { AttemptRequest } from '../executors/executor.ts';
import type { Redis } from './connect.ts';
import { controlChannel, eventsKey, PREFIX, queueName, type Control, type TaskJob, type TaskReturn } from './protocol.ts';
import { readJobs, type JobState } from './read-jobs.ts';
import { within } from './within.ts';
import { letGo } from './let-go.ts';

/** As long as the next look after the queue is sure to come. */
const MAX_PAUSE_MS = 10_000;
const KEPT_SECONDS = 7 * 86_400;
/** 0 would go before all that have one. Source: BullMQ 6.7. */
const LEAST_PRIORITY = 1;
const CLOSE_MS = 1000;

/** The attempts of a hub as Redis has them: a job each, by the name of its token. Nothing here rejects. */
export class JobQueue {
  readonly #redis: Redis;
  readonly #queue: Queue<TaskJob, TaskReturn>;
  readonly #name: string;
  readonly #devctl: string;
  #over: string[] = [];

  constructor(redis: Redis, name: string, devctl: string) {
    this.#redis = redis;
    this.#name = name;
    this.#devctl = devctl;
    this.#queue = new Queue<TaskJob, TaskReturn>(queueName(name), { connection: redis, prefix: PREFIX });
    this.#queue.on('error', () => undefined);
  }

  /** A job of that name that is there already stays the one. Says whether it is there. */
  async add(request: AttemptRequest): Promise<boolean> {
    const keep = { age: KEPT_SECONDS };
    const how = {
      jobId: request.token,
      priority: LEAST_PRIORITY + request.task.priority,
      removeOnComplete: keep,
      removeOnFail: keep,
    };
    return this.#queue.add('task', { devctl: this.#devctl, request }, how).then(
      () => true,
      () => false,
    );
  }

  /** One that waits is taken out; one that is worked on is locked, and stays. Says whether it is out. */
  async takeBack(token: string): Promise<boolean> {
    return (await this.#queue.remove(token).catch(() => 0)) === 1;
  }

  /** Whoever works on it is told to end it; he may not hear it. */
  async tellToEnd(token: string): Promise<void> {
    const control: Control = { kind: 'end', token };
    await this.#redis.publish(controlChannel(this.#name), JSON.stringify(control)).catch(() => 0);
  }

  /** No worker begins anything for a while; not for long at a time, for other hubs share the queue, and this one may be gone by then. */
  pauseUntil(untilMs: number): void {
    const ms = Math.min(MAX_PAUSE_MS, untilMs - Date.now());
    if (ms > 0) void this.#queue.rateLimit(Math.ceil(ms)).catch(letGo);
  }

  async states(tokens: string[]): Promise<Map<string, JobState>> {
    return readJobs(this.#redis, this.#queue, tokens).catch(() => new Map<string, JobState>());
  }

  /** They need to be in Redis no more, once the hub has them in its journal: not at once. */
  forgetLater(tokens: string[]): void {
    this.#over.push(...tokens);
  }

  async forget(): Promise<void> {
    const tokens = this.#over;
    this.#over = [];
    await Promise.all(tokens.map((token) => this.takeBack(token)));
    if (tokens.length > 0) await this.#redis.del(tokens.map((token) => eventsKey(this.#name, token))).catch(() => 0);
  }

  async close(): Promise<void> {
    await within(CLOSE_MS, this.forget());
    await within(CLOSE_MS, this.#queue.close());
  }
}
