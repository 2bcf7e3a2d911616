import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findHung, type Marks } from '../../../src/claude/governor/hung.ts';
import { findJobs, type Job } from '../../../src/claude/governor/jobs.ts';
import type { ProcessInfo } from '../../../src/machine/processes.ts';
import { NO_PIPES, workBelow } from '../fakes/work.ts';

type Given = Partial<ProcessInfo> & { pid: number };

const jobsOf = (...work: Given[]): Job[] => findJobs(workBelow(...work), () => NO_PIPES).jobs;

interface Look {
  nowMs: number;
  jobs: Job[];
  ioBytes?: number | undefined;
  /** Pids that read from a pipe. */
  fed?: number[];
}

/** Looks one after the other; who hangs at the last one. */
function watch(looks: Look[], nameOf: (pid: number) => string = () => 'rg') {
  let marks: Marks = new Map();
  let found: string[] = [];
  for (const look of looks) {
    const { nowMs, jobs, fed = [] } = look;
    const ioBytes = 'ioBytes' in look ? look.ioBytes : 7;
    const answer = findHung(marks, {
      nowMs,
      jobs,
      nameOf: ({ pid }) => nameOf(pid),
      ioBytesOf: () => ioBytes,
      isFed: ({ pid }) => fed.includes(pid),
    });
    marks = answer.marks;
    found = answer.hung.map(({ process, program, idleMs }) => `${program} ${String(process.pid)} ${String(idleMs)}`);
  }
  return found;
}
const RG = jobsOf({ pid: 20 });

describe('a tool that stands still', () => {
  test.each([
    ['fd', 10_000],
    ['fdfind', 10_000],
    ['rg', 15_000],
    ['bat', 5000],
    ['exa', 3000],
    ['eza', 3000],
    ['lsd', 3000],
    ['dust', 10_000],
    ['tokei', 30_000],
    ['hyperfine', 600_000],
  ])('%s hangs after %d ms, and not before', (program, patience) => {
    const until = (nowMs: number) =>
      watch(
        [
          { nowMs: 500, jobs: RG },
          { nowMs, jobs: RG },
        ],
        () => program,
      );
    expect(until(499 + patience)).toEqual([]);
    expect(until(500 + patience)).toEqual([`${program} 20 ${String(patience)}`]);
  });

  test.each(['make', 'node', 'bash', 'rga', '/usr/bin/rg', ''])('%j never does: it may be at work', (program) => {
    expect(
      watch(
        [
          { nowMs: 0, jobs: RG },
          { nowMs: 1e9, jobs: RG },
        ],
        () => program,
      ),
    ).toEqual([]);
  });

  test('is the last of its chain: a shell and a timeout wait for it', () => {
    const chain = jobsOf({ pid: 20 }, { pid: 21, ppid: 20 }, { pid: 22, ppid: 21 });
    const nameOf = (names: Record<number, string>) => (pid: number) => names[pid] ?? '';
    const looks = [0, 15_000].map((nowMs) => ({ nowMs, jobs: chain }));
    expect(watch(looks, nameOf({ 20: 'sh', 21: 'timeout', 22: 'rg' }))).toEqual(['rg 22 15000']);
    expect(watch(looks, nameOf({ 20: 'rg', 21: 'rg', 22: 'cat' }))).toEqual([]);
  });

  test('each for itself', () => {
    const jobs = jobsOf({ pid: 20 }, { pid: 21 });
    const busy = jobsOf({ pid: 20 }, { pid: 21, cpuMs: 5 });
    expect(
      watch([
        { nowMs: 0, jobs },
        { nowMs: 20_000, jobs: busy },
      ]),
    ).toEqual(['rg 20 20000']);
    expect(
      watch([
        { nowMs: 0, jobs },
        { nowMs: 20_000, jobs },
      ]),
    ).toEqual(['rg 20 20000', 'rg 21 20000']);
  });
});

describe('its time begins', () => {
  test('when it is first seen', () => {
    expect(watch([{ nowMs: 1e9, jobs: RG }])).toEqual([]);
  });

  test('anew with each bit of CPU, and with each byte', () => {
    const after = jobsOf({ pid: 20, cpuMs: 10 });
    const last = { nowMs: 24_999, jobs: after };
    expect(watch([{ nowMs: 0, jobs: RG }, { nowMs: 10_000, jobs: after }, last])).toEqual([]);
    expect(
      watch([
        { nowMs: 0, jobs: RG },
        { nowMs: 10_000, jobs: after },
        { ...last, nowMs: 25_000 },
      ]),
    ).toEqual(['rg 20 15000']);
    expect(
      watch([
        { nowMs: 0, jobs: RG, ioBytes: 6 },
        { nowMs: 10_000, jobs: RG },
        { nowMs: 24_999, jobs: RG },
      ]),
    ).toEqual([]);
  });

  test('anew when it was queued in between: it could not run', () => {
    expect(
      watch([
        { nowMs: 0, jobs: RG },
        { nowMs: 10_000, jobs: [] },
        { nowMs: 20_000, jobs: RG },
      ]),
    ).toEqual([]);
  });

  test('anew where the pid is another’s', () => {
    const other = jobsOf({ pid: 20, start: 900 });
    expect(
      watch([
        { nowMs: 0, jobs: RG },
        { nowMs: 20_000, jobs: other },
      ]),
    ).toEqual([]);
  });

  test('never where its bytes cannot be read', () => {
    const unread = { jobs: RG, ioBytes: undefined };
    expect(
      watch([
        { nowMs: 0, ...unread },
        { nowMs: 60_000, ...unread },
      ]),
    ).toEqual([]);
  });
});

describe('one that may wait for another is never meant', () => {
  const stands = (jobs: Job[]) =>
    watch([
      { nowMs: 0, jobs },
      { nowMs: 60_000, jobs },
    ]);
  const piped = (pipes: Record<number, { reads?: string; writes?: string[] }>, ...work: Given[]) =>
    findJobs(workBelow(...work), ({ pid }) => ({ ...NO_PIPES, ...pipes[pid] })).jobs;

  test('in a pipeline', () => {
    const pipes = { 20: { writes: ['pipe:[1]'] }, 21: { reads: 'pipe:[1]' } };
    expect(stands(piped(pipes, { pid: 20 }, { pid: 21 }))).toEqual([]);
    expect(stands(piped({}, { pid: 20 }, { pid: 21 }))).toHaveLength(2);
  });

  test('in a pipeline with a chain in it', () => {
    const pipes = { 20: { writes: ['pipe:[1]'] }, 30: { reads: 'pipe:[1]' } };
    expect(stands(piped(pipes, { pid: 20 }, { pid: 30 }, { pid: 31, ppid: 30 }))).toEqual([]);
  });

  test('who reads from a pipe, whoever writes into it', () => {
    const looks = [0, 15_000].map((nowMs) => ({ nowMs, jobs: RG, fed: [20] }));
    expect(watch(looks)).toEqual([]);
  });
});

test('whatever it does, it hangs exactly when it has done nothing for its time', () => {
  const step = fc.record({ afterMs: fc.integer({ min: 1, max: 9000 }), cpuMs: fc.nat({ max: 1 }), bytes: fc.nat({ max: 1 }) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const looks: Look[] = [{ nowMs: 0, jobs: RG, ioBytes: 0 }];
      const [now, used] = [
        { ms: 0, since: 0 },
        { cpuMs: 0, bytes: 0 },
      ];
      for (const { afterMs, cpuMs, bytes } of steps) {
        now.ms += afterMs;
        used.cpuMs += cpuMs;
        used.bytes += bytes;
        if (cpuMs + bytes > 0) now.since = now.ms;
        looks.push({ nowMs: now.ms, jobs: jobsOf({ pid: 20, cpuMs: used.cpuMs }), ioBytes: used.bytes });
      }
      const idleMs = now.ms - now.since;
      expect(watch(looks)).toEqual(idleMs >= 15_000 ? [`rg 20 ${String(idleMs)}`] : []);
    }),
  );
});
