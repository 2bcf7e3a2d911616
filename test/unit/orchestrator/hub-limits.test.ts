import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/orchestrator/executors/executor.ts';
import { BREAKER_LIMITS, CLOSED, lets, onBegin, onOutcome, type Breaker } from '../../../src/orchestrator/hub/breaker.ts';
import { Gate } from '../../../src/orchestrator/hub/gate.ts';
import { freshPace, slowDown, speedUp } from '../../../src/orchestrator/hub/pace.ts';
import { ReadyQueue } from '../../../src/orchestrator/hub/ready-queue.ts';
import { retryAfter } from '../../../src/orchestrator/hub/retry.ts';
import { parseEvent } from '../../../src/orchestrator/spoke/events.ts';
import { apiRetry, rateLimit } from '../fakes/claude-lines.ts';
import { hubWorld } from '../fakes/hub-world.ts';
import { usage } from '../fakes/records.ts';
import { makeTasks } from '../fakes/tasks.ts';

const many = (count: number) => makeTasks(...Array.from({ length: count }, (_, n) => ({ id: `t${String(n)}` })));

describe('the circuit breaker', () => {
  const fail = (breaker: Breaker, nowMs: number, token = 'x') =>
    onOutcome(breaker, { token, how: 'failed', nowMs }, BREAKER_LIMITS);
  const open = fail(fail(fail(CLOSED, 1), 2), 3);

  test('lets everybody through until the third failure in a row', () => {
    expect(lets(fail(fail(CLOSED, 1), 2), 2)).toBe(true);
    expect(open).toMatchObject({ kind: 'open', untilMs: 30_003, failures: 3 });
    expect([3, 30_002, 30_003].map((nowMs) => lets(open, nowMs))).toEqual([false, false, true]);
  });

  test('a success in between begins the count anew', () => {
    const after = onOutcome(fail(fail(CLOSED, 1), 2), { token: 'x', how: 'through', nowMs: 3 }, BREAKER_LIMITS);
    expect(lets(fail(fail(after, 4), 5), 5)).toBe(true);
  });

  test('one that was ended says nothing', () => {
    const two = fail(fail(CLOSED, 1), 2);
    expect(onOutcome(two, { token: 'x', how: 'neither', nowMs: 3 }, BREAKER_LIMITS)).toEqual(two);
  });

  test('after the pause one tries, and nobody else', () => {
    const half = onBegin(open, 'probe');
    expect(half).toMatchObject({ kind: 'half-open', probe: 'probe' });
    expect(lets(half, 1e12)).toBe(false);
  });

  test.each([
    ['through', true],
    ['failed', false],
    ['neither', true],
  ] as const)('when that one was %s, the next may begin: %s', (how, may) => {
    const after = onOutcome(onBegin(open, 'probe'), { token: 'probe', how, nowMs: 40_000 }, BREAKER_LIMITS);
    expect(lets(after, 40_000)).toBe(may);
    expect(lets(after, 70_000)).toBe(true);
  });

  test('a failure of one that began before the pause neither ends nor prolongs it', () => {
    const half = onBegin(open, 'probe');
    expect(fail(open, 20_000, 'old')).toEqual(open);
    expect(fail(half, 35_000, 'old')).toEqual(half);
  });

  test('after a probe that was ended by us, there is a probe again', () => {
    const after = onOutcome(onBegin(open, 'p1'), { token: 'p1', how: 'neither', nowMs: 40_000 }, BREAKER_LIMITS);
    expect(onBegin(after, 'p2')).toMatchObject({ kind: 'half-open', probe: 'p2' });
  });
});

describe('a hub whose tasks fail for nobody’s own reason', () => {
  test.each(['overloaded', 'server', 'crashed'] as const)(
    '(%s) pauses for 30 s after the third, then sends one ahead',
    async (failure) => {
      let failed = 0;
      const world = hubWorld(many(6), {
        concurrency: 3,
        plan: () => {
          failed += 1;
          return failed <= 4 ? { ms: 10, failure } : { ms: 10 };
        },
      });
      expect(await world.run()).toEqual({ kind: 'finished' });
      const times = world.begun.map(({ atMs }) => atMs);
      // Three fail at 10; the probe at 30010 fails as well; the next one at 60020 gets through, and then all go on.
      expect(times.slice(0, 7)).toEqual([0, 0, 0, 30_010, 60_020, 60_030, 60_030]);
      expect(Object.values(world.states())).toEqual(Array.from({ length: 6 }, () => 'done'));
    },
  );

  test.each(['timeout', 'other', 'max-turns', 'invalid'] as const)(
    'but no failure of a task’s own (%s) opens it',
    async (failure) => {
      const world = hubWorld(many(6), { concurrency: 1, plan: (_, nth) => (nth === 1 ? { ms: 10, failure } : {}) });
      await world.run();
      expect(world.begun.slice(0, 6).map(({ atMs }) => atMs)).toEqual([0, 10, 20, 30, 40, 50]);
    },
  );
});

describe('the pace', () => {
  test('is halved at a limit, once for all who tell of it, and grows again by one with each success', () => {
    const pace = slowDown(freshPace(8), 1000, 5000);
    expect(pace).toMatchObject({ allowed: 4, untilMs: 5000 });
    expect(slowDown(pace, 2000, 9000)).toMatchObject({ allowed: 4, untilMs: 9000 });
    expect(slowDown(pace, 6000, undefined)).toMatchObject({ allowed: 2, untilMs: 7000 });
    expect(speedUp(pace).allowed).toBe(5);
  });

  test('is never below one nor above what was asked for, and a pause never becomes shorter', () => {
    const step = fc.option(
      fc.record({ afterMs: fc.nat({ max: 10_000 }), retryMs: fc.option(fc.nat({ max: 50_000 }), { nil: undefined }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step), (most, steps) => {
        let pace = freshPace(most);
        let nowMs = 0;
        for (const one of steps) {
          const before = pace;
          nowMs += one?.afterMs ?? 0;
          pace = one ? slowDown(pace, nowMs, one.retryMs) : speedUp(pace);
          expect(pace.allowed).toBeGreaterThanOrEqual(1);
          expect(pace.allowed).toBeLessThanOrEqual(most);
          expect(pace.untilMs).toBeGreaterThanOrEqual(before.untilMs);
        }
      }),
    );
  });

  test('after a limit only a success lets more begin', () => {
    const gate = new Gate({ concurrency: 4, rampMs: 0, breaker: BREAKER_LIMITS });
    gate.slowDown(0, 1);
    const failed: Outcome = { kind: 'failed', failure: { class: 'invalid', message: '' }, usage: usage() };
    gate.end('x', failed, 10);
    gate.end('x', { kind: 'ended', usage: usage() }, 10);
    expect([gate.closedMs(1, 10), gate.closedMs(2, 10)]).toEqual([0, Infinity]);
    gate.end('x', { kind: 'done', text: '', usage: usage() }, 10);
    expect([gate.closedMs(2, 10), gate.closedMs(3, 10)]).toEqual([0, Infinity]);
  });

  test('a limit that one spoke hears of holds for all, while it still runs', async () => {
    const world = hubWorld(many(3), {
      concurrency: 2,
      plan: (id) => ({
        ms: 10,
        act: (observer) => {
          if (id === 't0') observer.onEvent(parseEvent(apiRetry({ error: 'rate_limit', delayMs: 7000 })));
        },
      }),
    });
    await world.run();
    expect(world.begins()).toEqual(['t0 0', 't1 7000', 't2 7000']);
    expect(world.slowed).toEqual([world.clock.now() - world.clock.elapsed() + 7000]);
  });

  test('until the time that a subscription’s limit ends', async () => {
    const world = hubWorld(many(2), {
      plan: (id) => ({
        act: (observer) => {
          const resetsAt = (world.clock.now() + 3_600_000) / 1000;
          if (id === 't0') observer.onEvent(parseEvent(rateLimit({ status: 'rejected', resetsAt })));
        },
      }),
    });
    await world.run();
    expect(world.begins()).toEqual(['t0 0', 't1 3600000']);
  });

  test.each([
    ['a warning', rateLimit({ status: 'allowed_warning', resetsAt: 4e9 })],
    ['an API that is overloaded', apiRetry({ error: 'overloaded', delayMs: 7000 })],
  ])('%s slows nobody down', async (_, line) => {
    const world = hubWorld(many(2), {
      plan: () => ({
        act: (observer) => {
          observer.onEvent(parseEvent(line));
        },
      }),
    });
    await world.run();
    expect(world.begins()).toEqual(['t0 0', 't1 0']);
  });
});

describe('the next try', () => {
  const retry = (retries: number, random: number, over = {}) =>
    retryAfter({ class: 'server', message: '', ...over }, { retries, maxRetries: 20 }, 1000, random);

  test.each([
    [0, 1000],
    [1, 2000],
    [3, 8000],
    [10, 60_000],
  ])('after %d failures comes within %d ms, and not before half of that', (retries, ms) => {
    expect(retry(retries, 1)).toEqual({ kind: 'retry', counts: true, notBeforeMs: 1000 + ms });
    expect(retry(retries, 0)).toEqual({ kind: 'retry', counts: true, notBeforeMs: 1000 + ms / 2 });
  });

  test('is never before the API wants it', () => {
    expect(retry(0, 0, { class: 'rate-limit', retryAtMs: 90_000 })).toMatchObject({ notBeforeMs: 90_000, counts: true });
    expect(retry(0, 0, { class: 'rate-limit', retryAtMs: 7 })).toMatchObject({ notBeforeMs: 1500 });
  });

  test('after a limit that ends at a known time counts against nothing', () => {
    const failure = { class: 'rate-limit', message: '', retryAtMs: 5000, isReset: true } as const;
    expect(retryAfter(failure, { retries: 3, maxRetries: 3 }, 1000, 1)).toMatchObject({ kind: 'retry', counts: false });
  });

  test('is none when there were enough', () => {
    expect(retryAfter({ class: 'server', message: '' }, { retries: 3, maxRetries: 3 }, 0, 0)).toEqual({ kind: 'give-up' });
    expect(retryAfter({ class: 'server', message: '' }, { retries: 0, maxRetries: 0 }, 0, 0)).toEqual({ kind: 'give-up' });
  });
});

test('who is ready: whatever comes and goes, the most urgent whose time has come is first', () => {
  const one = fc.record({ priority: fc.nat({ max: 3 }), notBeforeMs: fc.nat({ max: 3 }), isGone: fc.boolean() });
  fc.assert(
    fc.property(fc.array(one), fc.nat({ max: 3 }), (all, nowMs) => {
      const queue = new ReadyQueue();
      all.forEach(({ priority, notBeforeMs }, index) => {
        queue.add({ id: String(index), priority, index, notBeforeMs });
      });
      const left = all.map((it, index) => ({ ...it, index })).filter(({ isGone }) => !isGone);
      all.forEach(({ isGone }, index) => {
        if (isGone) queue.remove(String(index));
      });
      const [best] = left.filter((it) => it.notBeforeMs <= nowMs).sort((a, b) => a.priority - b.priority || a.index - b.index);
      expect(queue.first(nowMs)).toBe(best && String(best.index));
      expect(queue.nextMs()).toBe(left.length === 0 ? undefined : Math.min(...left.map((it) => it.notBeforeMs)));
    }),
  );
});
