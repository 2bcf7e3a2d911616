import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { firstLine, formatTokens, formatUsd, renderRun, renderTaskPlan } from '../../../../src/cli/render/orchestrate-view.ts';
import { makeStats } from '../../../../src/orchestrator/output/stats.ts';
import type { Branch } from '../../../../src/orchestrator/workplace/branches.ts';
import { hubWorld, type Plan } from '../../fakes/hub-world.ts';
import { makeTasks } from '../../fakes/tasks.ts';

const plain = (text: string) => text.replace(/\u001b\[[0-9;]*m/g, '');

test('the plan is in the order in which the tasks would begin', () => {
  const tasks = makeTasks({ id: 'c', dependsOn: ['a', 'b'], priority: 1 }, { id: 'a' }, { id: 'b', priority: 5 });
  const file = {
    ...{ tasks, concurrency: 2, outputDir: 'out', maxBudgetUsd: undefined },
    ...{ dangerouslySkipPermissions: false, notify: undefined },
  };
  expect(plain(renderTaskPlan(file, { concurrency: 2, folder: resolve('out'), executor: 'direct' })).split('\n')).toEqual([
    '1  b  priority 5',
    '2  a  priority 100',
    '3  c  priority 1    after a, b',
    '3 tasks, 2 at once (direct), results in out',
    'Nothing was done.',
  ]);
});

describe('what became of a run', () => {
  async function shown(tasks: ReturnType<typeof makeTasks>, plan: (id: string) => Plan, branches: Branch[] = []) {
    const world = hubWorld(tasks, { plan });
    await world.run();
    const times = { startedMs: 0, endedMs: 12_000 };
    const stats = makeStats({ run: 'r', devctl: '1', end: 'finished', ...times, concurrency: 1, board: world.board, branches });
    return plain(renderRun(stats, resolve('out'))).split('\n');
  }

  test('that went well is two lines', async () => {
    expect(await shown(makeTasks({ id: 'a' }, { id: 'b' }), () => ({ usd: 0.1 }))).toEqual([
      '2 of 2 tasks done   12 s, $0.200, 0 tokens',
      'results in out',
    ]);
  });

  test('tells which tasks did not go well, and why', async () => {
    const all = await shown(makeTasks({ id: 'a' }, { id: 'b', dependsOn: ['a'] }, { id: 'c' }), (id) =>
      id === 'a' ? { failure: { class: 'invalid', message: 'first line\nsecond line' } } : {},
    );
    expect(all.slice(0, 3)).toEqual([
      '1 of 3 tasks done, 1 failed, 1 skipped   12 s, $0.000, 0 tokens',
      '  failed   a  first line',
      '  skipped  b  "a" has failed',
    ]);
  });

  test('tells of twenty of them, and how many more there are', async () => {
    const tasks = makeTasks(...Array.from({ length: 25 }, (_, n) => ({ id: `t${String(n)}` })));
    const all = await shown(tasks, () => ({ failure: 'invalid' }));
    expect(all.filter((one) => one.startsWith('  failed'))).toHaveLength(20);
    expect(all).toContain('  and 5 more');
  });

  test('tells of branches, and which cannot be merged with each other', async () => {
    const branch = { commits: 1, files: ['x'] };
    const all = await shown(makeTasks({ id: 'a' }), () => ({}), [
      { ...branch, task: 'a', branch: 'devctl/r/a', conflictsWith: ['devctl/r/b'] },
      { ...branch, task: 'b', branch: 'devctl/r/b', commits: 2, conflictsWith: [] },
      { ...branch, task: 'c', branch: 'devctl/r/c', conflictsWith: 'unknown' },
    ]);
    expect(all.slice(1, 4)).toEqual([
      '  branch devctl/r/a  1 commit of a  conflicts with devctl/r/b',
      '  branch devctl/r/b  2 commits of b',
      '  branch devctl/r/c  1 commit of c  git is too old to tell of conflicts',
    ]);
  });
});

test.each([
  [0, '$0.000'],
  [0.0312, '$0.031'],
  [0.994, '$0.994'],
  [0.996, '$1.00'],
  [12.345, '$12.35'],
])('%d dollars are %s', (usd, expected) => {
  expect(formatUsd(usd)).toBe(expected);
});

test.each([
  [0, '0'],
  [950, '950'],
  [999, '999'],
  [1000, '1.0k'],
  [4500, '4.5k'],
  [250_000, '250k'],
  [999_499, '999k'],
  [999_500, '1.0M'],
  [4_500_000, '4.5M'],
])('%d tokens are %s', (tokens, expected) => {
  expect(formatTokens(tokens)).toBe(expected);
});

test('the first line of a reason is not too long', () => {
  expect(firstLine('a\nb')).toBe('a');
  expect(firstLine('')).toBe('');
  expect(firstLine('x'.repeat(100))).toHaveLength(100);
  expect(firstLine('x'.repeat(101))).toBe(`${'x'.repeat(99)}…`);
});
