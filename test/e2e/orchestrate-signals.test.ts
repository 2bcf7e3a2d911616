import { describe, expect, test } from 'vitest';
import { claudeBinary } from '../support/claude-binary.ts';
import { isAlive } from '../support/leftovers.ts';
import { bash, gate, LONG_COMMAND, LONG_ONCE, MockApi, prompt } from '../support/mock-api.ts';
import { Orchestra, type TaskWish } from '../support/orchestra.ts';
import { waitFor } from '../support/wait-for.ts';

/** How a run is ended, or one task of it: by signals, and from elsewhere. With the real Claude Code. */
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';

const GATED: TaskWish[] = [
  { id: 'a', prompt: prompt('a', [gate('go'), { text: 'one' }]) },
  { id: 'b', prompt: prompt('b', [{ text: 'two' }]) },
];
const HANGING: TaskWish[] = [
  { id: 'a', prompt: prompt('a', [bash(LONG_ONCE), { text: 'one' }]) },
  { id: 'b', dependsOn: ['a'], prompt: prompt('b', [{ text: 'two' }]) },
];
const GO_ON = 'to go on: devctl orchestrate tasks.json --resume';

/** Nothing runs, nothing is lost, and the rest is done. */
async function goesOn(orchestra: Orchestra): Promise<void> {
  const { code, stderr } = await orchestra.run('--resume');
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(['a', 'b'].map((id) => orchestra.read(`${id}.txt`))).toEqual(['one\n', 'two\n']);
  expect(['a', 'b'].map((id) => orchestra.records('done', id).length)).toEqual([1, 1]);
}

describe.skipIf(CLAUDE === '')('a run that is ended', () => {
  test('by SIGINT: what runs comes to its end, nothing new begins, and the line to go on is there', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, GATED, { concurrency: 1 });
    const hub = orchestra.begin();
    await orchestra.gateOf('a');
    hub.signal('SIGINT');
    await waitFor('the word', () => hub.stderr.includes('no task begins any more'));
    expect(orchestra.spokes('a')).toHaveLength(1);
    orchestra.rig.write({ go: '' });
    const { code, stdout } = await hub.end();
    expect({ code, stdout }).toMatchObject({ code: 130, stdout: expect.stringContaining(GO_ON) as string });
    expect(orchestra.read('a.txt')).toBe('one\n');
    expect(api.asked('b')).toEqual([]);
    expect(orchestra.stats()).toMatchObject({ end: 'interrupted', tasks: { completed: 1, left: 1 } });
    await goesOn(orchestra);
    expect(orchestra.records('attempt', 'a')).toHaveLength(1);
  });

  test('by SIGINT, where nothing is left to begin: it is finished', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, GATED, { concurrency: 2 });
    const hub = orchestra.begin();
    await orchestra.gateOf('a');
    await waitFor('the other', () => orchestra.has('b.txt'), 20_000);
    hub.signal('SIGINT');
    await waitFor('the word', () => hub.stderr.includes('no task begins any more'));
    orchestra.rig.write({ go: '' });
    expect((await hub.end()).code).toBe(0);
  });

  test.each([
    { what: 'two SIGINT', signals: ['SIGINT', 'SIGINT'] as const, exit: 130 },
    { what: 'SIGTERM', signals: ['SIGTERM'] as const, exit: 143 },
    { what: 'SIGHUP', signals: ['SIGHUP'] as const, exit: 129 },
    { what: 'SIGINT and SIGTERM', signals: ['SIGINT', 'SIGTERM'] as const, exit: 143 },
  ])('by $what: at once, with all that runs', async ({ signals, exit }) => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, HANGING);
    const hub = orchestra.begin();
    const { pid: tool } = await orchestra.tool(LONG_COMMAND);
    const { pid: spoke } = await orchestra.spoke('a');
    const [first, second] = signals;
    hub.signal(first);
    if (second !== undefined) {
      await waitFor('the word', () => hub.stderr.includes('no task begins any more'));
      hub.signal(second);
    }
    const { code, stdout } = await hub.end(15_000);
    expect([isAlive(spoke), isAlive(tool)]).toEqual([false, false]);
    expect(orchestra.players()).toEqual([]);
    expect({ code, stdout }).toMatchObject({ code: exit, stdout: expect.stringContaining(GO_ON) as string });
    expect(orchestra.stats()).toMatchObject({ end: 'interrupted', tasks: { completed: 0, failed: 0, left: 2 } });
    await goesOn(orchestra);
  });

  test('by Ctrl-C on a terminal, which no spoke hears', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, GATED, { concurrency: 1 });
    const terminal = await orchestra.terminal();
    terminal.type('clear; $DEVCTL orchestrate tasks.json; echo "it was $?"');
    await orchestra.gateOf('a');
    terminal.press('C-c');
    await terminal.waitFor(/no task begins any more; those that run come to their end \(Ctrl-C once more ends them\)/);
    orchestra.rig.write({ go: '' });
    await terminal.waitFor(/it was 130/, 20_000);
    expect(terminal.screen()).toContain(GO_ON);
    expect(orchestra.read('a.txt')).toBe('one\n');
    expect(orchestra.records('spawned', 'a')).toHaveLength(1);
    await goesOn(orchestra);
  });
});

describe.skipIf(CLAUDE === '')('one task of a run', () => {
  test('--cancel ends it from elsewhere, with its tool; --retry-failed runs it and those that it took along', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(
      api,
      CLAUDE,
      [
        ...HANGING,
        { id: 'c', prompt: prompt('c', [gate('go'), { text: 'three' }]) },
        { id: 'd', dependsOn: ['e'], prompt: prompt('d', [{ text: 'four' }]) },
        { id: 'e', prompt: prompt('e', [{ http: 400, times: 6, then: { text: 'five' } }]) },
      ],
      { concurrency: 3 },
    );
    const nobody = await orchestra.run('--cancel a');
    expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining('No devctl is at work') as string });
    const hub = orchestra.begin();
    const { pid: tool } = await orchestra.tool(LONG_COMMAND);
    await orchestra.gateOf('c');
    const other = await orchestra.spoke('c');
    expect(await orchestra.run('--cancel nothing')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no task "nothing"') as string,
    });
    expect(await orchestra.run('--cancel a')).toMatchObject({ code: 0 });
    await waitFor('the end of the task', () => orchestra.records('cancelled', 'a').length === 1);
    expect(isAlive(tool)).toBe(false);
    expect(orchestra.spokes('c').map(({ pid }) => pid)).toEqual([other.pid]);
    orchestra.rig.write({ go: '' });
    const { code, stderr } = await hub.end();
    expect({ code, stderr }).toMatchObject({ code: 1 });
    const states = () => Object.fromEntries(orchestra.stats().perTask.map(({ id, state }) => [id, state]));
    expect(states()).toEqual({ a: 'cancelled', b: 'skipped', c: 'done', d: 'skipped', e: 'failed' });
    expect(orchestra.stats().perTask.find(({ id }) => id === 'b')?.why).toBe('"a" was cancelled');
    // Nothing of it is unfinished: --resume has nothing to do, and says how it went.
    expect((await orchestra.run('--resume')).code).toBe(1);

    const again = await orchestra.run('--retry-failed');
    expect(again).toMatchObject({ code: 0 });
    expect(['a', 'b', 'c', 'd', 'e'].map((id) => orchestra.read(`${id}.txt`))).toEqual([
      'one\n',
      'two\n',
      'three\n',
      'four\n',
      'five\n',
    ]);
    expect(orchestra.has('e.error.txt')).toBe(false);
    expect(orchestra.records('attempt', 'c')).toHaveLength(1);
    expect(orchestra.stats().tasks).toMatchObject({ completed: 5, failed: 0, skipped: 0, cancelled: 0 });
  });
});
