import { describe, expect, test } from 'vitest';
import { claudeBinary } from '../support/claude-binary.ts';
import { bash, gate, MockApi, prompt } from '../support/mock-api.ts';
import { Orchestra } from '../support/orchestra.ts';

/** `devctl orchestrate` with the real Claude Code: what a run leaves, says and shows. */
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';

const documents = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map(
      (line) => JSON.parse(line) as { schema: string; event?: { kind: string; task: string }; data?: unknown; failure?: unknown },
    );

describe.skipIf(CLAUDE === '')('a run', () => {
  test('gives the results of tasks to those that depend on them, and leaves a file for everything', async () => {
    await using api = await MockApi.start();
    const words = 'Add <{{tasks.left.result}}> to <{{ tasks.right.result }}>.';
    await using orchestra = Orchestra.create(
      api,
      CLAUDE,
      [
        { id: 'sum', dependsOn: ['left', 'right'], prompt: prompt('sum', [{ text: 'both' }], words) },
        { id: 'left', prompt: prompt('left', [bash('echo 1'), { echo: true }]) },
        { id: 'right', prompt: prompt('right', [{ text: 'two\nlines' }]) },
      ],
      { concurrency: 2 },
    );
    const { code, stdout, stderr } = await orchestra.run();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^3 of 3 tasks done/);
    expect(['left', 'right', 'sum'].map((id) => orchestra.read(`${id}.txt`))).toEqual(['1\n', 'two\nlines\n', 'both\n']);
    expect(api.asked('sum')[0]?.texts.join('\n')).toContain('Add <1> to <two\nlines>.');
    const lines = stderr.trim().split('\n');
    expect(lines.filter((line) => /^begins +(left|right|sum)$/.test(line))).toHaveLength(3);
    expect(lines.filter((line) => /^done +(left|right|sum) +[\d.]+ s, \$0\.\d\d\d$/.test(line))).toHaveLength(3);
    expect(stderr).not.toContain('\x1b');

    const stats = orchestra.stats();
    expect(stats).toMatchObject({
      ...{ end: 'finished', concurrency: 2, attempts: 3, retries: 0, turns: 4, branches: [] },
      tasks: { total: 3, completed: 3, failed: 0, skipped: 0, cancelled: 0, left: 0 },
    });
    const results = ['left', 'right', 'sum'].map((id) => {
      const events = orchestra.events(id);
      expect(events.at(-1)?.type).toBe('result');
      return events.at(-1);
    });
    expect(stats.costUsd).toBeCloseTo(
      results.reduce((sum, result) => sum + (result?.total_cost_usd ?? 0), 0),
      5,
    );
    expect(stats.tokens.input).toBe(results.reduce((sum, result) => sum + (result?.usage?.input_tokens ?? 0), 0));
    const durations = stats.perTask.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
    expect(stats.durationsMs).toEqual({ p50: durations[1], p95: durations[2], p99: durations[2] });
    expect(orchestra.has('left.error.txt')).toBe(false);
    const files = ['left.txt', 'left.events.jsonl', 'orchestration-stats.json', '.devctl/journal.jsonl', '.devctl/left.stderr'];
    expect(files.map((name) => orchestra.modeOf(name))).toEqual(files.map(() => '600'));
    expect(orchestra.modeOf('.')).toBe('700');
  });

  test('says why a task has failed, skips those that wait for it, and does the rest', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [
      { id: 'bad', prompt: prompt('bad', [{ http: 400, message: 'there is a knot in it' }]) },
      { id: 'child', dependsOn: ['bad'], prompt: prompt('child', [{ text: 'never' }]) },
      { id: 'grandchild', dependsOn: ['child', 'good'], prompt: prompt('grandchild', [{ text: 'never' }]) },
      { id: 'good', prompt: prompt('good', [{ text: 'fine' }]) },
    ]);
    const { code, stdout, stderr } = await orchestra.run();
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(stdout).toMatch(/^1 of 4 tasks done, 1 failed, 2 skipped/);
    expect(stdout).toContain('devctl orchestrate tasks.json --retry-failed');
    expect(stderr).toMatch(/^failed +bad .*there is a knot in it/m);
    expect(stderr).toMatch(/^skipped +child +"bad" has failed$/m);
    expect(orchestra.read('bad.error.txt')).toContain('there is a knot in it');
    expect(orchestra.modeOf('bad.error.txt')).toBe('600');
    expect(orchestra.stats().perTask.map(({ id, state, why }) => ({ id, state, why }))).toEqual([
      { id: 'bad', state: 'failed', why: expect.stringContaining('there is a knot in it') as string },
      { id: 'child', state: 'skipped', why: '"bad" has failed' },
      { id: 'grandchild', state: 'skipped', why: '"bad" has failed' },
      { id: 'good', state: 'done', why: undefined },
    ]);
    expect(['bad.txt', 'child.txt', 'grandchild.txt', 'good.error.txt'].filter((name) => orchestra.has(name))).toEqual([]);
    expect(orchestra.records('attempt', 'bad')).toHaveLength(1);
    expect([...api.asked('child'), ...api.asked('grandchild')]).toEqual([]);
  });

  test('--json: one document a line, the last is the result', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [
      { id: 'a', prompt: prompt('a', [{ text: 'x' }]) },
      { id: 'b', dependsOn: ['a'], prompt: prompt('b', [{ http: 400 }]) },
    ]);
    const { code, stdout, stderr } = await orchestra.run('--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const all = documents(stdout);
    expect(all.slice(0, -1).map(({ schema, event }) => `${schema} ${event?.kind ?? ''} ${event?.task ?? ''}`)).toEqual(
      ['attempt a', 'done a', 'attempt b', 'failed b'].map((what) => `devctl.orchestrate-event/1 ${what}`),
    );
    expect(all.at(-1)).toMatchObject({ schema: 'devctl.orchestrate/1', data: orchestra.stats() });
  });

  test('on a terminal: a table that lives, with a bar over all, and at the end the result', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [
      { id: 'quick', prompt: prompt('quick', [{ text: 'x' }]) },
      { id: 'slow', dependsOn: ['quick'], prompt: prompt('slow', [gate('go'), { echo: true }]) },
      { id: 'bad', dependsOn: ['slow'], prompt: prompt('bad', [{ http: 400, message: 'a knot' }]) },
    ]);
    const terminal = await orchestra.terminal();
    terminal.type('clear; $DEVCTL orchestrate tasks.json; echo "it was $?"');
    await terminal.waitFor(/█{10}░{20} 1\/3 · 1 running · 1 to come · \$0\.\d+ · 0:\d\d/);
    await terminal.waitFor(/● slow +0:\d\d +\d turns .* Bash: until \[ -e go \]/);
    orchestra.rig.write({ go: '' });
    const screen = await terminal.waitFor(/it was 1/);
    expect(screen).toMatch(/^failed +bad .*a knot/m);
    expect(screen).toMatch(/^2 of 3 tasks done, 1 failed/m);
    expect(screen).not.toMatch(/[█░●]/);
  });
});
