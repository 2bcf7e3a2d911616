import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Worker, type Job } from 'bullmq';
import { ok, type Result } from '../../result.ts';
import type { AttemptObserver, AttemptRequest, Outcome, RunningAttempt } from '../executors/executor.ts';
import type { Perform } from '../executors/perform.ts';
import type { SpokeProgress } from '../spoke/progress.ts';
import { connectRedis, type Redis } from './connect.ts';
import { describeWorkers, listWorkers, showPresence } from './presence.ts';
import {
  controlChannel,
  eventsKey,
  PREFIX,
  PROTOCOL,
  queueName,
  readControl,
  type TaskJob,
  type TaskReturn,
  type Told,
} from './protocol.ts';
import { EventSender } from './relay.ts';
import { within } from './within.ts';
import { letGo } from './let-go.ts';

export interface ServeTasksOptions {
  url: string;
  queue: string;
  devctl: string;
  concurrency: number;
  /** Whose attempts these are. */
  worker: string;
  perform: Perform;
  onBegin: (request: AttemptRequest) => void;
  onEnd: (request: AttemptRequest, outcome: Outcome) => void;
  say: (text: string) => void;
}

/** A worker at its work. */
export interface TaskServer {
  /** Takes nothing more; resolves when what it has is done, and says whether nothing runs. */
  drain(): Promise<boolean>;
  /** Ends what it has: the hub hands it out again. */
  endAll(): void;
}

/** A worker that has said nothing for so long is taken for dead, and another one takes its task. */
const LOCK_MS = 15_000;
const STALLED_MS = 7500;
/** Of a task whose workers die one after another only the hub has enough some day. */
const MAX_STALLED = 1000;
const PROGRESS_MS = 500;
/** Outcomes that Redis may not have heard of: so many are kept. */
const KEPT_OUTCOMES = 100;
/** How long a worker that ends waits for Redis. */
const LAST_WORDS_MS = 3000;

export const newWorkerId = (): string => randomBytes(6).toString('hex');

/** Takes tasks from a queue and performs them here, in our own process: a sandboxed one could spawn nothing. */
export async function serveTasks(options: ServeTasksOptions): Promise<Result<TaskServer>> {
  const connected = await connectRedis(options.url);
  if (!connected.ok) return connected;
  const redis = connected.value;
  const running = new Map<string, RunningAttempt>();
  const attempts = new Map<string, Promise<Outcome>>();
  const { queue, devctl, concurrency } = options;

  const process = async (job: Job<TaskJob, TaskReturn>): Promise<TaskReturn> => {
    const { request } = job.data;
    // Redis had lost the job while we worked on it, or after: it is the same attempt, and runs once.
    let attempt = attempts.get(request.token);
    if (!attempt) {
      attempt = performJob(job, redis, options, running);
      attempts.set(request.token, attempt);
      for (const token of attempts.keys()) if (attempts.size > KEPT_OUTCOMES && !running.has(token)) attempts.delete(token);
    }
    return { devctl, host: hostname(), outcome: await attempt };
  };
  const worker = new Worker<TaskJob, TaskReturn>(queueName(queue), process, {
    connection: redis,
    prefix: PREFIX,
    concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_MS,
    maxStalledCount: MAX_STALLED,
    // So high that it limits nobody; without one a pause that the hub asks for would not be heard. Source: BullMQ 6.7, moveToActive.
    limiter: { max: 1_000_000, duration: 1000 },
  });
  worker.on('error', () => undefined);
  const control = redis.duplicate();
  control.on('error', () => undefined);
  control.on('message', (_channel, text) => {
    const told = readControl(text);
    if (told) running.get(told.token)?.end();
  });
  await control.subscribe(controlChannel(queue));
  const presence = {
    worker: options.worker,
    host: hostname(),
    pid: globalThis.process.pid,
    devctl,
    protocol: PROTOCOL,
    concurrency,
  };
  const leave = showPresence(redis, queue, presence);
  const others = (await listWorkers(redis, queue)).filter(
    ({ protocol, devctl: version }) => protocol !== PROTOCOL || version !== devctl,
  );
  for (const line of describeWorkers([presence, ...others], devctl)) options.say(line);
  return ok({
    drain: async () => {
      void leave();
      const closed = worker.close().catch(() => undefined);
      // A job that was on its way when the worker closed is worked on all the same.
      while (running.size > 0) await Promise.allSettled([...running.values()].map(({ outcome }) => outcome));
      // What is done is told, where Redis is there to hear it.
      await within(LAST_WORDS_MS, closed);
      control.disconnect();
      redis.disconnect();
      return running.size === 0;
    },
    endAll: () => {
      for (const attempt of running.values()) attempt.end();
    },
  });
}

async function performJob(
  job: Job<TaskJob, TaskReturn>,
  redis: Redis,
  { queue, perform, onBegin, onEnd }: ServeTasksOptions,
  running: Map<string, RunningAttempt>,
): Promise<Outcome> {
  const { request } = job.data;
  onBegin(request);
  const sender = new EventSender(redis, eventsKey(queue, request.token));
  const tell = (told: Told) => {
    void job.updateProgress(told).catch(letGo);
  };
  const observer = observe(tell, sender);
  const attempt = perform(request, observer.observer, undefined);
  running.set(request.token, attempt);
  try {
    const outcome = await attempt.outcome;
    onEnd(request, outcome);
    return outcome;
  } finally {
    running.delete(request.token);
    observer.end();
    await sender.end();
  }
}

/** What is told of it: at once where it matters, else twice a second at most. */
function observe(tell: (told: Told) => void, sender: EventSender): { observer: AttemptObserver; end: () => void } {
  let latest: SpokeProgress | undefined;
  const timer = setInterval(() => {
    sender.flush();
    if (latest) tell({ kind: 'progress', progress: latest });
    latest = undefined;
  }, PROGRESS_MS);
  return {
    observer: {
      onSpawning: (eventsFrom) => {
        tell({ kind: 'spawning', eventsFrom });
      },
      onSpawned: (spawned) => {
        tell({ kind: 'spawned', spawned });
      },
      onProgress: (progress) => (latest = progress),
      onEvent: (event) => {
        sender.add(event.kind === 'torn' ? event.text : JSON.stringify(event.raw));
      },
    },
    end: () => {
      clearInterval(timer);
    },
  };
}
