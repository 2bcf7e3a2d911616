import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEVCTL, Rig } from '../support/rig.ts';

const V1 = '/sys/fs/cgroup/memory';

describe('devctl hardware', () => {
  test('as text, as JSON and as exports, of the same machine', async () => {
    await using rig = Rig.create();
    const { plan, machine } = await rig.json<{
      plan: { heapMb: number; oldSpaceMb: number; semiSpaceMb: number; threads: number };
      machine: { totalBytes: number; cores: number };
    }>('hardware');
    expect(machine.cores).toBeGreaterThan(0);
    expect(plan.heapMb * 2 ** 20).toBeLessThan(machine.totalBytes);
    const { stdout: text } = await rig.devctl('hardware');
    expect(text).toContain(`old space ${String(plan.oldSpaceMb)} MB`);
    const { stdout: exports } = await rig.devctl('hardware --export');
    expect(text).toContain(exports.trim());
    const heap = await rig.sh(`eval "$($DEVCTL hardware --export)"; node -p 'v8.getHeapStatistics().heap_size_limit / 2 ** 20'`);
    expect(Number(heap.stdout)).toBe(plan.heapMb);
  });

  test('into a file, again and again, but never over somebody’s', async () => {
    await using rig = Rig.create({ mine: 'export A=1\n' });
    // As a shell starts it: of `node bin/devctl.js --env-file new` Node 20 itself would want the file to be there.
    const write = (name: string) => rig.exec(DEVCTL, ['hardware', '--env-file', name]);
    expect((await write('.env.claude-memory')).stdout).toContain('source .env.claude-memory');
    expect(rig.read('.env.claude-memory')).toContain('export NODE_OPTIONS=');
    expect(await write('.env.claude-memory')).toMatchObject({ code: 0, stderr: '' });
    const refused = await write('mine');
    expect(refused.code).toBe(2);
    expect(rig.read('mine')).toBe('export A=1\n');
  });

  test.skipIf(process.getuid?.() !== 0 || !existsSync(`${V1}/cgroup.procs`))('in a container of 1 GB it is 1 GB', async () => {
    const own = /^\d+:memory:(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
    const group = join(V1, own, `dvtest-${String(process.pid)}`);
    mkdirSync(group);
    writeFileSync(join(group, 'memory.limit_in_bytes'), String(2 ** 30));
    try {
      await using rig = Rig.create();
      const { stdout } = await rig.sh(`echo $$ >${group}/cgroup.procs; $DEVCTL hardware`);
      expect(stdout).toContain(`1.0 GB (${group}/memory.limit_in_bytes)`);
      expect(stdout).toContain('Heap Size:       0.5 GB');
    } finally {
      rmdirSync(group);
    }
  });
});
