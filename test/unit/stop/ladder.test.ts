import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freshProgress, key, next, type Progress, type Step, type StopView } from '../../../src/stop/ladder.ts';
import type { Owned } from '../../../src/ownership/owned.ts';
import { makeOwned } from '../fakes/processes.ts';
import { namedBy } from '../fakes/stop-world.ts';

const view = (nowMs: number, processes: Owned[], graceMs: (service: string | undefined) => number = () => 1000): StopView => ({
  nowMs,
  processes,
  graceMs,
  signal: (service) => (service === 'web' ? 'TERM' : 'INT'),
});
const progressOf = (over: Partial<Progress> = {}): Progress => ({ ...freshProgress(0), askedMs: 0, ...over });
const web = makeOwned(100);
const worker = makeOwned(200, { service: 'worker' });
const keeper = makeOwned(10, { role: 'keeper' });
const keys = (...list: Owned[]) => new Set(list.map(key));
const killedAt = (ms: number, ...list: Owned[]) => new Map(list.map((owned) => [key(owned), ms]));

describe('the next step', () => {
  test.each<[string, StopView, Progress, Step]>([
    ['nothing there: a second look', view(0, []), progressOf(), { kind: 'wait' }],
    ['nothing there again: done', view(20, []), progressOf({ emptyScans: 1 }), { kind: 'empty' }],
    [
      'everyone is asked, with its service’s signal, and keepers are not',
      view(0, [keeper, web, worker]),
      progressOf(),
      {
        kind: 'ask',
        targets: [
          { owned: web, signal: 'TERM' },
          { owned: worker, signal: 'INT' },
        ],
      },
    ],
    [
      'one that was born since is asked, the others are not again',
      view(40, [web, worker]),
      progressOf({ asked: keys(web) }),
      { kind: 'ask', targets: [{ owned: worker, signal: 'INT' }] },
    ],
    ['within the grace it waits', view(999, [keeper, web]), progressOf({ asked: keys(web) }), { kind: 'wait' }],
    ['after it, it freezes', view(1000, [keeper, web]), progressOf({ asked: keys(web) }), { kind: 'freeze', targets: [web] }],
    [
      'it freezes one that was born late, and does not ask it',
      view(1000, [web, worker]),
      progressOf({ asked: keys(web), frozen: keys(web) }),
      { kind: 'freeze', targets: [worker] },
    ],
    [
      'when nobody is new, it kills',
      view(1000, [keeper, web, worker]),
      progressOf({ asked: keys(web), frozen: keys(web, worker) }),
      { kind: 'kill', targets: [web, worker] },
    ],
    [
      'it waits for the killed',
      view(3000, [web]),
      progressOf({ frozen: keys(web), killed: killedAt(1000, web) }),
      { kind: 'wait' },
    ],
    [
      'one that survives KILL is stuck',
      view(4001, [keeper, web]),
      progressOf({ frozen: keys(web), killed: killedAt(1000, web) }),
      { kind: 'stuck', left: [web] },
    ],
    [
      'the keeper of another service ends all the same',
      view(4001, [keeper, web, makeOwned(200, { role: 'keeper', service: 'worker' })]),
      progressOf({ frozen: keys(web), killed: killedAt(1000, web) }),
      { kind: 'end-keepers', targets: [makeOwned(200, { role: 'keeper', service: 'worker' })], signal: 'TERM' },
    ],
    ['a keeper alone has time to end by itself', view(0, [keeper]), progressOf({ emptyScans: 1 }), { kind: 'wait' }],
    [
      'then it is asked',
      view(400, [keeper]),
      progressOf({ emptyScans: 20 }),
      { kind: 'end-keepers', targets: [keeper], signal: 'TERM' },
    ],
    ['and is waited for', view(799, [keeper]), progressOf({ emptyScans: 40, keepersAskedMs: 400 }), { kind: 'wait' }],
    [
      'and is killed',
      view(800, [keeper]),
      progressOf({ emptyScans: 40, keepersAskedMs: 400 }),
      { kind: 'end-keepers', targets: [keeper], signal: 'KILL' },
    ],
    [
      'and is stuck',
      view(3401, [keeper]),
      progressOf({ emptyScans: 99, keepersAskedMs: 400, killed: killedAt(800, keeper) }),
      { kind: 'stuck', left: [keeper] },
    ],
    [
      'a pid that is used again is asked anew',
      view(40, [makeOwned(100, { start: 2000 })]),
      progressOf({ asked: keys(web) }),
      {
        kind: 'ask',
        targets: [{ owned: makeOwned(100, { start: 2000 }), signal: 'TERM' }],
      },
    ],
    [
      'where somebody is always new, what is there is killed all the same',
      view(5001, [web, makeOwned(300)]),
      progressOf({ frozen: keys(web), freezes: 8 }),
      { kind: 'kill', targets: [web, makeOwned(300)] },
    ],
    [
      'a service that nothing ends is stuck after its grace and fifteen seconds',
      view(20_001, [web, keeper]),
      progressOf({ frozen: keys(web), killed: killedAt(19_999, web) }),
      { kind: 'stuck', left: [web] },
    ],
    [
      'a grace begins with the asking, however long the look before it took',
      view(9000, [web]),
      progressOf({ askedMs: undefined }),
      { kind: 'ask', targets: [{ owned: web, signal: 'TERM' }] },
    ],
    [
      'with no grace at all it freezes at once',
      view(0, [web], () => 0),
      progressOf({ askedMs: undefined }),
      { kind: 'freeze', targets: [web] },
    ],
  ])('%s', (_, seen, progress, expected) => {
    expect(next(seen, progress)).toEqual(expected);
  });

  test('a service’s grace is its own: another that always has somebody new does not lengthen it', () => {
    const graceMs = (service: string | undefined) => (service === 'web' ? 100 : 60_000);
    const progress = progressOf({ asked: keys(web) });
    for (let scan = 0; scan < 50; scan += 1) {
      const newcomer = makeOwned(300 + scan, { service: 'worker' });
      const step = next(view(100 + scan * 20, [web, newcomer], graceMs), progress);
      if (namedBy(step).includes(web)) return;
      for (const owned of namedBy(step)) progress.asked.add(key(owned));
    }
    expect.unreachable('web was left alone for 50 scans after its grace');
  });
});

describe('whatever is observed', () => {
  const owned = fc
    .record({ pid: fc.integer({ min: 2, max: 9 }), start: fc.constantFrom(1, 2), role: fc.constantFrom('keeper', 'service') })
    .map(({ pid, start, role }) => makeOwned(pid, { start, role: role as Owned['role'] }));
  const seen = fc.uniqueArray(owned, { selector: (one) => one.process.pid, maxLength: 8 });
  const some = fc.uniqueArray(fc.tuple(fc.integer({ min: 2, max: 9 }), fc.constantFrom(1, 2)).map((pair) => pair.join(':')));
  const ms = fc.integer({ min: 0, max: 10_000 });
  const progress = fc.record({
    startedMs: fc.constant(0),
    askedMs: fc.option(ms, { nil: undefined }),
    asked: some.map((list) => new Set(list)),
    frozen: some.map((list) => new Set(list)),
    freezes: fc.integer({ min: 0, max: 7 }),
    killed: some.chain((list) => ms.map((at) => new Map(list.map((one) => [one, at])))),
    emptyScans: fc.integer({ min: 0, max: 30 }),
    keepersAskedMs: fc.option(ms, { nil: undefined }),
  });

  test('the next step names only processes of the view, each once', () => {
    fc.assert(
      fc.property(seen, progress, ms, ms, (processes, done, nowMs, graceMs) => {
        const named = namedBy(
          next(
            view(nowMs, processes, () => graceMs),
            done,
          ),
        );
        expect(new Set(named).size).toBe(named.length);
        for (const one of named) expect(processes).toContain(one);
      }),
      { numRuns: 500 },
    );
  });

  test('keepers are ended only where no service is left, and nobody is asked twice, or killed before he is frozen', () => {
    fc.assert(
      fc.property(seen, progress, ms, ms, (processes, done, nowMs, graceMs) => {
        const step = next(
          view(nowMs, processes, () => graceMs),
          done,
        );
        const named = namedBy(step);
        if (step.kind === 'end-keepers') expect(processes.every((one) => one.role === 'keeper')).toBe(true);
        if (step.kind === 'ask' || step.kind === 'freeze' || step.kind === 'kill')
          expect(named.every((one) => one.role === 'service')).toBe(true);
        if (step.kind === 'ask') for (const one of named) expect(done.asked.has(key(one))).toBe(false);
        if (step.kind === 'kill') for (const one of named) expect(done.frozen.has(key(one))).toBe(true);
        if (step.kind === 'empty') expect(processes).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
