import { QueueEvents } from 'bullmq';
import { ok, type Result } from '../../result.ts';
import type { AttemptObserver, AttemptRequest, Executor, Outcome, RunningAttempt } from '../executors/executor.ts';
import { NO_USAGE } from '../journal/records.ts';
import { parseEvent } from '../spoke/events.ts';
import { NO_TOKENS } from '../spoke/progress.ts';
import { connectRedis, type Redis } from './connect.ts';
import { EventFetcher } from './event-fetcher.ts';
import { JobQueue } from './job-queue.ts';
import { describeWorkers, listWorkers } from './presence.ts';
import { PREFIX, queueName, type TaskReturn, type Told } from './protocol.ts';
import type { JobState } from './read-jobs.ts';
import { talkOnce, type Talk } from './talk.ts';
import { within } from './within.ts';

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
  stage: 'adding' | 'queued' | 'working';
  wish: Wish;
}

/** What the hub wants of it by now. `sinceMs`: by the clock of this process. */
type Wish = { kind: 'work' } | { kind: 'withdraw' } | { kind: 'end'; sinceMs: number };

const GONE = 'Redis is gone; waiting for it';
const LOOK_MS = 2000;
const FETCH_MS = 250;
/** So many jobs are looked after at a time. */
const BATCH = 2000;
/** A worker that does not answer a wish to end is given up; without Redis there is none that could. */
const END_MS = 20_000;
const END_ALONE_MS = 2000;
const READY_MS = 5000;

/** Hands attempts to workers on any machine, by BullMQ. Who depends on whom stays with the hub: flows are trees, and lose diamonds. */
export async function openRedisExecutor(options: RedisExecutorOptions): Promise<Result<Executor>> {
  const connected = await connectRedis(options.url);
  if (!connected.ok) return connected;
  const redis = connected.value;
  const events = new QueueEvents(queueName(options.queue), { connection: redis, prefix: PREFIX });
  events.on('error', () => undefined);
  await within(READY_MS, events.waitUntilReady());
  return ok(new RedisExecutor(redis, events, options));
}

class RedisExecutor implements Executor {
  readonly kind = 'redis';
  readonly #redis: Redis;
  readonly #jobs: JobQueue;
  readonly #events: QueueEvents;
  readonly #options: RedisExecutorOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #timers: NodeJS.Timeout[];
  readonly #talk: Talk;
  readonly #fetcher: EventFetcher;
  #lookedAfter = 0;
  #pausedUntilMs = 0;

  constructor(redis: Redis, events: QueueEvents, options: RedisExecutorOptions) {
    this.#redis = redis;
    this.#jobs = new JobQueue(redis, options.queue, options.devctl);
    this.#events = events;
    this.#options = options;
    this.#talk = talkOnce(options.say);
    this.#fetcher = new EventFetcher(redis, options.queue, (token, portion) => {
      this.#takeEvents(token, portion);
    });
    this.#listen();
    this.#timers = [
      setInterval(() => void this.#lookAfter(), LOOK_MS),
      setInterval(() => {
        this.#giveUp();
        this.#fetcher.glance(this.#tokens(({ stage }) => stage === 'working'));
      }, FETCH_MS),
    ];
    void listWorkers(redis, options.queue).then(
      (workers) => {
        describeWorkers(workers, options.devctl).forEach(this.#talk.say);
      },
      () => {
        // Where Redis is gone, the connection tells of it.
      },
    );
  }

  begin(request: AttemptRequest, observer: AttemptObserver): RunningAttempt {
    const { token } = request;
    const outcome = new Promise<Outcome>((settle) => {
      this.#pending.set(token, { request, observer, settle, stage: 'adding', wish: { kind: 'work' } });
    });
    observer.onProgress({ model: undefined, turns: 0, tokens: NO_TOKENS, costUsd: 0, doing: 'queued' });
    void this.#add(request);
    return {
      outcome,
      end: () => {
        this.#end(token);
      },
    };
  }

  slowDown(untilMs: number): void {
    this.#pausedUntilMs = untilMs;
    this.#jobs.pauseUntil(untilMs);
  }

  isConnected(): boolean {
    return this.#redis.status === 'ready';
  }

  withdraw(): void {
    for (const [token, pending] of this.#pending) {
      if (pending.stage === 'working' || pending.wish.kind !== 'work') continue;
      pending.wish = { kind: 'withdraw' };
      if (pending.stage === 'queued') void this.#takeBack(token);
    }
  }

  async abandon(_run: string, tokens: string[]): Promise<void> {
    await within(
      READY_MS,
      Promise.all(tokens.map((token) => this.#jobs.tellToEnd(token).then(() => this.#jobs.takeBack(token)))),
    );
  }

  forget(tokens: string[]): void {
    this.#jobs.forgetLater(tokens);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#redis.removeAllListeners('close');
    await this.#jobs.close();
    await within(READY_MS, this.#events.close());
    this.#redis.disconnect();
  }

  #listen(): void {
    this.#events.on('completed', ({ jobId, returnvalue }) => {
      const returned: unknown = returnvalue;
      void this.#receive(jobId, returned as TaskReturn);
    });
    this.#events.on('failed', ({ jobId, failedReason }) => {
      this.#settle(jobId, lost(failedReason));
    });
    this.#events.on('progress', ({ jobId, data }) => {
      this.#hear(jobId, data as Told);
    });
    this.#redis.on('close', () => {
      this.#talk.say(GONE);
    });
    this.#redis.on('ready', () => {
      this.#talk.forget(GONE);
    });
  }

  async #add(request: AttemptRequest): Promise<void> {
    const isThere = await this.#jobs.add(request);
    const pending = this.#pending.get(request.token);
    if (!pending || !isThere) return;
    if (pending.stage === 'adding') pending.stage = 'queued';
    if (pending.wish.kind !== 'work') await this.#takeBack(request.token);
  }

  #hear(token: string, told: Told): void {
    const pending = this.#pending.get(token);
    if (!pending) return;
    const { observer } = pending;
    pending.stage = 'working';
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
    if (!this.#pending.has(token)) return;
    if (devctl !== this.#options.devctl)
      this.#talk.say(`the worker on ${host} is devctl ${devctl}, this is ${this.#options.devctl}`);
    // The worker has sent all of them before it returned.
    await this.#fetcher.fetch([token]);
    this.#settle(token, outcome);
  }

  #settle(token: string, outcome: Outcome): void {
    const pending = this.#pending.get(token);
    if (!pending) return;
    this.#pending.delete(token);
    this.#jobs.forgetLater([token]);
    pending.settle(outcome);
  }

  #end(token: string): void {
    const pending = this.#pending.get(token);
    if (!pending) return;
    if (pending.wish.kind !== 'end') pending.wish = { kind: 'end', sinceMs: performance.now() };
    void this.#jobs.tellToEnd(token);
    void this.#takeBack(token);
  }

  async #takeBack(token: string): Promise<void> {
    if (await this.#jobs.takeBack(token)) this.#settle(token, ENDED);
  }

  #tokens(isMeant: (pending: Pending) => boolean): string[] {
    return [...this.#pending].filter(([, pending]) => isMeant(pending)).map(([token]) => token);
  }

  /** Puts back what Redis has lost, and notices what it has told while nobody listened. */
  async #lookAfter(): Promise<void> {
    this.#jobs.pauseUntil(this.#pausedUntilMs);
    await this.#jobs.forget();
    const tokens = this.#tokens(({ stage }) => stage !== 'adding');
    if (this.#lookedAfter >= tokens.length) this.#lookedAfter = 0;
    const batch = tokens.slice(this.#lookedAfter, this.#lookedAfter + BATCH);
    this.#lookedAfter += BATCH;
    if (batch.length === 0) return;
    for (const [token, state] of await this.#jobs.states(batch)) {
      const pending = this.#pending.get(token);
      if (pending) await this.#check(token, pending, state);
    }
  }

  async #check(token: string, { request, wish }: Pending, state: JobState): Promise<void> {
    switch (state.kind) {
      case 'lost':
        if (wish.kind === 'work') await this.#add(request);
        else this.#settle(token, ENDED);
        return;
      case 'completed':
        await this.#receive(token, state.returned);
        return;
      case 'failed':
        this.#settle(token, lost(state.reason));
        return;
      case 'open':
        // A word by publish and subscribe may have been missed.
        if (wish.kind === 'end') this.#end(token);
        else if (wish.kind === 'withdraw') await this.#takeBack(token);
    }
  }

  /** Whoever wants an end gets one, whatever Redis does. */
  #giveUp(): void {
    const patienceMs = this.isConnected() ? END_MS : END_ALONE_MS;
    const isInVain = ({ wish }: Pending) => wish.kind === 'end' && performance.now() - wish.sinceMs > patienceMs;
    for (const token of this.#tokens(isInVain)) this.#settle(token, ENDED);
  }

  #takeEvents(token: string, portion: string): void {
    const pending = this.#pending.get(token);
    if (!pending) return;
    this.#options.onEvents(pending.request, portion);
    for (const line of portion.split('\n')) if (line !== '') pending.observer.onEvent(parseEvent(line));
  }
}

const ENDED: Outcome = { kind: 'ended', usage: NO_USAGE };

function lost(reason: string): Outcome {
  return { kind: 'failed', failure: { class: 'crashed', message: `its worker failed: ${reason}` }, usage: NO_USAGE };
}
