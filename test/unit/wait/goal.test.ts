import { describe, expect, test } from 'vitest';
import type { ServiceState } from '../../../src/services/state.ts';
import { judgeGoal, type Goal } from '../../../src/wait/goal.ts';

const UP: ServiceState = { kind: 'up', restarts: 0 };
const ENDED: ServiceState = { kind: 'ended', code: 3, seconds: 1, restarts: 0 };
const judge = (
  goal: Exclude<Goal, { kind: 'ready' }>,
  state: ServiceState,
  over: { isAlive?: boolean; isWanted?: boolean; hasLine?: boolean } = {},
) => judgeGoal(goal, { state, isAlive: state.kind === 'up', isWanted: true, hasLine: false, waitedSeconds: 2, ...over }).kind;
const LOG = { kind: 'log', pattern: /x/ } as const;

describe('what is waited for', () => {
  test.each<
    [string, Exclude<Goal, { kind: 'ready' }>, ServiceState, { isAlive?: boolean; isWanted?: boolean; hasLine?: boolean }, string]
  >([
    ['stopped: while it runs', { kind: 'stopped' }, UP, {}, 'open'],
    ['stopped: while something of it lives', { kind: 'stopped' }, ENDED, { isAlive: true }, 'open'],
    ['stopped', { kind: 'stopped' }, ENDED, {}, 'met'],
    ['exit: while it runs', { kind: 'exit' }, UP, {}, 'open'],
    ['exit: while it will be started again', { kind: 'exit' }, { kind: 'backoff', code: 1, restarts: 1 }, {}, 'open'],
    ['exit, whatever it left behind', { kind: 'exit' }, { kind: 'daemonized' }, { isAlive: true }, 'met'],
    ['exit of a one-shot', { kind: 'exit' }, { kind: 'done' }, {}, 'met'],
    ['a line that has come', LOG, UP, { hasLine: true }, 'met'],
    ['a line that had come before its end', LOG, ENDED, { hasLine: true }, 'met'],
    ['a line that may come', LOG, UP, {}, 'open'],
    ['a line that can no longer come', LOG, ENDED, {}, 'in-vain'],
    ['a line of a service that a start has not come to yet', LOG, { kind: 'idle' }, {}, 'open'],
    ['a line of a service that nobody wants', LOG, { kind: 'idle' }, { isWanted: false }, 'in-vain'],
    ['exit of a service that a start has not come to yet', { kind: 'exit' }, { kind: 'idle' }, {}, 'open'],
    ['exit of a service that nobody wants', { kind: 'exit' }, { kind: 'idle' }, { isWanted: false }, 'in-vain'],
    ['a line of a daemon', LOG, { kind: 'daemonized' }, {}, 'open'],
  ])('%s', (_name, goal, state, over, expected) => {
    expect(judge(goal, state, over)).toBe(expected);
  });
});
