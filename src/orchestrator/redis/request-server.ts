import type { AttemptObserver, AttemptRequest, Outcome, RunningAttempt } from '../executors/executor.ts';
import type { Perform } from '../executors/perform.ts';
import { codeOf, type Present, type RequestMetrics } from '../http/metrics.ts';
import type { Gate } from '../hub/gate.ts';
import { NO_USAGE } from '../journal/records.ts';
import type { ChannelMessage, ChannelRequest } from './channel.ts';
import { attemptFor } from './channel-attempt.ts';

export interface RequestServerParts {
  gate: Gate;
  maxConcurrent: number;
  /** So many may wait for room; more are turned away. */
  maxQueued: number;
  /** Of requests that want more. */
  maxTimeoutMs: number;
  perform: Perform;
  metrics: (present: () => Present) => Promise<RequestMetrics>;
  /** Takes a request, which other executors hear of as well; `false` where one of them has it. */
  claim: (id: string) => Promise<boolean>;
  answer: (id: string, message: ChannelMessage) => void;
  onEnd: (id: string, outcome: Outcome) => void;
}

interface Waiting {
  request: ChannelRequest;
  attempt: RunningAttempt | undefined;
}

/** Leaves a request to others for so long, where there is no room here. */
const YIELD_MS = 200;
const BROKEN = { kind: 'error', code: 'circuit_open', message: 'nobody gets through at the moment' } as const;

/** Requests, from their coming to their answers: as many at once as there is room, some more in a queue. */
export class RequestServer {
  readonly metrics: RequestMetrics;
  readonly #parts: RequestServerParts;
  readonly #known = new Map<string, Waiting>();
  readonly #queue: Waiting[] = [];
  readonly #running = new Set<Waiting>();
  #phase: 'open' | 'draining' = 'open';
  /** Requests that are being claimed. */
  #reserved = 0;
  #onEmpty: () => void = () => undefined;

  private constructor(parts: RequestServerParts, metrics: RequestMetrics) {
    this.#parts = parts;
    this.metrics = metrics;
  }

  static async make(parts: RequestServerParts): Promise<RequestServer> {
    const made: { server: RequestServer | undefined } = { server: undefined };
    const idle: Present = { active: 0, queued: 0, breaker: parts.gate.breaker };
    made.server = new RequestServer(parts, await parts.metrics(() => made.server?.present() ?? idle));
    return made.server;
  }

  present(): Present {
    return { active: this.#running.size, queued: this.#queue.length, breaker: this.#parts.gate.breaker };
  }

  async receive(request: ChannelRequest): Promise<void> {
    const { claim, answer } = this.#parts;
    if (this.#isEnding()) return;
    let refusal = this.#refusal();
    if (refusal) {
      // Another executor may have room, or there is some here by then.
      await new Promise((resolve) => setTimeout(resolve, YIELD_MS));
      refusal = this.#refusal();
    }
    if (this.#isEnding()) return;
    // Those that are being claimed take their room at once: others come meanwhile.
    const room = refusal ? 0 : 1;
    this.#reserved += room;
    const isOurs = await claim(request.id).finally(() => (this.#reserved -= room));
    if (!isOurs) {
      this.#advance();
      return;
    }
    if (refusal) {
      this.metrics.rejected();
      answer(request.id, refusal);
      return;
    }
    this.metrics.received();
    answer(request.id, { kind: 'accepted' });
    const waiting: Waiting = { request, attempt: undefined };
    this.#known.set(request.id, waiting);
    this.#queue.push(waiting);
    this.#advance();
  }

  cancel(id: string): void {
    const waiting = this.#known.get(id);
    if (!waiting) return;
    waiting.attempt?.end();
    const index = this.#queue.indexOf(waiting);
    if (index >= 0) {
      this.#queue.splice(index, 1);
      this.#settle(id, { kind: 'error', code: 'cancelled', message: 'it was cancelled' });
    }
  }

  /** Takes nothing more; resolves when all have their answers. */
  drain(): Promise<void> {
    this.#phase = 'draining';
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      this.#advance();
    });
  }

  endAll(): void {
    for (const { attempt } of this.#running) attempt?.end();
    for (const { request } of this.#queue.splice(0))
      this.#settle(request.id, { kind: 'error', code: 'ended', message: 'the executor has ended' });
    this.#advance();
  }

  #isEnding(): boolean {
    return this.#phase === 'draining';
  }

  /** Why one more is turned away. */
  #refusal(): ChannelMessage | undefined {
    const { gate, maxConcurrent, maxQueued } = this.#parts;
    if (this.#isBroken(gate)) return BROKEN;
    if (this.#running.size + this.#queue.length + this.#reserved < maxConcurrent + maxQueued) return undefined;
    const message = `${String(this.#running.size)} are worked on and ${String(this.#queue.length)} wait`;
    return { kind: 'error', code: 'busy', message };
  }

  #isBroken(gate: Gate): boolean {
    return gate.breaker.kind === 'open' && gate.closedMs(0, Date.now()) > 0;
  }

  #advance(): void {
    const { gate } = this.#parts;
    while (this.#queue.length > 0 && gate.closedMs(this.#running.size, Date.now()) === 0) {
      const waiting = this.#queue.shift();
      if (waiting) void this.#work(waiting);
    }
    // Those that waited while the way broke are told, not kept.
    if (this.#isBroken(gate)) for (const { request } of this.#queue.splice(0)) this.#settle(request.id, BROKEN);
    if (this.#isEnding() && this.#running.size + this.#queue.length + this.#reserved === 0) this.#onEmpty();
  }

  async #work(waiting: Waiting): Promise<void> {
    const { gate, onEnd } = this.#parts;
    const { request } = waiting;
    const attempt = attemptFor(request, this.#parts.maxTimeoutMs);
    this.#running.add(waiting);
    gate.begin(attempt.token, Date.now());
    const outcome = await this.#perform(waiting, attempt);
    this.#running.delete(waiting);
    gate.end(attempt.token, outcome, Date.now());
    if (outcome.kind === 'done') this.metrics.succeeded(outcome.usage);
    else this.metrics.failed(outcome.kind === 'failed' ? codeOf(outcome.failure.class) : 'cancelled', outcome.usage);
    onEnd(request.id, outcome);
    this.#settle(request.id, messageOf(outcome, attempt.session));
    this.#advance();
  }

  /** Whatever one request does to us, the others have their answers. */
  async #perform(waiting: Waiting, attempt: AttemptRequest): Promise<Outcome> {
    try {
      waiting.attempt = this.#parts.perform(attempt, this.#observe(waiting.request), undefined);
      return await waiting.attempt.outcome;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', failure: { class: 'other', message }, usage: NO_USAGE };
    }
  }

  #observe({ id, wantsEvents }: ChannelRequest): AttemptObserver {
    return {
      onSpawning: () => undefined,
      onSpawned: () => undefined,
      onProgress: () => undefined,
      onEvent: (event) => {
        if (wantsEvents && event.kind !== 'torn') this.#parts.answer(id, { kind: 'event', event: event.raw });
      },
    };
  }

  #settle(id: string, message: ChannelMessage): void {
    this.#known.delete(id);
    this.#parts.answer(id, message);
  }
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
