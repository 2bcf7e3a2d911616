import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Owned } from '../../../src/ownership/owned.ts';
import type { Suspect } from '../../../src/ownership/suspect.ts';
import { matches, planStop, type Selector, type StopRequest } from '../../../src/stop/plan.ts';
import { makeOwned, makeSuspect } from '../fakes/processes.ts';

const all: Owned[] = [
  makeOwned(10, { role: 'keeper', service: 'web' }),
  makeOwned(11, { service: 'web', evidence: ['mark', 'child of 10'] }),
  makeOwned(20, { role: 'keeper', service: 'web.2' }),
  makeOwned(30, { service: undefined, evidence: ['DEVCTL_SESSION'] }),
  makeOwned(40, { role: 'infrastructure', service: undefined }),
];
const narrow = { isForced: false, isNarrow: true };
const plan = (services: string[], over: Partial<StopRequest> = {}, suspects: Suspect[] = []) =>
  planStop('abc', all, suspects, { services, ...narrow, ...over }, ({ process }) => `cmd ${String(process.pid)}`);

describe('a plan', () => {
  test('of everything: all that is ours, by every layer', () => {
    const { selector, layers, seen } = plan([]);
    expect(selector).toEqual({ project: 'abc', class: 'certain', services: 'all' });
    expect(layers).toEqual(['graceful', 'tmux', 'socket']);
    expect(seen.map(({ pid }) => pid)).toEqual([10, 11, 20, 30, 40]);
  });

  test('of a service: its processes and its keeper, and tmux stays', () => {
    const { selector, layers, seen } = plan(['web']);
    expect(selector.services).toEqual(['web']);
    expect(layers).toEqual(['graceful']);
    expect(seen).toEqual([
      { pid: 10, service: 'web', role: 'keeper', command: 'cmd 10', evidence: 'mark' },
      { pid: 11, service: 'web', role: 'service', command: 'cmd 11', evidence: 'mark, child of 10' },
    ]);
  });

  test('that looks further has two more layers, and ends of the suspects only what it is told to', () => {
    const probable = makeSuspect(50, { class: 'probable', evidence: ['orphaned'] });
    const browser = makeSuspect(51, { class: 'probable', isDesktop: true });
    const actions = (over: Partial<StopRequest>) =>
      plan([], { isNarrow: false, ...over }, [probable, browser, makeSuspect(52)]).suspects.map(({ pid, action }) => [
        pid,
        action,
      ]);
    expect(plan([], { isNarrow: false }).layers).toEqual(['graceful', 'tmux', 'socket', 'port', 'pattern']);
    expect(actions({})).toEqual([
      [50, 'leave'],
      [51, 'leave'],
      [52, 'leave'],
    ]);
    expect(actions({ isForced: true })).toEqual([
      [50, 'end'],
      [51, 'leave'],
      [52, 'leave'],
    ]);
  });

  test('of a service that has nothing: nothing', () => {
    expect(plan(['css']).seen).toEqual([]);
  });
});

describe('a selector', () => {
  test.each<[Selector['services'], number[]]>([
    ['all', [10, 11, 20, 30]],
    [['web'], [10, 11]],
    [['web.2'], [20]],
    [
      ['web', 'web.2'],
      [10, 11, 20],
    ],
    [[], []],
  ])('%j reaches %j', (services, pids) => {
    const reached = all.filter((owned) => matches({ project: 'abc', class: 'certain', services }, owned));
    expect(reached.map(({ process }) => process.pid)).toEqual(pids);
  });

  test('infrastructure is never reached by signals', () => {
    const selection = fc.oneof(fc.constant<'all'>('all'), fc.array(fc.constantFrom('web', 'worker')));
    fc.assert(
      fc.property(selection, fc.constantFrom('web', undefined), (services, service) => {
        const server = makeOwned(40, { role: 'infrastructure', service });
        expect(matches({ project: 'abc', class: 'certain', services }, server)).toBe(false);
      }),
    );
  });
});
