import { describe, expect, test } from 'vitest';
import type { Expectation } from '../../../src/project/service.ts';
import type { ServiceState } from '../../../src/services/state.ts';
import { judge, type Evidence, type Memory } from '../../../src/start/judge.ts';
import { listening } from '../fakes/processes.ts';
import { makeService } from '../fakes/services.ts';
import { uncheckedYet } from '../../../src/services/checks.ts';

const UP: ServiceState = { kind: 'up', restarts: 0 };
/** A service that works: a tenth of the time on the processor. */
const evidence = (nowMs: number, over: Partial<Evidence> = {}): Evidence => ({
  nowMs,
  cpuMs: nowMs / 10,
  state: UP,
  listeners: [],
  published: false,
  checksPassed: true,
  crashSign: undefined,
  timeoutMs: 30_000,
  ...over,
});
const on = (...ports: number[]) => ({ listeners: ports.map((port) => listening(port)) });
const of = (expects: Expectation, over = {}) => makeService({ expects, ...over });

const nowhere = of({ kind: 'nowhere' });
const declared = of({ kind: 'declared', port: 3000 });
const inferred = of({ kind: 'inferred', port: 3000, from: '-p 3000' });
const somewhere = of({ kind: 'somewhere', from: 'vite' });
const oneShot = of({ kind: 'nowhere' }, { oneShot: true });
const checked = of({ kind: 'declared', port: 3000 }, { ready: { http: '/up', log: 'ready', settleMs: 400 } });

/** The verdicts of one look after the other, from 0 ms on. */
function verdicts(service: typeof nowhere, looks: Evidence[]) {
  const memory: Memory = { startedMs: 0, checked: uncheckedYet() };
  return looks.map((look) => judge(service, look, memory));
}
const last = (service: typeof nowhere, ...looks: Evidence[]) => verdicts(service, looks).at(-1);

describe('one look', () => {
  test.each<[string, typeof nowhere, Evidence, object]>([
    ['a one-shot that is done', oneShot, evidence(10, { state: { kind: 'done' } }), { kind: 'up', how: 'done' }],
    ['a one-shot at work', oneShot, evidence(10), { kind: 'waiting', for: 'its end' }],
    [
      'a one-shot that takes too long',
      oneShot,
      evidence(30_000),
      { kind: 'failed', mishap: { kind: 'not-ready', waitedFor: 'its end', seconds: 30 } },
    ],
    [
      'one that ended',
      declared,
      evidence(900, { state: { kind: 'ended', code: 3, seconds: 1, restarts: 0 } }),
      { kind: 'failed', mishap: { kind: 'ended', code: 3, seconds: 0.9 } },
    ],
    [
      'one that should stay and ended with 0',
      declared,
      evidence(900, { state: { kind: 'ended', code: 0, seconds: 1, restarts: 0 } }),
      { kind: 'failed', mishap: { kind: 'ended', code: 0 } },
    ],
    [
      'one that crashed and left processes behind, a listener among them',
      declared,
      evidence(900, { state: { kind: 'crashed', code: 3, seconds: 0, restarts: 0 }, ...on(3000) }),
      { kind: 'failed', mishap: { kind: 'ended', code: 3, seconds: 0.9 } },
    ],
    [
      'one that gave up',
      nowhere,
      evidence(9000, { state: { kind: 'gave-up', code: 1, restarts: 6 } }),
      { kind: 'failed', mishap: { kind: 'ended', code: 1, seconds: 9 } },
    ],
    [
      'one that is lost',
      nowhere,
      evidence(500, { state: { kind: 'lost' } }),
      { kind: 'failed', mishap: { kind: 'ended', code: 137 } },
    ],
    ['one that is not started yet', nowhere, evidence(500, { state: { kind: 'idle' } }), { kind: 'waiting' }],
    [
      'one in its nap',
      nowhere,
      evidence(500, { state: { kind: 'backoff', code: 2, restarts: 1 } }),
      { kind: 'waiting', for: 'another try (it ended with code 2)' },
    ],
    [
      'one in its nap when time is over',
      nowhere,
      evidence(30_000, { state: { kind: 'backoff', code: 2, restarts: 4 } }),
      { kind: 'failed', mishap: { kind: 'ended', code: 2 } },
    ],
    [
      'one whose watcher lives around it',
      inferred,
      evidence(500, { crashSign: '[nodemon] app crashed' }),
      { kind: 'failed', mishap: { kind: 'crashed-inside', sign: '[nodemon] app crashed' } },
    ],
    ['a crash that is over: it listens', inferred, evidence(500, { crashSign: 'x', ...on(3000) }), { kind: 'waiting' }],
    ['a port that nobody listens on', declared, evidence(500), { kind: 'waiting', for: 'port 3000' }],
    [
      'a declared port when it listens elsewhere',
      declared,
      evidence(500, on(3001, 3001, 9229)),
      { kind: 'waiting', for: 'port 3000 (it listens on 3001, 9229)' },
    ],
    [
      'a declared port when time is over',
      declared,
      evidence(30_000, on(3001)),
      { kind: 'failed', mishap: { kind: 'not-ready', waitedFor: 'port 3000 (it listens on 3001)', seconds: 30 } },
    ],
    ['an inferred port that nobody listens on', inferred, evidence(500), { kind: 'waiting', for: 'port 3000' }],
    [
      'an inferred port when time is over: a hint',
      inferred,
      evidence(30_000),
      { kind: 'up', how: 'running', note: 'it listens nowhere (port 3000 was expected)' },
    ],
    ['a server that listens nowhere when time is over', somewhere, evidence(30_000), { kind: 'up', how: 'running' }],
    ['a server that listens nowhere yet', somewhere, evidence(500), { kind: 'waiting', for: 'a port' }],
    ['a listener that has only begun', declared, evidence(500, on(3000)), { kind: 'waiting', for: 'its listener to hold' }],
    ['a worker that has only begun', nowhere, evidence(500), { kind: 'waiting', for: 'a moment' }],
    ['a port that a container serves', declared, evidence(500, { published: true }), { kind: 'up', how: 'published' }],
  ])('%s', (_, service, look, expected) => {
    expect(last(service, look)).toMatchObject(expected);
  });
});

describe('look after look', () => {
  test.each<[string, typeof nowhere, Evidence[], object]>([
    ['a listener that holds', declared, [evidence(100, on(3000)), evidence(500, on(3000))], { kind: 'up', how: 'listening' }],
    ['one that does not hold long enough yet', declared, [evidence(100, on(3000)), evidence(499, on(3000))], { kind: 'waiting' }],
    [
      'one that was gone between: it begins anew',
      declared,
      [evidence(100, on(3000)), evidence(300), evidence(400, on(3000)), evidence(600, on(3000))],
      { kind: 'waiting', for: 'its listener to hold' },
    ],
    [
      'a listener elsewhere than inferred: up, with a note',
      inferred,
      [evidence(100, on(3001)), evidence(500, on(3001))],
      { kind: 'up', how: 'listening', note: 'it listens on 3001, not on 3000' },
    ],
    [
      'a debugger’s port beside its own',
      inferred,
      [evidence(100, on(9229, 3000)), evidence(500, on(9229, 3000))],
      { kind: 'up', how: 'listening' },
    ],
    ['a worker that stays for a moment', nowhere, [evidence(100), evidence(1100)], { kind: 'up', how: 'running' }],
    ['a worker that does not yet', nowhere, [evidence(100), evidence(1099)], { kind: 'waiting' }],
    [
      'a worker that listens after all',
      nowhere,
      [evidence(100, on(7000)), evidence(500, on(7000))],
      { kind: 'up', how: 'listening' },
    ],
    [
      'one that daemonized and listens',
      declared,
      [
        evidence(100, { state: { kind: 'daemonized' }, ...on(3000) }),
        evidence(500, { state: { kind: 'daemonized' }, ...on(3000) }),
      ],
      { kind: 'up' },
    ],
    [
      'checks that have not passed',
      checked,
      [evidence(100, { ...on(3000), checksPassed: false }), evidence(500, { ...on(3000), checksPassed: false })],
      { kind: 'waiting', for: '/up to answer and a line that matches /ready/' },
    ],
    [
      'checks that never pass',
      checked,
      [evidence(100, { ...on(3000), checksPassed: false }), evidence(30_000, { ...on(3000), checksPassed: false })],
      { kind: 'failed', mishap: { kind: 'not-ready', waitedFor: '/up to answer and a line that matches /ready/' } },
    ],
    [
      'one that seems to want a port, does no work and listens nowhere',
      inferred,
      [evidence(0), evidence(1000, { cpuMs: 100 }), evidence(5000, { cpuMs: 150 })],
      { kind: 'up', how: 'running', note: 'it listens nowhere (port 3000 was expected)' },
    ],
    [
      'one that has worked a moment ago',
      inferred,
      [evidence(0), evidence(1000), evidence(4999, { cpuMs: 150 })],
      { kind: 'waiting' },
    ],
    ['one that works on', inferred, [evidence(0), evidence(4000), evidence(8000), evidence(12_000)], { kind: 'waiting' }],
    [
      'one that declares its port and does no work',
      declared,
      [evidence(0, { cpuMs: 0 }), evidence(9000, { cpuMs: 0 })],
      { kind: 'waiting' },
    ],
    [
      'a container does its work elsewhere',
      of({ kind: 'inferred', port: 3000, from: '-p 3000' }, { command: 'docker compose up' }),
      [evidence(0, { cpuMs: 0 }), evidence(9000, { cpuMs: 0 })],
      { kind: 'waiting' },
    ],
    ['checks that pass', checked, [evidence(100, on(3000)), evidence(500, on(3000))], { kind: 'up', how: 'listening' }],
    [
      'one that binds, listens and dies',
      declared,
      [evidence(100, on(3000)), evidence(300, { state: { kind: 'ended', code: 3, seconds: 0, restarts: 0 } })],
      { kind: 'failed', mishap: { kind: 'ended', code: 3 } },
    ],
  ])('%s', (_, service, looks, expected) => {
    expect(last(service, ...looks)).toMatchObject(expected);
  });

  test('a settle time of its own counts', () => {
    const slow = of({ kind: 'declared', port: 3000 }, { ready: { settleMs: 5000 } });
    expect(verdicts(slow, [evidence(0, on(3000)), evidence(4999, on(3000)), evidence(5000, on(3000))])).toMatchObject([
      { kind: 'waiting' },
      { kind: 'waiting' },
      { kind: 'up' },
    ]);
  });

  test('every look ends in a verdict when time is over', () => {
    for (const service of [nowhere, declared, inferred, somewhere, oneShot, checked])
      for (const checksPassed of [true, false])
        for (const listeners of [[], [listening(3000)], [listening(9)]]) {
          const verdict = last(service, evidence(0, { listeners, checksPassed }), evidence(60_000, { listeners, checksPassed }));
          expect(verdict?.kind).not.toBe('waiting');
        }
  });
});
