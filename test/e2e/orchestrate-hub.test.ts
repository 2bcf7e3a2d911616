import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claudeBinary } from '../support/claude-binary.ts';
import { isAlive } from '../support/leftovers.ts';
import { bash, gate, LONG, LONG_COMMAND, LONG_ONCE, MockApi, prompt } from '../support/mock-api.ts';
import { Lookout, Orchestra } from '../support/orchestra.ts';
import { seeded } from '../support/seeded.ts';
import { waitFor } from '../support/wait-for.ts';

/** The hub is killed, and another one takes over: with the real Claude Code. */
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';

const isOnce = (orchestra: Orchestra, ids: string[]) => {
  expect(ids.map((id) => `${id} ${String(orchestra.records('done', id).length)}`)).toEqual(ids.map((id) => `${id} 1`));
};

describe.skipIf(CLAUDE === '')('kill -9 of the hub', () => {
  test('its spokes live on; --resume adopts the living, reads of the ended, resumes the dead', { timeout: 90_000 }, async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(
      api,
      CLAUDE,
      [
        { id: 'finished', priority: 1, prompt: prompt('finished', [{ text: 'finished' }]) },
        { id: 'lives', priority: 2, prompt: prompt('lives', [gate('live'), { text: 'lives' }]) },
        { id: 'ends', priority: 2, prompt: prompt('ends', [gate('end'), { text: 'ends' }]) },
        { id: 'dies', priority: 2, prompt: prompt('dies', [bash(LONG_ONCE), { text: 'dies' }]) },
        {
          id: 'later',
          dependsOn: ['lives', 'ends', 'dies'],
          prompt: prompt('later', [{ text: 'later' }], '{{tasks.ends.result}}!'),
        },
      ],
      { concurrency: 3 },
    );
    const hub = orchestra.begin();
    const { pid: tool } = await orchestra.tool(LONG_COMMAND);
    await Promise.all(['lives', 'ends'].map((id) => api.turn(id)));
    const [lives, ends, dies] = [await orchestra.spoke('lives'), await orchestra.spoke('ends'), await orchestra.spoke('dies')];
    await waitFor('the first', () => orchestra.records('done', 'finished').length === 1);
    hub.kill();
    expect((await hub.end()).code).toBe(137);

    orchestra.rig.write({ end: '' });
    await waitFor('the end of one without a hub', () => !isAlive(ends.pid), 20_000);
    process.kill(dies.pid, 'SIGKILL');
    expect([isAlive(lives.pid), isAlive(tool)]).toEqual([true, true]);
    expect(orchestra.records('done')).toHaveLength(1);

    const next = orchestra.begin('--resume');
    await waitFor('the dead one to be resumed', () => orchestra.records('spawned', 'dies').length === 2, 20_000);
    expect(isAlive(tool)).toBe(false);
    await waitFor('the result of the ended one', () => orchestra.has('ends.txt'), 20_000);
    expect(orchestra.spokes('lives').map(({ pid }) => pid)).toEqual([lives.pid]);
    orchestra.rig.write({ live: '' });
    const { code, stderr } = await next.end();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const ids = ['finished', 'lives', 'ends', 'dies', 'later'];
    expect(ids.map((id) => orchestra.read(`${id}.txt`))).toEqual(ids.map((id) => `${id}\n`));
    isOnce(orchestra, ids);
    expect(ids.map((id) => orchestra.records('spawned', id).length)).toEqual([1, 1, 1, 2, 1]);
    expect(ids.map((id) => orchestra.records('attempt', id).length)).toEqual([1, 1, 1, 1, 1]);
    expect(ids.filter((id) => id !== 'dies').map((id) => api.asked(id).length)).toEqual([1, 2, 2, 1]);
    expect(api.asked('later')[0]?.texts.join('\n')).toContain('ends!');
    expect(orchestra.stats()).toMatchObject({ end: 'finished', tasks: { completed: 5 }, attempts: 5 });
    expect(orchestra.stats().costUsd).toBeCloseTo(
      ids.reduce((sum, id) => sum + Math.max(0, ...orchestra.events(id).map(({ total_cost_usd = 0 }) => total_cost_usd)), 0),
      5,
    );
  });

  test('a dead spoke is told to go on, not all of its task again', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [
      { id: 'a', prompt: prompt('a', [bash(LONG_ONCE), { text: 'x' }], 'The whole task.') },
    ]);
    const hub = orchestra.begin();
    await orchestra.tool(LONG_COMMAND);
    const { pid } = await orchestra.spoke('a');
    hub.kill();
    await hub.end();
    process.kill(pid, 'SIGKILL');
    expect((await orchestra.run('--resume')).code).toBe(0);
    const texts = api.asked('a').at(-1)?.texts ?? [];
    expect(texts.join('\n')).toContain('Your process ended before you were done');
    expect(texts.filter((text) => text.includes('The whole task.'))).toHaveLength(1);
  });

  test('at any moment, again and again: each task has one result, and never two spokes', { timeout: 180_000 }, async () => {
    const seed = Number(process.env['DEVCTL_TEST_SEED'] ?? 20261128);
    console.log(`seed ${String(seed)}`);
    const random = seeded(seed);
    for (let round = 0; round < 4; round += 1) {
      await using api = await MockApi.start();
      const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
      await using orchestra = Orchestra.create(
        api,
        CLAUDE,
        ids.map((id, index) => ({
          id,
          dependsOn: index >= 4 ? [ids[index - 4]] : [],
          prompt: prompt(id, [bash(`echo ${id}1`), { text: `result of ${id}`, delayMs: 200 }]),
        })),
        { concurrency: 3 },
      );
      const lookout = new Lookout(orchestra);
      const kills: number[] = [];
      let words = '';
      for (let kill = 0; kill < 4; kill += 1) {
        const hub = orchestra.begin(words);
        const ms = Math.floor(random() * 1500);
        kills.push(ms);
        await new Promise((resolve) => setTimeout(resolve, ms));
        hub.kill();
        const { code, stderr } = await hub.end();
        expect({ code: [0, 137].includes(code), stderr }).toMatchObject({ code: true });
        // One that was killed before its first record has left no run.
        words = orchestra.journal().length > 0 ? '--resume' : '';
      }
      const { code, stderr } = await orchestra.run(words);
      lookout.stop();
      console.log(
        `round ${String(round)}: killed after ${kills.join(', ')} ms; ${String(lookout.samples)} looks, ${String(orchestra.stats().attempts)} attempts, ${String(orchestra.records('spawned').length)} spawned`,
      );
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(ids.map((id) => orchestra.read(`${id}.txt`))).toEqual(ids.map((id) => `result of ${id}\n`));
      isOnce(orchestra, ids);
      expect(lookout.doubles).toEqual([]);
      expect(orchestra.players()).toEqual([]);
    }
  });
});

/** Kills it as soon as the journal has so many of these records; by then there may be more. */
async function killAt(orchestra: Orchestra, kind: 'attempt' | 'spawning' | 'spawned', count: number): Promise<void> {
  const hub = orchestra.begin();
  const endMs = Date.now() + 20_000;
  while (orchestra.records(kind).length < count && Date.now() < endMs) await new Promise((resolve) => setImmediate(resolve));
  hub.kill();
  await hub.end();
}

describe.skipIf(CLAUDE === '')('kill -9 of the hub while it spawns', () => {
  test.each(['attempt', 'spawning', 'spawned'] as const)('after the record "%s": one spoke, one result', async (kind) => {
    const ends: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      await using api = await MockApi.start();
      const ids = ['a', 'b'];
      await using orchestra = Orchestra.create(
        api,
        CLAUDE,
        ids.map((id) => ({ id, prompt: prompt(id, [bash('echo x'), { text: id }]) })),
      );
      const lookout = new Lookout(orchestra, 20);
      await killAt(orchestra, kind, 1 + (round % 2));
      ends.push(orchestra.journal().at(-1)?.kind ?? '');
      const { code, stderr } = await orchestra.run('--resume');
      lookout.stop();
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(ids.map((id) => orchestra.read(`${id}.txt`))).toEqual(['a\n', 'b\n']);
      isOnce(orchestra, ids);
      expect(lookout.doubles).toEqual([]);
    }
    console.log(`the last record was ${ends.join(', ')}`);
  });
});

describe.skipIf(CLAUDE === '')('a folder that has a run in it', () => {
  test('and a hub at work: exit 6, and that one goes on', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [{ id: 'a', prompt: prompt('a', [gate('go'), { text: 'one' }]) }]);
    const hub = orchestra.begin();
    await api.turn('a');
    for (const words of ['', '--resume', '--restart', '--retry-failed']) {
      const { code, stderr } = await orchestra.run(words);
      expect({ words, code, stderr }).toMatchObject({ code: 6, stderr: expect.stringContaining(String(hub.pid)) as string });
    }
    orchestra.rig.write({ go: '' });
    expect((await hub.end()).code).toBe(0);
    expect(orchestra.read('a.txt')).toBe('one\n');
  });

  test('unfinished: exit 2 without a word for it, nothing lost; --restart sets it aside', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [
      { id: 'a', prompt: prompt('a', [{ text: 'one' }]) },
      { id: 'b', dependsOn: ['a'], prompt: prompt('b', [bash(LONG), { text: 'two' }]) },
    ]);
    expect(await orchestra.run('--resume')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no run in') as string,
    });
    const hub = orchestra.begin();
    await orchestra.tool(LONG_COMMAND);
    hub.kill();
    await hub.end();
    const before = orchestra.read('.devctl/journal.jsonl');
    const refused = await orchestra.run();
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('1 of 2 tasks done');
    expect(refused.stderr).toContain('--resume');
    expect(refused.stderr).toContain('--restart');
    expect(orchestra.read('.devctl/journal.jsonl')).toBe(before);
    expect(orchestra.read('a.txt')).toBe('one\n');
    orchestra.setTasks([
      { id: 'a', prompt: prompt('a', [{ text: 'new one' }]) },
      { id: 'b', dependsOn: ['a'], prompt: prompt('b', [{ text: 'new two' }]) },
    ]);
    const { code, stderr } = await orchestra.run('--restart');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(orchestra.players()).toEqual([]);
    expect([orchestra.read('previous/a.txt'), orchestra.read('a.txt'), orchestra.read('b.txt')]).toEqual([
      'one\n',
      'new one\n',
      'new two\n',
    ]);
    expect(orchestra.read('previous/.devctl/journal.jsonl').startsWith(before)).toBe(true);
    expect(existsSync(join(orchestra.folder, 'previous', 'b.txt'))).toBe(false);
  });

  test('--restart ends the spokes of the run that it sets aside', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [{ id: 'a', prompt: prompt('a', [bash(LONG_ONCE), { text: 'x' }]) }]);
    const hub = orchestra.begin();
    await orchestra.tool(LONG_COMMAND);
    const before = await orchestra.spoke('a');
    hub.kill();
    await hub.end();
    expect((await orchestra.run('--restart')).code).toBe(0);
    expect(isAlive(before.pid)).toBe(false);
  });
});
