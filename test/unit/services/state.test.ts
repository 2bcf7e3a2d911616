import { describe, expect, test } from 'vitest';
import type { ExitFile } from '../../../src/services/exit-file.ts';
import { isAlive, reach, serviceState, type Observation, type ServiceState } from '../../../src/services/state.ts';
import type { Expectation } from '../../../src/project/service.ts';
import { listening, makeOwned } from '../fakes/processes.ts';

const exit = (state: ExitFile['state'], code = 0, restarts = 0): ExitFile => ({ run: 'r1', code, seconds: 7, restarts, state });

interface Seen {
  keeper?: boolean;
  processes?: number;
  exit?: ExitFile;
  started?: boolean;
  oneShot?: boolean;
}

const observation = (seen: Seen): Observation => ({
  keeper: seen.keeper ? makeOwned(10, { role: 'keeper' }) : undefined,
  processes: Array.from({ length: seen.processes ?? 0 }, (_, i) => makeOwned(100 + i)),
  exit: seen.exit,
  listeners: [],
  wasStarted: seen.started ?? true,
});

const TABLE: [string, Seen, ServiceState][] = [
  ['never started', { started: false }, { kind: 'idle' }],
  ['started, and nothing is left', {}, { kind: 'lost' }],
  ['only processes', { processes: 2 }, { kind: 'unkept' }],
  ['processes that no record knows', { processes: 2, started: false }, { kind: 'unkept' }],
  ['keeper and processes', { keeper: true, processes: 2 }, { kind: 'up', restarts: 0 }],
  ['a keeper that has only begun', { keeper: true }, { kind: 'up', restarts: 0 }],
  ['running again', { keeper: true, processes: 1, exit: exit('running', 1, 2) }, { kind: 'up', restarts: 2 }],
  ['keeper in its nap', { keeper: true, processes: 1, exit: exit('backoff', 3, 1) }, { kind: 'backoff', code: 3, restarts: 1 }],
  ['keeper with company', { keeper: true, processes: 1, exit: exit('company', 0) }, { kind: 'daemonized' }],
  ['keeper with company that has just gone', { keeper: true, exit: exit('company', 0) }, { kind: 'daemonized' }],
  [
    'keeper with what a crash left',
    { keeper: true, processes: 1, exit: exit('company', 4, 1) },
    { kind: 'crashed', code: 4, seconds: 7, restarts: 1 },
  ],
  [
    'crashed, and processes are left over',
    { processes: 1, exit: exit('ended', 4) },
    { kind: 'crashed', code: 4, seconds: 7, restarts: 0 },
  ],
  [
    'a one-shot that crashed, and processes are left over',
    { processes: 1, exit: exit('ended', 4), oneShot: true },
    { kind: 'crashed', code: 4, seconds: 7, restarts: 0 },
  ],
  ['a keeper about to end', { keeper: true, exit: exit('ended', 1) }, { kind: 'ended', code: 1, seconds: 7, restarts: 0 }],
  ['a keeper about to give up', { keeper: true, exit: exit('gave-up', 1, 6) }, { kind: 'gave-up', code: 1, restarts: 6 }],
  ['ended', { exit: exit('ended', 1) }, { kind: 'ended', code: 1, seconds: 7, restarts: 0 }],
  ['ended with 0', { exit: exit('ended', 0, 2) }, { kind: 'ended', code: 0, seconds: 7, restarts: 2 }],
  ['a one-shot that ended with 0', { exit: exit('ended', 0), oneShot: true }, { kind: 'done' }],
  ['a one-shot that failed', { exit: exit('ended', 1), oneShot: true }, { kind: 'ended', code: 1, seconds: 7, restarts: 0 }],
  ['a one-shot at work', { keeper: true, processes: 1, oneShot: true }, { kind: 'up', restarts: 0 }],
  ['ended, and processes live on', { processes: 1, exit: exit('ended', 0) }, { kind: 'daemonized' }],
  ['a one-shot of which processes live on', { processes: 1, exit: exit('ended', 0), oneShot: true }, { kind: 'daemonized' }],
  ['gave up', { exit: exit('gave-up', 9, 6) }, { kind: 'gave-up', code: 9, restarts: 6 }],
  ['keeper killed while it ran again', { processes: 1, exit: exit('running', 1, 1) }, { kind: 'unkept' }],
  ['keeper killed in its nap, nothing left', { exit: exit('backoff', 1, 1) }, { kind: 'lost' }],
  ['everything killed while it ran again', { exit: exit('running', 1, 1) }, { kind: 'lost' }],
  ['keeper killed with company, which lives', { processes: 1, exit: exit('company', 0) }, { kind: 'unkept' }],
];

describe('the state of a service', () => {
  test.each(TABLE)('%s', (_, seen, expected) => {
    expect(serviceState(observation(seen), seen.oneShot ?? false)).toEqual(expected);
  });

  test('every state is in the table', () => {
    const kinds = new Set(TABLE.map(([, , state]) => state.kind));
    expect([...kinds].sort()).toEqual(
      ['backoff', 'crashed', 'daemonized', 'done', 'ended', 'gave-up', 'idle', 'lost', 'unkept', 'up'].sort(),
    );
  });

  test.each<[ServiceState['kind'], boolean]>([
    ['up', true],
    ['backoff', true],
    ['daemonized', true],
    ['unkept', true],
    ['crashed', true],
    ['idle', false],
    ['gave-up', false],
    ['done', false],
    ['ended', false],
    ['lost', false],
  ])('%s: alive is %s', (kind, alive) => {
    expect(isAlive({ kind, code: 0, seconds: 0, restarts: 0 })).toBe(alive);
  });
});

describe('where it listens, against where it was expected', () => {
  const declared: Expectation = { kind: 'declared', port: 3000 };
  const inferred: Expectation = { kind: 'inferred', port: 3000, from: '-p 3000' };
  const somewhere: Expectation = { kind: 'somewhere', from: 'vite' };
  const nowhere: Expectation = { kind: 'nowhere' };
  test.each<[Expectation, number[], ReturnType<typeof reach>]>([
    [declared, [], { kind: 'not-yet' }],
    [declared, [3000], { kind: 'as-expected' }],
    [declared, [9229, 3000], { kind: 'as-expected' }],
    [declared, [3001], { kind: 'elsewhere', expected: 3000, ports: [3001] }],
    [inferred, [], { kind: 'not-yet' }],
    [inferred, [3000], { kind: 'as-expected' }],
    [inferred, [3001, 3001, 9229], { kind: 'elsewhere', expected: 3000, ports: [3001, 9229] }],
    [somewhere, [], { kind: 'not-yet' }],
    [somewhere, [5173], { kind: 'as-expected' }],
    [nowhere, [], { kind: 'none-expected' }],
    [nowhere, [5173], { kind: 'as-expected' }],
  ])('%j and %j', (expects, ports, expected) => {
    expect(
      reach(
        expects,
        ports.map((port, i) => listening(port, 100 + i)),
      ),
    ).toEqual(expected);
  });
});
