import { expect, test } from 'vitest';
import { findJobs } from '../../../src/claude/governor/jobs.ts';
import { FRESH_PACE, nextPace, STANDS_AFTER_MS, type Pace } from '../../../src/claude/governor/pace.ts';
import { NO_PIPES, workBelow } from '../fakes/work.ts';

const running = (...cpuMs: number[]) =>
  findJobs(workBelow(...cpuMs.map((used, index) => ({ pid: 20 + index, cpuMs: used }))), () => NO_PIPES).jobs;

/** The looks, each [ms, running jobs], and at which of them it was found standing. */
function walk(looks: [number, ReturnType<typeof running>][], hasQueue = true): { stood: number[]; pace: Pace } {
  let pace = FRESH_PACE;
  const stood: number[] = [];
  for (const [ms, jobs] of looks) {
    const next = nextPace(pace, jobs, hasQueue, ms);
    pace = next.pace;
    if (next.isStanding) stood.push(ms);
  }
  return { stood, pace };
}

test('who uses the CPU gets on', () => {
  expect(walk([0, 1000, 2000, 3000, 4000].map((ms) => [ms, running(ms, 5)])).stood).toEqual([]);
});

test('and where somebody new runs', () => {
  expect(
    walk([
      [0, running(5)],
      [2900, running(5, 0)],
      [4000, running(5, 0)],
    ]).stood,
  ).toEqual([]);
});

test('where nobody does for three seconds, it stands, and again three seconds later', () => {
  const looks = [0, 1000, STANDS_AFTER_MS, 4000, 2 * STANDS_AFTER_MS].map((ms): [number, ReturnType<typeof running>] => [
    ms,
    running(5),
  ]);
  const { stood, pace } = walk(looks);
  expect(stood).toEqual([3000, 6000]);
  expect(pace.stands).toBe(2);
});

test('as it gets on, step by step is taken back', () => {
  const standing = [0, 3000, 6000, 9000].map((ms): [number, ReturnType<typeof running>] => [ms, running(5)]);
  const moving = [10_000, 12_000, 14_000, 16_000, 18_000, 20_000].map((ms): [number, ReturnType<typeof running>] => [
    ms,
    running(ms),
  ]);
  expect(walk([...standing, ...moving]).pace.stands).toBe(1);
});

test('without a queue nothing stands', () => {
  expect(
    walk(
      [0, 3000, 6000].map((ms) => [ms, running(5)]),
      false,
    ),
  ).toMatchObject({ stood: [], pace: { stands: 0 } });
});
