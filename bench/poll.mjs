import { performance } from 'node:perf_hooks';

const cell = new Int32Array(new SharedArrayBuffer(4));

/**
 * Blocks until the condition holds, looking every millisecond, and says when it did. It blocks so that no event of this
 * process comes between; the looks themselves must be cheap.
 * @param {string} what
 * @param {() => boolean} condition
 * @param {number} deadlineMs
 * @param {number} [everyMs]
 */
export function poll(what, condition, deadlineMs = 30_000, everyMs = 1) {
  const end = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${String(deadlineMs)} ms for ${what}`);
    Atomics.wait(cell, 0, 0, everyMs);
  }
  return performance.now();
}
