import { describe, expect, test } from 'vitest';
import { claudeBinary } from '../support/claude-binary.ts';
import { isAlive } from '../support/leftovers.ts';
import { bash, gate, LONG, LONG_COMMAND, MockApi, prompt } from '../support/mock-api.ts';
import { Orchestra } from '../support/orchestra.ts';
import { waitFor } from '../support/wait-for.ts';

/** What passes is tried again, and what does not ends the run: with the real Claude Code and an API that has its moods. */
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';

const isOnce = (orchestra: Orchestra, ...ids: string[]) => {
  expect(ids.map((id) => orchestra.records('done', id).length)).toEqual(ids.map(() => 1));
};

describe.skipIf(CLAUDE === '')('what passes', () => {
  test.each([
    { what: '429', step: { http: 429, headers: { 'retry-after': '1' } } },
    { what: '529', step: { http: 529 } },
    { what: '500', step: { http: 500 } },
    { what: 'an error in the stream', step: { sseError: 'overloaded_error' } },
    { what: 'a cut stream', step: { drop: true as const } },
  ])('$what, once and more often than Claude Code itself tries', async ({ step }) => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [
      { id: 'once', prompt: prompt('once', [{ ...step, times: 1, then: { text: 'right' } }]) },
      { id: 'often', prompt: prompt('often', [bash('echo begun'), { ...step, times: 5, then: { text: 'right too' } }]) },
    ]);
    const { code, stderr } = await orchestra.run();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect([orchestra.read('once.txt'), orchestra.read('often.txt')]).toEqual(['right\n', 'right too\n']);
    isOnce(orchestra, 'once', 'often');
    const { perTask, retries } = orchestra.stats();
    expect(perTask.map(({ state, retries: own }) => ({ state, own }))).toEqual([
      { state: 'done', own: 0 },
      { state: 'done', own: orchestra.records('retry', 'often').length },
    ]);
    expect(retries).toBe(orchestra.records('retry').length);
    // The tool has run once: the second attempt goes on in the conversation of the first.
    expect(
      api
        .asked('often')
        .at(-1)
        ?.toolResults.map(({ text }) => text),
    ).toEqual(['begun']);
  });

  test('a hang, cut at the time of the task; without retries it fails with that reason', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [
      {
        id: 'passes',
        timeout: '4s',
        prompt: prompt('passes', [bash('echo begun'), { hang: true, times: 1, then: { text: 'right' } }]),
      },
      { id: 'stays', timeout: 3000, maxRetries: 0, prompt: prompt('stays', [{ hang: true }]) },
      { id: 'tool', timeout: '3s', maxRetries: 0, prompt: prompt('tool', [bash(LONG)]) },
    ]);
    const { code, stderr } = await orchestra.run();
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(orchestra.read('passes.txt')).toBe('right\n');
    expect(orchestra.records('retry').map(({ task, failure }) => [task, failure.class])).toEqual([['passes', 'timeout']]);
    expect(orchestra.read('stays.error.txt')).toMatch(/^it was not done after 3 s/);
    expect(orchestra.read('tool.error.txt')).toMatch(/^it was not done after 3 s/);
    expect(orchestra.players()).toEqual([]);
    isOnce(orchestra, 'passes');
  });

  test('SIGKILL to a spoke in the middle of a tool call: the tool dies too, and the session goes on', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [
      { id: 'a', prompt: prompt('a', [bash(LONG), bash('echo after'), { echo: true }]) },
    ]);
    const conductor = orchestra.begin();
    const tool = await orchestra.tool(LONG_COMMAND);
    const before = await orchestra.spoke('a');
    process.kill(before.pid, 'SIGKILL');
    await waitFor('the end of the tool', () => !isAlive(tool.pid));
    const { code, stderr } = await conductor.end();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(orchestra.read('a.txt')).toBe('after\n');
    isOnce(orchestra, 'a');
    expect(orchestra.records('attempt')).toHaveLength(1);
    expect(orchestra.records('spawned', 'a').map(({ pid }) => pid === before.pid)).toEqual([true, false]);
    expect(new Set(orchestra.events('a').map(({ session_id }) => session_id))).toEqual(
      new Set([orchestra.records('attempt')[0]?.session]),
    );
    expect(api.asked('a').at(-1)?.texts.join('\n')).toContain('Your process ended before you were done');
  });

  test('SIGKILL to a spoke before its first answer: the task begins anew', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [
      { id: 'a', prompt: prompt('a', [{ hang: true, times: 1, then: { text: 'right' } }]) },
    ]);
    const conductor = orchestra.begin();
    await api.turn('a');
    process.kill((await orchestra.spoke('a')).pid, 'SIGKILL');
    const { code, stderr } = await conductor.end();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(orchestra.read('a.txt')).toBe('right\n');
    isOnce(orchestra, 'a');
  });

  test('but a spoke that ends again and again has failed', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [{ id: 'a', maxRetries: 0, prompt: prompt('a', [{ hang: true }]) }]);
    const conductor = orchestra.begin();
    const killed = new Set<number>();
    await waitFor(
      'the end of all attempts',
      () => {
        for (const { pid } of orchestra.spokes('a')) {
          if (!killed.has(pid)) process.kill(pid, 'SIGKILL');
          killed.add(pid);
        }
        return conductor.isOver;
      },
      40_000,
    );
    expect((await conductor.end()).code).toBe(1);
    expect(orchestra.read('a.error.txt')).toMatch(/^it ended 4 times in the middle of its work/);
    expect(killed.size).toBe(4);
  });
});

describe.skipIf(CLAUDE === '')('a login that is refused in the middle', () => {
  test('is said once and ends everything; --resume does the rest when the API lets in', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(
      api,
      CLAUDE,
      [
        { id: 'first', priority: 1, prompt: prompt('first', [{ text: 'one' }]) },
        { id: 'long', priority: 2, prompt: prompt('long', [bash(LONG), { text: 'three' }]) },
        { id: 'refused', priority: 3, prompt: prompt('refused', [gate('go'), { text: 'two' }]) },
        { id: 'later', dependsOn: ['refused'], prompt: prompt('later', [{ text: 'four' }]) },
      ],
      { concurrency: 3 },
    );
    const conductor = orchestra.begin();
    await waitFor('the first', () => orchestra.has('first.txt'), 20_000);
    await orchestra.tool(LONG_COMMAND);
    await orchestra.gateOf('refused');
    api.refusal = { http: 401, message: 'invalid x-api-key' };
    orchestra.rig.write({ go: '' });
    const { code, stdout, stderr } = await conductor.end();
    expect(orchestra.players()).toEqual([]);
    expect({ code, stdout, stderr }).toMatchObject({ code: 4, stdout: '' });
    expect(stderr.match(/Claude Code is not let in/g)).toHaveLength(1);
    expect(stderr).toContain('1 of 4 tasks are done');
    expect(stderr).toContain('devctl orchestrate tasks.json --resume');
    expect(stderr).not.toMatch(/^(failed|skipped)/m);
    expect(orchestra.stats()).toMatchObject({ end: 'halted', tasks: { completed: 1, left: 3, failed: 0 } });

    // It is still refused: nothing is lost by another try.
    const again = await orchestra.run('--resume --json');
    expect(again.code).toBe(4);
    expect(JSON.parse(again.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ ok: false, failure: { code: 'HALTED' } });
    api.refusal = undefined;
    const resumed = await orchestra.run('--resume');
    expect(resumed).toMatchObject({ code: 0 });
    expect(['first', 'long', 'refused', 'later'].map((id) => orchestra.read(`${id}.txt`))).toEqual([
      'one\n',
      'three\n',
      'two\n',
      'four\n',
    ]);
    isOnce(orchestra, 'first', 'long', 'refused', 'later');
    expect(api.asked('first')).toHaveLength(1);
  });
});
