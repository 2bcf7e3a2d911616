import { randomUUID } from 'node:crypto';
import { ok, type Result } from '../../result.ts';
import type { AttemptRequest, Outcome, RunningAttempt } from '../executors/executor.ts';
import type { Perform } from '../executors/perform.ts';
import { codeOf, type Present, type RequestMetrics } from '../http/metrics.ts';
import { Gate } from '../hub/gate.ts';
import { TASK_DEFAULTS, type Task } from '../tasks/task.ts';
import { CANCELS, claimOf, readRequest, REQUESTS, responsesOf, type ChannelMessage, type ChannelRequest } from './channel.ts';
import { connectRedis } from './connect.ts';

export interface ServeRequestsOptions {
  url: string;
  maxConcurrent: number;
  /** So many may wait for room; more are turned away. */
  maxQueued: number;
  /** Of requests that want more. */
  maxTimeoutMs: number;
  breaker: { failures: number; pauseMs: number };
  perform: Perform;
  metrics: (present: () => Present) => Promise<RequestMetrics>;
  onEnd: (id: string, outcome: Outcome) => void;
}

export interface RequestServer {
  metrics: RequestMetrics;
  present: () => Present;
  isConnected: () => boolean;
  drain(): Promise<void>;
  endAll(): void;
}

/** Leaves a request to others for so long, where there is no room here. */
const YIELD_MS = 200;
const CLAIM_SECONDS = 3600;

interface Waiting {
  request: ChannelRequest;
  isCancelled: boolean;
  attempt: RunningAttempt | undefined;
}

/** Answers requests that come by Redis' publish and subscribe, on connections of their own. */
export async function serveRequests(options: ServeRequestsOptions): Promise<Result<RequestServer>> {
  const connected = await connectRedis(options.url);
  if (!connected.ok) return connected;
  const redis = connected.value;
  const subscriber = redis.duplicate();
  subscriber.on('error', () => undefined);
  const gate = new Gate({ concurrency: options.maxConcurrent, rampMs: 0, breaker: options.breaker });
  const known = new Map<string, Waiting>();
  const queue: Waiting[] = [];
  const running = new Set<Waiting>();
  const state: { isDraining: boolean; onEmpty: () => void } = { isDraining: false, onEmpty: () => undefined };
  const present = (): Present => ({ active: running.size, queued: queue.length, breaker: gate.breaker });
  const metrics = await options.metrics(present);
  const answer = (id: string, message: ChannelMessage) => {
    void redis.publish(responsesOf(id), JSON.stringify(message)).catch(() => undefined);
  };

  const refuse = async (request: ChannelRequest, code: string, message: string) => {
    // Another one may have room.
    await new Promise((resolve) => setTimeout(resolve, YIELD_MS));
    if (!(await claim(request.id))) return;
    metrics.rejected();
    answer(request.id, { kind: 'error', code, message });
  };
  const claim = async (id: string) => (await redis.set(claimOf(id), 'taken', 'EX', CLAIM_SECONDS, 'NX')) === 'OK';

  const receive = async (text: string) => {
    const request = readRequest(text);
    if (!request || state.isDraining) return;
    if (gate.breaker.kind === 'open' && gate.closedMs(0, Date.now()) > 0)
      return refuse(request, 'circuit_open', 'nobody gets through at the moment');
    if (running.size >= options.maxConcurrent && queue.length >= options.maxQueued)
      return refuse(request, 'busy', `${String(running.size)} are worked on and ${String(queue.length)} wait`);
    if (!(await claim(request.id))) return;
    metrics.received();
    answer(request.id, { kind: 'accepted' });
    const waiting: Waiting = { request, isCancelled: false, attempt: undefined };
    known.set(request.id, waiting);
    queue.push(waiting);
    advance();
  };
  const advance = () => {
    while (queue.length > 0 && gate.closedMs(running.size, Date.now()) === 0) {
      const waiting = queue.shift();
      if (waiting) void work(waiting);
    }
    // Those that waited while the way broke are told, not kept.
    if (gate.breaker.kind === 'open')
      for (const { request } of queue.splice(0))
        settle(request.id, { kind: 'error', code: 'circuit_open', message: 'nobody gets through at the moment' });
    if (state.isDraining && running.size === 0 && queue.length === 0) state.onEmpty();
  };
  const settle = (id: string, message: ChannelMessage) => {
    known.delete(id);
    answer(id, message);
  };
  const work = async (waiting: Waiting) => {
    const { request } = waiting;
    const attempt = attemptFor(request, options.maxTimeoutMs);
    running.add(waiting);
    gate.begin(attempt.token, Date.now());
    waiting.attempt = options.perform(attempt, observer(request, answer), undefined);
    if (waiting.isCancelled) waiting.attempt.end();
    const outcome = await waiting.attempt.outcome;
    running.delete(waiting);
    gate.end(attempt.token, outcome, Date.now());
    report(metrics, outcome);
    options.onEnd(request.id, outcome);
    settle(request.id, messageOf(outcome, attempt.session));
    advance();
  };

  subscriber.on('message', (channel, text) => {
    if (channel === REQUESTS) void receive(text).catch(() => undefined);
    else if (channel === CANCELS) cancel(known.get(text), queue, settle);
  });
  await subscriber.subscribe(REQUESTS, CANCELS);
  return ok({
    metrics,
    present,
    isConnected: () => redis.status === 'ready',
    drain: async () => {
      state.isDraining = true;
      await subscriber.unsubscribe(REQUESTS);
      if (running.size + queue.length > 0) await new Promise<void>((resolve) => (state.onEmpty = resolve));
      subscriber.disconnect();
      await redis.quit().catch(() => undefined);
    },
    endAll: () => {
      for (const { attempt } of running) attempt?.end();
      for (const { request } of queue.splice(0))
        settle(request.id, { kind: 'error', code: 'ended', message: 'the executor has ended' });
      advance();
    },
  });
}

function cancel(waiting: Waiting | undefined, queue: Waiting[], settle: (id: string, message: ChannelMessage) => void): void {
  if (!waiting) return;
  waiting.isCancelled = true;
  waiting.attempt?.end();
  const index = queue.indexOf(waiting);
  if (index < 0) return;
  queue.splice(index, 1);
  settle(waiting.request.id, { kind: 'error', code: 'cancelled', message: 'it was cancelled' });
}

function observer({ id, wantsEvents }: ChannelRequest, answer: (id: string, message: ChannelMessage) => void) {
  return {
    onSpawning: () => undefined,
    onSpawned: () => undefined,
    onProgress: () => undefined,
    onEvent: (event: { kind: string; raw?: Record<string, unknown> }) => {
      if (wantsEvents && event.raw) answer(id, { kind: 'event', event: event.raw });
    },
  };
}

function attemptFor({ id, prompt, cwd, wishes, timeoutMs }: ChannelRequest, maxTimeoutMs: number): AttemptRequest {
  const task: Task = {
    ...{ id, prompt, cwd, priority: TASK_DEFAULTS.priority, dependsOn: [], maxRetries: 0, worktree: false },
    timeoutMs: Math.min(timeoutMs, maxTimeoutMs),
    env: wishes.env ?? {},
    model: wishes.model,
    maxTurns: wishes.maxTurns,
    maxBudgetUsd: wishes.maxBudgetUsd,
    allowedTools: wishes.allowedTools ?? [],
    permissionMode: wishes.permissionMode,
    ...{ resumeFrom: undefined, repository: undefined, ref: undefined },
  };
  const dangerouslySkipPermissions = wishes.dangerouslySkipPermissions === true;
  return {
    ...{ run: 'executor', token: randomUUID(), task, prompt, session: randomUUID(), resumes: false, knownUsd: 0 },
    budgetUsd: undefined,
    dangerouslySkipPermissions,
  };
}

function messageOf(outcome: Outcome, session: string): ChannelMessage {
  switch (outcome.kind) {
    case 'done':
      return { kind: 'result', text: outcome.text, session, usage: outcome.usage };
    case 'failed':
      return { kind: 'error', code: codeOf(outcome.failure.class), message: outcome.failure.message };
    case 'ended':
      return { kind: 'error', code: 'cancelled', message: 'it was cancelled' };
  }
}

function report(metrics: RequestMetrics, outcome: Outcome): void {
  if (outcome.kind === 'done') metrics.succeeded(outcome.usage);
  else metrics.failed(outcome.kind === 'failed' ? codeOf(outcome.failure.class) : 'cancelled', outcome.usage);
}
