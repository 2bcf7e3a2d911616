import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Fleet } from '../support/fleet.ts';
import type { Conductor } from '../support/conductor.ts';
import { waitFor } from '../support/wait-for.ts';

const TASKS = 10_000;
const WORKERS = 8;
const MOST_MS = 180_000;

/** The most memory that a process has had so far, in MB; nothing when it has ended. */
function peakOf({ pid }: Conductor): number | undefined {
  try {
    const kb = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    return undefined;
  }
}

const WHEN = [{ when: 'there already' }, { when: 'when all are handed out' }];

test.each(WHEN)(
  'ten thousand tasks, eight workers, $when: all are done, each once, and Redis is empty',
  { timeout: 300_000 },
  async ({ when }) => {
    const tasks = Array.from({ length: TASKS }, (_, index) => ({
      id: `t${String(index)}`,
      prompt: `number ${String(index)}`,
      // A few chains among them.
      dependsOn: index >= 100 && index % 10 === 0 ? [`t${String(index - 100)}`] : [],
    }));
    await using fleet = await Fleet.create(tasks);
    const { orchestra } = fleet;
    const workers: Conductor[] = [];
    const beginWorkers = async () => {
      for (let index = 0; index < WORKERS; index += 1) workers.push(await fleet.mockWorker('--concurrency 10', 1));
    };
    if (when === 'there already') await beginWorkers();
    const beganMs = Date.now();
    const hub = fleet.hub();
    if (workers.length === 0) {
      const ready = tasks.filter(({ dependsOn }) => dependsOn.length === 0).length;
      const queued = () => fleet.redis.ask((client) => client.zcard('devctl:tasks-1:prioritized'));
      await waitFor('all to be handed out', async () => (await queued()) === ready, 60_000);
      console.log(`${String(ready)} handed out after ${String(Date.now() - beganMs)} ms`);
      await beginWorkers();
    }
    let peakMb = 0;
    const isOver = () => {
      peakMb = Math.max(peakMb, peakOf(hub) ?? 0);
      return hub.isOver;
    };
    await waitFor('the end', isOver, 280_000);
    const tookMs = Date.now() - beganMs;
    const { code, stdout, stderr } = await hub.end();
    const each = workers.map((worker) => worker.stderr.split('begins    ').length - 1);
    const redisMb = await fleet.redis.ask((client) => client.info('memory'));
    console.log(
      `${(tookMs / 1000).toFixed(1)} s; the hub had ${peakMb.toFixed(0)} MB at most; Redis ${/used_memory_peak_human:(\S+)/.exec(redisMb)?.[1] ?? '?'}; tasks of each worker: ${each.join(', ')}`,
    );
    expect(code, stderr.slice(-500)).toBe(0);
    expect(stdout).toContain(`${String(TASKS)} of ${String(TASKS)} tasks done`);
    const done = orchestra.records('done').map(({ task }) => task);
    expect([done.length, new Set(done).size]).toEqual([TASKS, TASKS]);
    expect(tasks.filter(({ id, prompt }) => orchestra.read(`${id}.txt`) !== `mock: ${prompt}\n`)).toEqual([]);
    expect(each.reduce((sum, one) => sum + one)).toBe(TASKS);
    expect(await fleet.redis.jobKeys()).toEqual([]);
    expect(tookMs).toBeLessThan(MOST_MS);
  },
);
