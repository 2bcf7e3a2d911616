import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { claudeBinary } from '../support/claude-binary.ts';
import type { Conductor } from '../support/conductor.ts';
import { bash, MockApi, prompt, type ApiStep } from '../support/mock-api.ts';
import { Lookout, Orchestra, type TaskWish } from '../support/orchestra.ts';
import { send } from '../support/process-tree.ts';
import { seeded } from '../support/seeded.ts';
import { waitFor } from '../support/wait-for.ts';

/** Many tasks at once. */
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';
const SEED = Number(process.env['DEVCTL_TEST_SEED'] ?? 20261128);

const TASKS = 60;
const KILLS = 12;

/** The API's mood when a task asks; most often it has none. */
function mood(random: () => number, then: ApiStep): ApiStep {
  const times = 1 + Math.floor(random() * 2);
  const moods: ApiStep[] = [
    { http: 429, headers: { 'retry-after': '1' }, times: times + 1, then },
    { http: 529, times, then },
    { http: 500, times, then },
    { drop: true, times, then },
    { sseError: 'overloaded_error', times, then },
  ];
  return moods[Math.floor(random() * moods.length * 2.5)] ?? then;
}

function someTasks(random: () => number): TaskWish[] {
  return Array.from({ length: TASKS }, (_, index) => {
    const id = `t${String(index)}`;
    const tool = bash(`echo ${id} >> ran; perl -e 'select undef, undef, undef, ${(0.2 + random()).toFixed(2)}'`);
    return {
      id,
      maxRetries: 10,
      dependsOn: index >= 10 && random() < 0.4 ? [`t${String(index - 10)}`] : [],
      prompt: prompt(id, [mood(random, tool), mood(random, { text: `result of ${id}` })]),
    };
  });
}

describe.skipIf(CLAUDE === '')('sixty tasks, eight at once', () => {
  test(
    'with an API of all moods, SIGKILLs of spokes and one of the hub: one right result each',
    { timeout: 240_000 },
    async () => {
      console.log(`seed ${String(SEED)}`);
      const random = seeded(SEED);
      await using api = await MockApi.start();
      await using orchestra = Orchestra.create(api, CLAUDE, someTasks(random), { concurrency: 8 });
      const beganMs = Date.now();
      const lookout = new Lookout(orchestra, 100);
      let kills = 0;
      const killer = setInterval(() => {
        const living = orchestra.spokes();
        const victim = living[Math.floor(random() * living.length)];
        if (!victim || kills >= KILLS || random() < 0.4) return;
        kills += 1;
        send('SIGKILL', victim);
      }, 700);
      try {
        const hub = orchestra.begin();
        await waitFor('a third of the results', () => hub.isOver || orchestra.records('done').length >= TASKS / 3, 120_000);
        hub.kill();
        expect((await hub.end()).code).toBe(137);
        const doneBefore = orchestra.records('done').map(({ task }) => task);
        const next = orchestra.begin('--resume');
        const { code, stderr } = await next.end(200_000);
        expect({ code, stderr }).toMatchObject({ code: 0 });
        const ids = Array.from({ length: TASKS }, (_, index) => `t${String(index)}`);
        expect(ids.map((id) => orchestra.read(`${id}.txt`))).toEqual(ids.map((id) => `result of ${id}\n`));
        expect(ids.filter((id) => orchestra.records('done', id).length !== 1)).toEqual([]);
        expect(
          orchestra
            .records('done')
            .slice(0, doneBefore.length)
            .map(({ task }) => task),
        ).toEqual(doneBefore);
        expect(lookout.doubles).toEqual([]);
        expect(orchestra.players()).toEqual([]);
      } finally {
        clearInterval(killer);
        lookout.stop();
        const retries = orchestra.records('retry').map(({ failure }) => failure.class);
        const byClass = [...new Set(retries)].map((name) => `${name} ${String(retries.filter((one) => one === name).length)}`);
        console.log(
          [
            `${((Date.now() - beganMs) / 1000).toFixed(1)} s, ${String(orchestra.records('done').length)} done`,
            `${String(orchestra.records('attempt').length)} attempts, ${String(orchestra.records('spawned').length)} processes, ${String(kills)} killed`,
            `retries: ${byClass.join(', ')}`,
            `${String(api.turns.length)} requests, ${String(lookout.samples)} looks, ${String(orchestra.rig.read('ran').split('\n').length - 1)} calls of tools`,
          ].join('\n'),
        );
      }
    },
  );
});

/** The most memory that a process had at once, in MB, while it lived. */
async function peakOf(conductor: Conductor): Promise<number> {
  let peak = 0;
  await waitFor(
    'its end',
    () => {
      try {
        const kb = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(conductor.pid)}/status`, 'utf8'))?.[1];
        peak = Math.max(peak, Number(kb ?? 0) / 1024);
      } catch {
        // It has ended.
      }
      return conductor.isOver;
    },
    55_000,
  );
  return peak;
}

describe('a thousand tasks', () => {
  test('of nobody: all done, and the hub stays below 150 MB', async () => {
    const random = seeded(SEED);
    const tasks = Array.from({ length: 1000 }, (_, index) => ({
      id: `t${String(index)}`,
      prompt: `number ${String(index)}`,
      dependsOn: index > 20 && random() < 0.5 ? [`t${String(Math.floor(random() * index))}`, `t${String(index - 20)}`] : [],
    }));
    await using orchestra = Orchestra.create({ url: 'http://127.0.0.1:1' }, '/nobody/has/claude', tasks);
    const beganMs = Date.now();
    const conductor = orchestra.begin('', { CLAUDE_EXECUTOR_MODE: 'mock' });
    const peak = await peakOf(conductor);
    console.log(`${((Date.now() - beganMs) / 1000).toFixed(1)} s, ${peak.toFixed(0)} MB at most`);
    const { code, stdout } = await conductor.end();
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1000 of 1000 tasks done/) as string });
    expect(tasks.filter(({ id }) => orchestra.read(`${id}.txt`) !== `mock: number ${id.slice(1)}\n`)).toEqual([]);
    expect(new Set(orchestra.records('done').map(({ task }) => task)).size).toBe(1000);
    expect(peak).toBeGreaterThan(20);
    expect(peak).toBeLessThan(150);
  });
});
