import { describe, expect, test } from 'vitest';
import { claudeBinary } from '../support/claude-binary.ts';
import { Stage, type ExecutorKind, type Part, type StageWishes } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** The contract of all who carry tasks out. */
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';

const KINDS: ExecutorKind[] = [
  { name: 'direct', isReal: true, isRemote: false },
  { name: 'mock', isReal: false, isRemote: false },
  { name: 'redis, and a worker', isReal: true, isRemote: true },
  { name: 'redis, and a worker that is a mock', isReal: false, isRemote: true },
].filter(({ isReal }) => CLAUDE !== '' || !isReal);

/** So long that a mock is met at its work. */
const MOCK_MS = 3000;

describe.each(KINDS)('$name', (kind) => {
  const open = (parts: Part[], wishes: Partial<StageWishes> = {}) => Stage.open(kind, parts, { path: CLAUDE, ...wishes });

  test('a task is done with its text, once', async () => {
    await using stage = await open([{ id: 'a', line: 'one line of a prompt' }]);
    const { orchestra } = stage;
    const { code, stdout, stderr } = await stage.run();
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^1 of 1 task/);
    expect(orchestra.read('a.txt')).toBe(`${stage.answerOf('a', 'one line of a prompt')}\n`);
    expect(orchestra.records('done')).toHaveLength(1);
    expect(orchestra.stats()).toMatchObject({ end: 'finished', tasks: { completed: 1, total: 1 }, attempts: 1 });
    expect(orchestra.players()).toEqual([]);
  });

  test('a diamond comes to its end, with the results of dependencies in the prompts', async () => {
    await using stage = await open([
      { id: 'd', line: 'd of {{tasks.b.result}} and {{tasks.c.result}}', dependsOn: ['b', 'c'] },
      { id: 'b', line: 'b of {{tasks.a.result}}', dependsOn: ['a'] },
      { id: 'c', line: 'c of {{tasks.a.result}}', dependsOn: ['a'] },
      { id: 'a', line: 'a' },
    ]);
    const { code, stderr } = await stage.run();
    expect(code, stderr).toBe(0);
    const a = stage.answerOf('a', 'a');
    const [b, c] = [stage.answerOf('b', `b of ${a}`), stage.answerOf('c', `c of ${a}`)];
    expect([stage.heard('b'), stage.heard('c')]).toEqual([`b of ${a}`, `c of ${a}`]);
    expect(stage.heard('d')).toBe(`d of ${b} and ${c}`.slice(0, 60));
    const order = stage.orchestra.records('done').map(({ task }) => task);
    expect([order[0], order.slice(1, 3).sort(), order[3]]).toEqual(['a', ['b', 'c'], 'd']);
  });

  test('lower priorities go first, one at a time', async () => {
    const parts = [5, 3, 100, 0, 4, 1, 2].map((priority) => ({ id: `p${String(priority)}`, line: 'x', priority }));
    await using stage = await open(parts, { concurrency: 1, mockMs: 100 });
    expect((await stage.run()).code).toBe(0);
    const order = stage.orchestra.records('done').map(({ task }) => task);
    expect(order).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p100']);
  });

  test('--cancel ends a running task, and one that waits; all others are done', async () => {
    const parts: Part[] = [
      { id: 'runs', line: 'runs', isLong: true, priority: 0 },
      { id: 'waits', line: 'waits', priority: 1 },
      { id: 'other', line: 'other', priority: 2 },
      { id: 'lost', line: 'lost', dependsOn: ['waits'] },
    ];
    await using stage = await open(parts, { concurrency: 1, mockMs: MOCK_MS });
    const { orchestra } = stage;
    const hub = stage.begin();
    await stage.atWork('runs');
    expect(await orchestra.run('--cancel waits')).toMatchObject({ code: 0 });
    await waitFor('the end of the waiting one', () => orchestra.records('cancelled', 'waits')[0]);
    expect(orchestra.records('done')).toEqual([]);
    expect(await orchestra.run('--cancel runs')).toMatchObject({ code: 0 });
    const { code, stderr } = await hub.end();
    expect(code, stderr).toBe(1);
    const states = ['runs', 'waits', 'other', 'lost'].map((id) => orchestra.stateOf(id));
    expect(states).toEqual(['cancelled', 'cancelled', 'done', 'skipped']);
    expect(orchestra.records('done').map(({ task }) => task)).toEqual(['other']);
    expect(orchestra.players()).toEqual([]);
  });

  test('a first interrupt lets what runs come to its end; a second one ends all, and nothing is lost', async () => {
    const parts: Part[] = [
      { id: 'one', line: 'one', isLong: true, priority: 0 },
      { id: 'two', line: 'two', priority: 1 },
      { id: 'three', line: 'three', dependsOn: ['one'] },
    ];
    await using stage = await open(parts, { concurrency: 1, mockMs: MOCK_MS });
    const { orchestra } = stage;
    const hub = stage.begin();
    await stage.atWork('one');
    hub.signal('SIGINT');
    await waitFor('its word for it', () => hub.stderr.includes('no task begins any more'));
    expect(orchestra.records('put-back', 'one')).toEqual([]);
    hub.signal('SIGINT');
    const { code, stdout } = await hub.end();
    expect(code).toBe(130);
    expect(stdout).toContain('devctl orchestrate tasks.json --resume');
    expect(orchestra.records('put-back', 'one')).toHaveLength(1);
    expect(orchestra.records('done')).toEqual([]);
    expect(orchestra.players()).toEqual([]);
    stage.goOn();
    const next = await stage.run('--resume');
    expect(next.code, next.stderr).toBe(0);
    const done = orchestra.records('done').map(({ task }) => task);
    expect(done.sort()).toEqual(['one', 'three', 'two']);
  });
});
