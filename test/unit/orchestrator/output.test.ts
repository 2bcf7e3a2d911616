import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openOutputs, outputPaths } from '../../../src/orchestrator/output/outputs.ts';
import { percentiles } from '../../../src/orchestrator/output/percentiles.ts';
import { setAside } from '../../../src/orchestrator/output/set-aside.ts';
import { makeStats } from '../../../src/orchestrator/output/stats.ts';
import { hubWorld } from '../fakes/hub-world.ts';
import { memoryFiles } from '../fakes/memory-files.ts';
import { makeTasks, someTasks } from '../fakes/tasks.ts';

describe('percentiles by nearest rank', () => {
  test.each<[number[], [number, number, number]]>([
    [[], [0, 0, 0]],
    [[7], [7, 7, 7]],
    [
      [2, 1],
      [1, 2, 2],
    ],
    [
      [30, 10, 20],
      [20, 30, 30],
    ],
    [Array.from({ length: 100 }, (_, n) => 100 - n), [50, 95, 99]],
    [
      [9, 10, 100],
      [10, 100, 100],
    ],
  ])('of %j', (values, [p50, p95, p99]) => {
    expect(percentiles(values)).toEqual({ p50, p95, p99 });
  });

  test('each is one of the values, with that share of them at or below it, and no smaller one is', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 300 }), (values) => {
        const before = [...values];
        const found = percentiles(values);
        expect(values).toEqual(before);
        for (const [percent, value] of [
          [50, found.p50],
          [95, found.p95],
          [99, found.p99],
        ] as const) {
          expect(values).toContain(value);
          expect(values.filter((one) => one <= value).length * 100).toBeGreaterThanOrEqual(percent * values.length);
          expect(values.filter((one) => one < value).length * 100).toBeLessThan(percent * values.length);
        }
      }),
    );
  });
});

const statsOf = (world: ReturnType<typeof hubWorld>) =>
  makeStats({
    run: 'r',
    devctl: '1.0.0',
    end: 'finished',
    startedMs: 1_700_000_000_000,
    endedMs: 1_700_000_005_000,
    concurrency: 3,
    board: world.board,
    branches: [],
  });

describe('the statistics of a run', () => {
  test('say what became of each task, and why', async () => {
    const tasks = makeTasks({ id: 'a' }, { id: 'b' }, { id: 'c', dependsOn: ['b'] }, { id: 'd' });
    const world = hubWorld(tasks, {
      plan: (id, nth) => ({
        usd: 0.1,
        ms: id === 'a' ? 30 : 10,
        failure: id === 'b' ? 'invalid' : id + String(nth) === 'a1' ? 'other' : undefined,
      }),
    });
    world.hub.cancel('d');
    await world.run();
    const stats = statsOf(world);
    expect(stats).toMatchObject({
      run: 'r',
      devctl: '1.0.0',
      end: 'finished',
      startedAt: '2023-11-14T22:13:20.000Z',
      endedAt: '2023-11-14T22:13:25.000Z',
      wallMs: 5000,
      concurrency: 3,
      tasks: { total: 4, completed: 1, failed: 1, skipped: 1, cancelled: 1, left: 0 },
      attempts: 3,
      retries: 1,
      turns: 3,
      costUsd: 0.3,
      durationsMs: { p50: 60, p95: 60, p99: 60 },
    });
    expect(stats.perTask.map(({ id, state, why }) => [id, state, why])).toEqual([
      ['a', 'done', undefined],
      ['b', 'failed', 'invalid of b'],
      ['c', 'skipped', '"b" has failed'],
      ['d', 'cancelled', undefined],
    ]);
    expect(stats.perTask[0]).toMatchObject({ attempts: 2, retries: 1, turns: 2, costUsd: 0.2, durationMs: 60 });
    expect(stats.perTask[0]?.session).toBe(world.begun[0]?.request.session);
    expect(stats.perTask[3]).not.toHaveProperty('session');
  });

  test('of a run that is under way: what waits, is ready or runs is left', () => {
    const world = hubWorld(makeTasks({ id: 'a' }, { id: 'b' }, { id: 'c', dependsOn: ['a'] }));
    world.board.apply({ kind: 'attempt', task: 'a', token: 't', session: 's', resumes: false, atMs: 0 });
    expect(statsOf(world).tasks).toMatchObject({ total: 3, left: 3 });
  });

  test('add up, however the run went and whenever it was interrupted', async () => {
    const failure = fc.constantFrom('other', 'invalid', undefined, undefined);
    const plans = fc.array(fc.record({ ms: fc.nat({ max: 30 }), usd: fc.nat({ max: 9 }).map((n) => n / 7), failure }), {
      maxLength: 9,
    });
    await fc.assert(
      fc.asyncProperty(someTasks, plans, fc.nat({ max: 50 }), async (tasks, all, ms) => {
        let next = 0;
        const world = hubWorld(tasks, { concurrency: 2, plan: () => all[next++] ?? {} });
        world.at(ms, () => world.hub.interrupt());
        await world.run();
        const stats = statsOf(world);
        const { total, completed, failed, skipped, cancelled, left } = stats.tasks;
        expect(total).toBe(tasks.length);
        expect(completed + failed + skipped + cancelled + left).toBe(total);
        expect(stats.perTask.filter(({ state }) => state === 'done')).toHaveLength(completed);
        const sum = (of: (one: (typeof stats.perTask)[number]) => number) => stats.perTask.reduce((so, one) => so + of(one), 0);
        expect(sum(({ attempts }) => attempts)).toBe(stats.attempts);
        expect(stats.attempts).toBe(world.begun.length);
        expect(sum(({ retries }) => retries)).toBe(stats.retries);
        expect(sum(({ turns }) => turns)).toBe(stats.turns);
        expect(sum(({ costUsd }) => costUsd)).toBeCloseTo(stats.costUsd, 4);
      }),
    );
  });
});

describe('the files of a run', () => {
  const paths = outputPaths('/o');
  const open = (texts = {}) => {
    const files = memoryFiles(texts);
    return { files, outputs: openOutputs(files, paths) };
  };

  test('a result ends with a newline, and is read without it', () => {
    const { files, outputs } = open();
    outputs.writeResult('a', 'the answer');
    expect(files.readText('/o/a.txt')).toBe('the answer\n');
    expect(outputs.readResult('a')).toBe('the answer');
    outputs.writeResult('b', 'lines\n');
    expect(files.readText('/o/b.txt')).toBe('lines\n');
    outputs.writeResult('c', '');
    expect(files.readText('/o/c.txt')).toBe('');
    expect(outputs.readResult('c')).toBe('');
  });

  test('an error says why and after how many attempts, and goes when there is a result', () => {
    const { files, outputs } = open();
    outputs.writeError('a', { class: 'server', message: '500: no' }, 1);
    expect(files.readText('/o/a.error.txt')).toBe('500: no\n\n(server; 1 attempt)\n');
    outputs.writeError('a', { class: 'server', message: '500: no' }, 4);
    expect(files.readText('/o/a.error.txt')).toBe('500: no\n\n(server; 4 attempts)\n');
    outputs.writeResult('a', 'x');
    expect(files.readText('/o/a.error.txt')).toBeUndefined();
  });

  test('what another machine has changed lies beside the result', () => {
    const { files, outputs } = open();
    outputs.writeResult('a', 'x', Buffer.from('From 0000').toString('base64'));
    expect(files.readText('/o/a.patch')).toBe('From 0000');
  });

  test('make room for another run, and are kept once; worktrees stay', () => {
    const { files } = open({
      '/o/.gitignore': '*\n',
      '/o/.devctl/journal.jsonl': 'journal',
      '/o/a.txt': 'result',
      '/o/orchestration-stats.json': '{}',
    });
    const list = files.list.bind(files);
    // A real list has names alone.
    files.list = (folder) => [...new Set(list(folder).map((name) => name.split('/')[0] ?? ''))];
    setAside(files, paths, ['a']);
    expect(files.readText('/o/previous/.devctl/journal.jsonl')).toBe('journal');
    expect(files.readText('/o/previous/a.txt')).toBe('result');
    expect(files.readText('/o/previous/orchestration-stats.json')).toBe('{}');
    expect(files.stat('/o/.devctl/journal.jsonl')).toBeUndefined();
    expect(files.stat('/o/a.txt')).toBeUndefined();
    expect(files.readText('/o/.gitignore')).toBe('*\n');
  });
});
