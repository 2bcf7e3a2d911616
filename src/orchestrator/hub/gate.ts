import type { Outcome } from '../executors/executor.ts';
import { CLOSED, lets, onBegin, onOutcome, type Breaker, type BreakerLimits } from './breaker.ts';
import { howOf } from './outcomes.ts';
import { freshPace, slowDown, speedUp, type Pace } from './pace.ts';

export interface GateOptions {
  concurrency: number;
  /** Between two begins, so that not all of them load at once. */
  rampMs: number;
  breaker: BreakerLimits;
}

/** Whether one more may begin now: the API's limits, a broken way to it, and a ramp. Times in ms since 1970. */
export class Gate {
  readonly #options: GateOptions;
  #pace: Pace;
  #breaker: Breaker = CLOSED;
  #beganMs = -Infinity;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#pace = freshPace(options.concurrency);
  }

  get breaker(): Breaker {
    return this.#breaker;
  }

  get pausedUntilMs(): number {
    return this.#pace.untilMs;
  }

  /** For how long nobody may begin; endless where only an end of another lets one in. */
  closedMs(running: number, nowMs: number): number {
    if (running >= this.#pace.allowed || this.#breaker.kind === 'half-open') return Infinity;
    if (nowMs < this.#pace.untilMs) return this.#pace.untilMs - nowMs;
    if (this.#breaker.kind === 'open' && !lets(this.#breaker, nowMs)) return this.#breaker.untilMs - nowMs;
    return Math.max(0, this.#beganMs + this.#options.rampMs - nowMs);
  }

  begin(token: string, nowMs: number): void {
    this.#breaker = onBegin(this.#breaker, token);
    this.#beganMs = nowMs;
  }

  end(token: string, outcome: Outcome, nowMs: number): void {
    this.#breaker = onOutcome(this.#breaker, { token, how: howOf(outcome), nowMs }, this.#options.breaker);
    if (outcome.kind === 'done') this.#pace = speedUp(this.#pace);
  }

  /** The API has refused somebody. */
  slowDown(nowMs: number, retryAtMs: number | undefined): void {
    this.#pace = slowDown(this.#pace, nowMs, retryAtMs);
  }
}
