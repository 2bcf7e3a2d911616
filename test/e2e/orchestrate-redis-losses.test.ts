import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claudeBinary } from '../support/claude-binary.ts';
import { Fleet } from '../support/fleet.ts';
import { isAlive } from '../support/leftovers.ts';
import { bash, LONG, LONG_COMMAND, MockApi, prompt, type ApiStep } from '../support/mock-api.ts';
import type { Conductor } from '../support/conductor.ts';
import { Lookout, type Orchestra } from '../support/orchestra.ts';
import { descendants, send } from '../support/process-tree.ts';
import { waitFor } from '../support/wait-for.ts';

/** What is killed: workers, Redis, the hub. */
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';

const mockTasks = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `t${String(index)}`, prompt: `number ${String(index)}` }));
const begunIn = (worker: Conductor) => [...worker.stderr.matchAll(/^begins {4}(\S+)/gm)].map(([, id]) => id ?? '').sort();
const doneIn = (orchestra: Orchestra) => orchestra.records('done').map(({ task }) => task);
/** A tool that waits for a file in the rig's project, wherever it is started; or for ever, the first time. */
const gateAt = (folder: string): ApiStep =>
  bash(`until [ -e ${folder}/go ]; do perl -e 'select undef, undef, undef, 0.05'; done`);
const longOnceAt = (folder: string): ApiStep => bash(`[ -e ${folder}/ran ] || { touch ${folder}/ran; ${LONG}; }`);

function eachOnce(orchestra: Orchestra, tasks: { id: string; prompt: string }[]): void {
  expect(doneIn(orchestra).sort()).toEqual(tasks.map(({ id }) => id).sort());
  for (const { id, prompt: line } of tasks) expect(orchestra.read(`${id}.txt`)).toBe(`mock: ${line}\n`);
}

async function realFleet(api: MockApi, steps: (folder: string) => ApiStep[]): Promise<Fleet> {
  const fleet = await Fleet.create([{ id: 'a', prompt: 'later' }], { claude: { path: CLAUDE, api } });
  const folder = join(fleet.orchestra.rig.root, 'gates');
  fleet.orchestra.rig.write({ '.keep': '' }, folder);
  fleet.orchestra.setTasks([{ id: 'a', prompt: prompt('a', steps(folder)) }]);
  return fleet;
}

describe.skipIf(CLAUDE === '')('a worker that is killed', () => {
  test.each([{ who: 'its watchdog ends its spoke' }, { who: 'its watchdog too: the next one ends its spoke' }])(
    'at its work: $who; another one does the task, and nobody twice at a time',
    { timeout: 90_000 },
    async ({ who }) => {
      await using api = await MockApi.start();
      await using fleet = await realFleet(api, (folder) => [longOnceAt(folder), { text: 'done by the other' }]);
      const { orchestra } = fleet;
      const lookout = new Lookout(orchestra);
      const workers = [await fleet.worker('--concurrency 1'), await fleet.worker('--concurrency 1')];
      const hub = fleet.hub();
      const tool = await orchestra.tool(LONG_COMMAND);
      const spoke = await orchestra.spoke('a');
      const victim = workers.find((worker) => begunIn(worker).includes('a'));
      const other = workers.find((worker) => worker !== victim);
      const killedMs = Date.now();
      if (who.includes('too')) {
        const watchdogs = descendants(victim?.pid ?? 0).filter(({ command }) => command.includes('watchdog.sh'));
        expect(watchdogs).toHaveLength(1);
        for (const watchdog of watchdogs) send('SIGKILL', watchdog);
      }
      victim?.kill();
      await waitFor('the end of its spoke', () => !isAlive(spoke.pid) && !isAlive(tool.pid), 40_000);
      const endedMs = Date.now();
      const { code, stderr } = await hub.end(60_000);
      lookout.stop();
      console.log(
        `${who}: spoke ended after ${String(endedMs - killedMs)} ms, all done after ${String(Date.now() - killedMs)} ms`,
      );
      expect(code, stderr).toBe(0);
      expect(begunIn(other as Conductor)).toEqual(['a']);
      expect(doneIn(orchestra)).toEqual(['a']);
      expect(orchestra.read('a.txt')).toBe('done by the other\n');
      expect(lookout.doubles).toEqual([]);
      expect(orchestra.players()).toEqual([]);
    },
  );
});

describe('workers that are killed one after another', () => {
  test('all tasks are done, each has one result', { timeout: 150_000 }, async () => {
    const tasks = mockTasks(60);
    await using fleet = await Fleet.create(tasks);
    const hub = fleet.hub();
    const workers = [await fleet.mockWorker('--concurrency 4', 700), await fleet.mockWorker('--concurrency 4', 700)];
    for (let kills = 1; kills <= 3; kills += 1) {
      const before = doneIn(fleet.orchestra).length;
      await waitFor('some more to be done', () => hub.isOver || doneIn(fleet.orchestra).length > before + 3, 40_000);
      workers.shift()?.kill();
      workers.push(await fleet.mockWorker('--concurrency 4', 700));
    }
    const { code, stderr } = await hub.end(100_000);
    expect(code, stderr).toBe(0);
    eachOnce(fleet.orchestra, tasks);
  });
});

describe('a Redis that keeps nothing and is restarted', () => {
  test('with tasks in it: the hub puts them back, and no running one is begun again', { timeout: 90_000 }, async () => {
    const tasks = mockTasks(24);
    await using fleet = await Fleet.create(tasks);
    const worker = await fleet.mockWorker('--concurrency 3', 1500);
    const hub = fleet.hub();
    await waitFor('some to be done', () => doneIn(fleet.orchestra).length >= 3, 20_000);
    await waitFor('three at work', () => begunIn(worker).length >= 6);
    await fleet.redis.restart();
    const { code, stderr } = await hub.end(60_000);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('Redis is gone');
    eachOnce(fleet.orchestra, tasks);
    expect(begunIn(worker)).toEqual(tasks.map(({ id }) => id).sort());
  });

  test('gone for longer, twice: hub and workers wait for it', { timeout: 120_000 }, async () => {
    const tasks = mockTasks(20);
    await using fleet = await Fleet.create(tasks);
    const workers = [await fleet.mockWorker('--concurrency 2', 800), await fleet.mockWorker('--concurrency 2', 800)];
    const hub = fleet.hub();
    for (const count of [3, 9]) {
      await waitFor('some to be done', () => doneIn(fleet.orchestra).length >= count, 40_000);
      await fleet.redis.kill();
      await waitFor('the hub to notice', () => hub.stderr.includes('Redis is gone'));
      // What runs comes to its end meanwhile, and has nobody to tell.
      await waitFor('the ends of those at work', () =>
        workers.every(({ stderr }) => stderr.split('begins  ').length === stderr.split('done    ').length),
      );
      await fleet.redis.begin();
    }
    const { code, stderr } = await hub.end(80_000);
    expect(code, stderr).toBe(0);
    eachOnce(fleet.orchestra, tasks);
  });

  test.skipIf(CLAUDE === '')('under a real Claude Code: one process, one result', { timeout: 90_000 }, async () => {
    await using api = await MockApi.start();
    let gates = '';
    await using fleet = await realFleet(api, (folder) => {
      gates = folder;
      return [gateAt(folder), { text: 'one result' }];
    });
    const { orchestra } = fleet;
    const worker = await fleet.worker('--concurrency 2');
    const hub = fleet.hub();
    await orchestra.gateOf('a');
    const { pid } = await orchestra.spoke('a');
    await fleet.redis.restart();
    // The hub has put it back, and the worker has it again, beside itself.
    await waitFor('its job', async () => (await fleet.redis.jobKeys()).some((key) => key.endsWith(':lock')), 30_000);
    expect(orchestra.spokes().map((spoke) => spoke.pid)).toEqual([pid]);
    orchestra.rig.write({ go: '' }, gates);
    const { code, stderr } = await hub.end(60_000);
    expect(code, stderr).toBe(0);
    expect([doneIn(orchestra), begunIn(worker)]).toEqual([['a'], ['a']]);
    expect(api.asked('a')).toHaveLength(2);
    expect(orchestra.events('a').filter(({ type }) => type === 'result')).toHaveLength(1);
  });
});

describe('a hub that is killed', () => {
  test.each([{ loses: false }, { loses: true }])(
    'is resumed, and takes what workers have done meanwhile (Redis has lost all: $loses)',
    { timeout: 90_000 },
    async ({ loses }) => {
      const tasks = mockTasks(12);
      const last = { id: 'last', prompt: 'the last', dependsOn: tasks.map(({ id }) => id) };
      await using fleet = await Fleet.create([...tasks, last]);
      const worker = await fleet.mockWorker('--concurrency 2', 400);
      const hub = fleet.hub();
      await waitFor('some to be done', () => doneIn(fleet.orchestra).length >= 3, 20_000);
      hub.kill();
      expect((await hub.end()).code).toBe(137);
      const before = doneIn(fleet.orchestra);
      await waitFor('the others to be done', () => worker.stderr.split('done    ').length === 13, 20_000);
      if (loses) await fleet.redis.restart();
      const next = fleet.hub('--resume');
      const { code, stderr } = await next.end();
      expect(code, stderr).toBe(0);
      eachOnce(fleet.orchestra, [...tasks, last]);
      expect(doneIn(fleet.orchestra).slice(0, before.length)).toEqual(before);
      expect(begunIn(worker)).toEqual([...tasks, last].map(({ id }) => id).sort());
      expect(await fleet.redis.jobKeys()).toEqual([]);
    },
  );

  test.skipIf(CLAUDE === '')('with a real Claude Code at work: its one process goes on, and all of its events come', async () => {
    await using api = await MockApi.start();
    let gates = '';
    await using fleet = await realFleet(api, (folder) => {
      gates = folder;
      return [gateAt(folder), { text: 'without a hub' }];
    });
    const { orchestra } = fleet;
    const worker = await fleet.worker('--concurrency 2');
    const hub = fleet.hub();
    await orchestra.gateOf('a');
    hub.kill();
    await hub.end();
    orchestra.rig.write({ go: '' }, gates);
    await waitFor('its end', () => worker.stderr.includes('done      a'), 20_000);
    const { code, stderr } = await fleet.hub('--resume').end();
    expect(code, stderr).toBe(0);
    expect([doneIn(orchestra), orchestra.read('a.txt')]).toEqual([['a'], 'without a hub\n']);
    expect(api.asked('a')).toHaveLength(2);
    const types = orchestra.events('a').map(({ type }) => type);
    expect([types.at(0), types.at(-1), types.filter((type) => type === 'result').length]).toEqual(['system', 'result', 1]);
  });
});
