import { Queue, QueueEvents } from 'bullmq';
import { ok, type Result } from '../../result.ts';
import type { AttemptObserver, AttemptRequest, Executor, Outcome, RunningAttempt } from '../executors/executor.ts';
import { NO_USAGE } from '../journal/records.ts';
import { parseEvent } from '../spoke/events.ts';
import { NO_TOKENS } from '../spoke/progress.ts';
import { connectRedis, type Redis } from './connect.ts';
import { talkOnce, type Talk } from './talk.ts';
import { describeWorkers, listWorkers } from './presence.ts';
import {
  controlChannel,
  eventsKey,
  PREFIX,
  queueName,
  type Control,
  type TaskJob,
  type TaskReturn,
  type Told,
} from './protocol.ts';
import { readJobs } from './read-jobs.ts';
import { fetchEvents } from './relay.ts';

export interface RedisExecutorOptions {
  url: string;
  queue: string;
  devctl: string;
  /** Where an attempt's events belong; what comes is appended. */
  onEvents: (request: AttemptRequest, lines: string) => void;
  say: (text: string) => void;
}

interface Pending {
  request: AttemptRequest;
  observer: AttemptObserver;
  settle: (outcome: Outcome) => void;
  /** A worker has begun it. */
  isBegun: boolean;
  isAdded: boolean;
  /** When its end was asked for, by the clock of this process. */
  endingMs: number | undefined;
}

const GONE = 'Redis is gone; waiting for it';
const LOOK_MS = 2000;
const FETCH_MS = 250;
/** So many jobs are looked after at a time. */
const BATCH = 2000;
/** A worker that does not answer a wish to end is given up; without Redis there is none that could. */
const END_MS = 20_000;
const END_ALONE_MS = 2000;
const KEPT_SECONDS = 7 * 86_400;
/** 0 would go before all that have one. Source: BullMQ 6.7. */
const LEAST_PRIORITY = 1;

/** Hands attempts to workers on any machine, by BullMQ. Who depends on whom stays with the hub: flows are trees, and lose diamonds. */
export async function openRedisExecutor(options: RedisExecutorOptions): Promise<Result<Executor>> {
  const connected = await connectRedis(options.url);
  if (!connected.ok) return connected;
  const redis = connected.value;
  const queue = new Queue<TaskJob, TaskReturn>(queueName(options.queue), { connection: redis, prefix: PREFIX });
  const events = new QueueEvents(queueName(options.queue), { connection: redis, prefix: PREFIX });
  queue.on('error', () => undefined);
  events.on('error', () => undefined);
  await events.waitUntilReady();
  const executor = new RedisExecutor(redis, queue, events, options);
  return ok(executor);
}

class RedisExecutor implements Executor {
  readonly kind = 'redis';
  readonly #redis: Redis;
  readonly #queue: Queue<TaskJob, TaskReturn>;
  readonly #events: QueueEvents;
  readonly #options: RedisExecutorOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #timers: NodeJS.Timeout[];
  readonly #talk: Talk;
  #settled: string[] = [];
  #lookedAfter = 0;
  #isFetching = false;

  constructor(redis: Redis, queue: Queue<TaskJob, TaskReturn>, events: QueueEvents, options: RedisExecutorOptions) {
    this.#redis = redis;
    this.#queue = queue;
    this.#events = events;
    this.#options = options;
    this.#talk = talkOnce(options.say);
    events.on('completed', ({ jobId, returnvalue }) => {
      const returned: unknown = returnvalue;
      void this.#receive(jobId, returned as TaskReturn);
    });
    events.on('failed', ({ jobId, failedReason }) => {
      this.#settle(jobId, lost(failedReason));
    });
    events.on('progress', ({ jobId, data }) => {
      this.#hear(jobId, data as Told);
    });
    redis.on('close', () => {
      this.#talk.say(GONE);
    });
    redis.on('ready', () => { this.#talk.forget(GONE); });
    this.#timers = [
      setInterval(() => void this.#lookAfter().catch(() => undefined), LOOK_MS),
      setInterval(() => {
        this.#giveUp();
        void this.#fetch();
      }, FETCH_MS),
    ];
    void this.#greet();
  }

  begin(request: AttemptRequest, observer: AttemptObserver): RunningAttempt {
    const { token } = request;
    const outcome = new Promise<Outcome>((settle) => {
      this.#pending.set(token, { request, observer, settle, isBegun: false, isAdded: false, endingMs: undefined });
    });
    observer.onProgress({ model: undefined, turns: 0, tokens: NO_TOKENS, costUsd: 0, doing: 'queued' });
    this.#add(request);
    return {
      outcome,
      end: () => {
        this.#end(token);
      },
    };
  }

  slowDown(untilMs: number): void {
    const ms = untilMs - Date.now();
    if (ms > 0) void this.#queue.rateLimit(Math.ceil(ms)).catch(() => undefined);
  }

  isConnected(): boolean {
    return this.#redis.status === 'ready';
  }

  withdraw(): void {
    for (const [token, pending] of this.#pending) if (!pending.isBegun) void this.#takeBack(token);
  }

  async abandon(_run: string, tokens: string[]): Promise<void> {
    for (const token of tokens) {
      await this.#tellToEnd(token);
      await this.#queue.remove(token).catch(() => 0);
    }
  }

  forget(tokens: string[]): void {
    this.#settled.push(...tokens);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#redis.removeAllListeners('close');
    await Promise.race([this.#forget(), new Promise((resolve) => setTimeout(resolve, 1000))]);
    await Promise.race([
      Promise.all([this.#queue.close(), this.#events.close()]).catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, 1000)),
    ]);
    this.#redis.disconnect();
  }

  /** A job of that name that is there already stays the one. */
  #add(request: AttemptRequest): void {
    const { token, task } = request;
    const keep = { age: KEPT_SECONDS };
    void this.#queue
      .add(
        'task',
        { devctl: this.#options.devctl, request },
        { jobId: token, priority: LEAST_PRIORITY + task.priority, removeOnComplete: keep, removeOnFail: keep },
      )
      .then(() => {
        const pending = this.#pending.get(token);
        if (pending) pending.isAdded = true;
      })
      .catch(() => undefined);
  }

  #hear(token: string, told: Told): void {
    const pending = this.#pending.get(token);
    if (!pending) return;
    const { observer } = pending;
    pending.isBegun = true;
    switch (told.kind) {
      case 'spawning':
        observer.onSpawning(told.eventsFrom);
        return;
      case 'spawned':
        observer.onSpawned(told.spawned);
        return;
      case 'progress':
        observer.onProgress(told.progress);
    }
  }

  async #receive(token: string, { devctl, host, outcome }: TaskReturn): Promise<void> {
    const pending = this.#pending.get(token);
    if (!pending) return;
    if (devctl !== this.#options.devctl)
      this.#talk.say(`the worker on ${host} is devctl ${devctl}, this is ${this.#options.devctl}`);
    // The worker has sent all of them before it returned.
    await this.#fetchOf([token]).catch(() => undefined);
    this.#settle(token, outcome);
  }

  #settle(token: string, outcome: Outcome): void {
    const pending = this.#pending.get(token);
    if (!pending) return;
    this.#pending.delete(token);
    this.#settled.push(token);
    pending.settle(outcome);
  }

  #end(token: string): void {
    const pending = this.#pending.get(token);
    if (!pending) return;
    pending.endingMs ??= performance.now();
    void this.#tellToEnd(token);
    void this.#takeBack(token);
  }

  async #tellToEnd(token: string): Promise<void> {
    const control: Control = { kind: 'end', token };
    await this.#redis.publish(controlChannel(this.#options.queue), JSON.stringify(control)).catch(() => 0);
  }

  /** One that waits is taken out of the queue; one that is worked on is locked, and stays. */
  async #takeBack(token: string): Promise<void> {
    const removed = await this.#queue.remove(token).catch(() => 0);
    if (removed === 1) this.#settle(token, { kind: 'ended', usage: NO_USAGE });
  }

  /** Puts back what Redis has lost, and notices what it has told while nobody listened. */
  async #lookAfter(): Promise<void> {
    await this.#forget();
    const tokens = [...this.#pending].filter(([, { isAdded }]) => isAdded).map(([token]) => token);
    if (this.#lookedAfter >= tokens.length) this.#lookedAfter = 0;
    const batch = tokens.slice(this.#lookedAfter, this.#lookedAfter + BATCH);
    this.#lookedAfter += BATCH;
    if (batch.length === 0) return;
    for (const [token, state] of await readJobs(this.#redis, this.#queue, batch)) {
      const pending = this.#pending.get(token);
      if (!pending) continue;
      switch (state.kind) {
        case 'lost':
          this.#add(pending.request);
          break;
        case 'completed':
          await this.#receive(token, state.returned);
          break;
        case 'failed':
          this.#settle(token, lost(state.reason));
          break;
        case 'open':
          if (pending.endingMs !== undefined) await this.#takeBack(token);
      }
    }
  }

  /** Whoever wants an end gets one, whatever Redis does. */
  #giveUp(): void {
    const patienceMs = this.isConnected() ? END_MS : END_ALONE_MS;
    for (const [token, { endingMs = Infinity }] of this.#pending)
      if (performance.now() - endingMs > patienceMs) this.#settle(token, { kind: 'ended', usage: NO_USAGE });
  }

  async #fetch(): Promise<void> {
    if (this.#isFetching) return;
    this.#isFetching = true;
    await this.#fetchOf([...this.#pending].filter(([, { isBegun }]) => isBegun).map(([token]) => token)).catch(() => undefined);
    this.#isFetching = false;
  }

  async #fetchOf(tokens: string[]): Promise<void> {
    const byKey = new Map(tokens.map((token) => [eventsKey(this.#options.queue, token), token]));
    await fetchEvents(this.#redis, [...byKey.keys()], (key, portion) => {
      const pending = this.#pending.get(byKey.get(key) ?? '');
      if (!pending) return;
      this.#options.onEvents(pending.request, portion);
      for (const line of portion.split('\n')) if (line !== '') pending.observer.onEvent(parseEvent(line));
    });
  }

  /** What the hub has in its journal needs to be in Redis no more. */
  async #forget(): Promise<void> {
    const settled = this.#settled;
    this.#settled = [];
    await Promise.all(settled.map((token) => this.#queue.remove(token).catch(() => 0)));
    if (settled.length > 0) await this.#redis.del(settled.map((token) => eventsKey(this.#options.queue, token)));
  }

  async #greet(): Promise<void> {
    const workers = await listWorkers(this.#redis, this.#options.queue).catch(() => []);
    for (const line of describeWorkers(workers, this.#options.devctl)) this.#talk.say(line);
  }
}

function lost(reason: string): Outcome {
  return { kind: 'failed', failure: { class: 'crashed', message: `its worker failed: ${reason}` }, usage: NO_USAGE };
}
