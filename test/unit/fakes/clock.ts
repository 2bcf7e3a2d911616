import type { Clock } from '../../../src/machine/clock.ts';

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  #elapsedMs = 0;
  #shiftMs: number;
  #sleepers: { atMs: number; wake: () => void }[] = [];

  constructor(nowMs = 1_700_000_000_000) {
    this.#shiftMs = nowMs;
  }

  now(): number {
    return this.#shiftMs + this.#elapsedMs;
  }

  elapsed(): number {
    return this.#elapsedMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ atMs: this.#elapsedMs + Math.max(0, ms), wake }));
  }

  async sleepUnless(sooner: Promise<unknown>, ms: number): Promise<void> {
    await Promise.race([sooner, this.sleep(ms)]);
  }

  /** A person, or NTP, sets it. */
  shift(ms: number): void {
    this.#shiftMs += ms;
  }

  /** Goes on to when the next sleeper wakes; `false` where nobody sleeps. */
  advance(): boolean {
    if (this.#sleepers.length === 0) return false;
    this.#elapsedMs = Math.max(this.#elapsedMs, Math.min(...this.#sleepers.map(({ atMs }) => atMs)));
    const due = this.#sleepers.filter(({ atMs }) => atMs <= this.#elapsedMs);
    this.#sleepers = this.#sleepers.filter(({ atMs }) => atMs > this.#elapsedMs);
    for (const { wake } of due) wake();
    return true;
  }

  /** Moves on until the work is done. */
  async runUntil<T>(work: Promise<T>, mostSteps = 20_000): Promise<T> {
    const state: { isOver: boolean } = { isOver: false };
    const over = () => {
      state.isOver = true;
    };
    work.then(over, over);
    for (let step = 0; step < mostSteps; step += 1) {
      // All that follows from the last step has happened.
      await new Promise(setImmediate);
      if (state.isOver) return work;
      this.advance();
    }
    throw new Error(`not over after ${String(mostSteps)} steps, at ${String(this.#elapsedMs)} ms`);
  }
}
