import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heapFlags, planMemory, planWithin } from '../../../src/claude/memory/plan.ts';
import { describeMemory, exportLines } from '../../../src/claude/memory/texts.ts';
import type { HardwareFacts, MemoryLimit } from '../../../src/machine/hardware.ts';

const MB = 2 ** 20;
const GB = 1024 * MB;

const machine = (gigabytes: number, cores: number, ...limits: MemoryLimit[]): HardwareFacts => ({
  model: 'Apple M4',
  totalBytes: gigabytes * GB,
  limits,
  cores,
});
const container = (bytes: number): MemoryLimit => ({ bytes, source: '/sys/fs/cgroup/memory.max' });

describe('how much of a machine', () => {
  test.each<[string, HardwareFacts, { heapMb: number; reserveMb: number; semiSpaceMb: number; threads: number; tasks: number }]>([
    ['8 GB laptop', machine(8, 8), { heapMb: 4608, reserveMb: 2048, semiSpaceMb: 64, threads: 8, tasks: 4 }],
    ['16 GB', machine(16, 10), { heapMb: 9728, reserveMb: 4096, semiSpaceMb: 64, threads: 10, tasks: 8 }],
    ['24 GB, the seeds’ example', machine(24, 12), { heapMb: 14_336, reserveMb: 4096, semiSpaceMb: 64, threads: 12, tasks: 10 }],
    [
      '24 GB as a virtual machine shows it',
      machine(23.54, 2),
      { heapMb: 14_336, reserveMb: 4096, semiSpaceMb: 64, threads: 4, tasks: 4 },
    ],
    ['28 GB, between two rows', machine(28, 12), { heapMb: 18_432, reserveMb: 4096, semiSpaceMb: 64, threads: 12, tasks: 10 }],
    ['32 GB', machine(32, 12), { heapMb: 20_992, reserveMb: 6144, semiSpaceMb: 64, threads: 12, tasks: 10 }],
    ['48 GB', machine(48, 14), { heapMb: 31_744, reserveMb: 6144, semiSpaceMb: 64, threads: 14, tasks: 10 }],
    ['56 GB, between two rows', machine(56, 14), { heapMb: 39_936, reserveMb: 8192, semiSpaceMb: 64, threads: 14, tasks: 10 }],
    ['64 GB', machine(64, 16), { heapMb: 45_568, reserveMb: 8192, semiSpaceMb: 64, threads: 16, tasks: 10 }],
    ['128 GB', machine(128, 128), { heapMb: 91_648, reserveMb: 8192, semiSpaceMb: 64, threads: 64, tasks: 10 }],
    ['container of 1 GB', machine(24, 2, container(GB)), { heapMb: 512, reserveMb: 512, semiSpaceMb: 16, threads: 4, tasks: 1 }],
    [
      'container of 4 GB',
      machine(64, 4, container(4 * GB)),
      { heapMb: 2432, reserveMb: 1024, semiSpaceMb: 32, threads: 4, tasks: 2 },
    ],
    [
      'container without a limit',
      machine(24, 2, container(100 * GB)),
      { heapMb: 14_336, reserveMb: 4096, semiSpaceMb: 64, threads: 4, tasks: 4 },
    ],
  ])('%s', (_, facts, expected) => {
    const plan = planMemory(facts);
    expect(plan).toMatchObject(expected);
    expect(plan.oldSpaceMb + 3 * plan.semiSpaceMb).toBe(plan.heapMb);
  });

  test('of several limits the smallest holds, and is named', () => {
    const [loose, tight] = [container(4 * GB), { bytes: 2 * GB, source: '/sys/fs/cgroup/a/memory.high' }];
    expect(planMemory(machine(24, 2, loose, tight))).toMatchObject({ effectiveMb: 2048, limitedBy: tight });
    expect(describeMemory(machine(24, 2, tight), planMemory(machine(24, 2, tight)))).toContain(
      '2.0 GB (/sys/fs/cgroup/a/memory.high)',
    );
  });

  test('below a ceiling that was asked for, the heap has room in it', () => {
    const plan = planMemory(machine(24, 12));
    expect(plan.ceilingMb).toBe(17_920);
    expect(planWithin(plan, 1024)).toMatchObject({ ceilingMb: 1024, heapMb: 768, semiSpaceMb: 16, oldSpaceMb: 720 });
    expect(planWithin(plan, 300)).toMatchObject({ heapMb: 192, semiSpaceMb: 8, oldSpaceMb: 168 });
    expect(planWithin(plan, 100_000)).toMatchObject({ heapMb: plan.heapMb, oldSpaceMb: plan.oldSpaceMb });
  });

  test('whatever the machine: something is left to the system, V8 gets whole powers of two, and more memory never gives less heap', () => {
    const size = fc.integer({ min: 1024, max: 300 * 1024 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 200 }), (one, other, cores) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((mb) =>
          planMemory({ model: '', totalBytes: mb * MB, limits: [], cores }),
        );
        if (!less || !more) throw new Error('two plans');
        expect(more.heapMb).toBeGreaterThanOrEqual(less.heapMb);
        expect(more.tasks).toBeGreaterThanOrEqual(less.tasks);
        for (const plan of [less, more]) {
          expect(plan.heapMb).toBeLessThanOrEqual(plan.effectiveMb - plan.reserveMb);
          expect(Math.log2(plan.semiSpaceMb) % 1).toBe(0);
          expect(plan.oldSpaceMb).toBeGreaterThan(0);
          expect(plan.tasks).toBeGreaterThanOrEqual(1);
        }
      }),
    );
  });
});

test('as the seeds print it, and as exports', () => {
  const facts = machine(24, 12);
  const text = describeMemory(facts, planMemory(facts));
  expect(text).toContain('Heap Size:       14.0 GB (58% of total RAM)');
  expect(text).toContain('Thread Pool:     12 threads');
  expect(text).not.toContain('Limit:');
  expect(exportLines(planMemory(facts))).toBe(
    'export NODE_OPTIONS="--max-old-space-size=14144 --max-semi-space-size=64"\nexport UV_THREADPOOL_SIZE=12',
  );
  expect(heapFlags({ oldSpaceMb: 464, semiSpaceMb: 16 })).toEqual(['--max-old-space-size=464', '--max-semi-space-size=16']);
});
