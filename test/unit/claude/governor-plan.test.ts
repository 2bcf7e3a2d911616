import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findJobs, type Crew, type Job } from '../../../src/claude/governor/jobs.ts';
import { nextOrders, ROTATE_AFTER_WAIT_MS, type Held } from '../../../src/claude/governor/plan.ts';
import { keyOf, type ProcessInfo } from '../../../src/machine/processes.ts';
import { makeProcess } from '../fakes/processes.ts';
import { NO_PIPES, SHELL, workBelow } from '../fakes/work.ts';

const crewOf = (count: number, over: Partial<ProcessInfo> = {}): Crew =>
  findJobs(workBelow(...Array.from({ length: count }, (_, index) => ({ pid: 20 + index, ...over }))), () => NO_PIPES);

const NOTHING: Held = { queued: new Map(), paused: new Map(), resumedMs: new Map() };
const heldOf = (crew: Crew, pids: number[], sinceMs = 0, paused: ProcessInfo[] = []): Held => ({
  queued: new Map(
    crew.jobs
      .flatMap(({ processes }) => processes)
      .filter(({ pid }) => pids.includes(pid))
      .map((process) => [keyOf(process), { identity: process, sinceMs }]),
  ),
  paused: new Map(paused.map((process) => [keyOf(process), process])),
  resumedMs: new Map(),
});
const decide = (
  crew: Crew,
  limit: number,
  held: Held = NOTHING,
  over: { nowMs?: number; isStanding?: boolean; stands?: number } = {},
) => {
  const orders = nextOrders({ nowMs: 1000, isStanding: false, stands: 0, limit, crew, held, ...over });
  const pids = (jobs: Job[]) => jobs.flatMap(({ processes }) => processes.map(({ pid }) => pid));
  return {
    ...orders,
    stop: pids(orders.stop),
    resume: pids(orders.resume),
    pause: orders.pause.map(({ pid }) => pid),
    unpause: orders.unpause.map(({ pid }) => pid),
  };
};
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the governor’s orders', () => {
  test('below the limit there are none', () => {
    expect(decide(crewOf(5), 6)).toMatchObject({ stop: [], resume: [], pause: [], unpause: [], running: 6, waiting: 0 });
  });

  test('the newest are queued; the shell that forks them counts, and is left alone', () => {
    expect(decide(crewOf(8), 6)).toMatchObject({ stop: [25, 26, 27], pause: [], running: 6, waiting: 3 });
  });

  test('as others end, they are resumed in the order of their births', () => {
    const crew = crewOf(8);
    const gone = { ...crew, jobs: crew.jobs.slice(2) };
    expect(decide(gone, 6, heldOf(crew, [25, 26, 27]))).toMatchObject({ resume: [25, 26], stop: [], waiting: 1 });
  });

  test('one job runs, however large it is', () => {
    const chain = workBelow({ pid: 20 }, ...range(21, 29).map((pid) => ({ pid, ppid: pid - 1 })));
    expect(
      decide(
        findJobs(chain, () => NO_PIPES),
        4,
      ),
    ).toMatchObject({ stop: [], waiting: 0 });
  });

  test('whoever was born into a queued job is stopped with it', () => {
    const crew = findJobs(workBelow({ pid: 20 }, { pid: 21 }, { pid: 22, ppid: 21 }), () => NO_PIPES);
    expect(decide(crew, 2, heldOf(crew, [21]))).toMatchObject({ stop: [21, 22], resume: [] });
  });

  test('beyond twice the limit whoever forks is paused, and continued when it is calm', () => {
    const crew = crewOf(40);
    expect(decide(crew, 10)).toMatchObject({ pause: [SHELL], running: 9 });
    const [shell] = crew.forkers;
    const paused = shell ? [shell] : [];
    const calmer = { ...crew, jobs: crew.jobs.slice(0, 17) };
    expect(decide(calmer, 10, heldOf(calmer, range(29, 36), 0, paused)).unpause).toEqual([]);
    const calm = { ...crew, jobs: crew.jobs.slice(0, 12) };
    expect(decide(calm, 10, heldOf(calm, [31], 0, paused)).unpause).toEqual([SHELL]);
  });

  test('but nobody with a terminal', () => {
    const crew = crewOf(40);
    const onTerminal = crew.forkers.map((process) => ({ ...process, tty: 34816 }));
    expect(decide({ ...crew, forkers: onTerminal }, 10).pause).toEqual([]);
  });

  test('a shell that watches a job is paused before it, and continued after the last one', () => {
    const crew = crewOf(4, { pgid: 77 });
    expect(decide(crew, 3)).toMatchObject({ stop: [22, 23], pause: [SHELL] });
    const [shell] = crew.forkers;
    const held = heldOf(crew, [22, 23], 0, shell ? [shell] : []);
    expect(decide({ ...crew, jobs: crew.jobs.slice(2), forkers: [] }, 3, held)).toMatchObject({
      resume: [22, 23],
      unpause: [SHELL],
    });
  });

  test('who reads what many write is never stopped, and does not keep them from running', () => {
    const crew = crewOf(3);
    const jobs = crew.jobs.map((job, index) => (index === 2 ? { ...job, isSink: true } : job));
    expect(decide({ jobs, forkers: [] }, 1)).toMatchObject({ stop: [21] });
    expect(decide({ jobs: jobs.slice(1), forkers: [] }, 1, heldOf(crew, [21]))).toMatchObject({ resume: [21], stop: [] });
  });

  test('where nobody gets on, those that run and those that wait change places', () => {
    const crew = { ...crewOf(6), forkers: [] };
    const held = heldOf(crew, [22, 23, 24, 25]);
    expect(decide(crew, 2, held, { isStanding: true, stands: 1 })).toMatchObject({
      stop: [20, 21],
      resume: [22, 23],
      isRotation: true,
    });
    expect(decide(crew, 2, held)).toMatchObject({ stop: [], resume: [] });
  });

  test('and where that was in vain, twice as many run, and twice as many again', () => {
    const crew = { ...crewOf(9), forkers: [] };
    const held = heldOf(crew, range(22, 28));
    expect(decide(crew, 2, held, { isStanding: true, stands: 2 })).toMatchObject({
      stop: [],
      resume: [22, 23],
      isRotation: false,
    });
    expect(decide(crew, 2, held, { isStanding: true, stands: 3 })).toMatchObject({ resume: range(22, 27) });
  });

  test('nobody waits for ever while others work: the one that ran longest gives way', () => {
    const crew = { ...crewOf(4), forkers: [] };
    const held = {
      ...heldOf(crew, [22, 23]),
      resumedMs: new Map([[keyOf(crew.jobs[0]?.processes[0] ?? makeProcess({ pid: 0 })), 500]]),
    };
    expect(decide(crew, 2, held, { nowMs: ROTATE_AFTER_WAIT_MS })).toMatchObject({ stop: [21], resume: [22] });
  });

  test('a queued one that forked just before is in no job any more, and is continued', () => {
    const before = findJobs(workBelow({ pid: 20 }, { pid: 21 }), () => NO_PIPES);
    const after = findJobs(workBelow({ pid: 20 }, { pid: 21 }, { pid: 22, ppid: 21 }, { pid: 23, ppid: 21 }), () => NO_PIPES);
    expect(decide(after, 10, heldOf(before, [21])).unpause).toEqual([21]);
  });
});

describe('whatever the work', () => {
  /** Jobs by how many ticks of running they need; each tick forks at most so many. */
  const needs = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 60 });

  test('everybody finishes, nobody runs beyond the limit for longer than a look, and nothing is left stopped', () => {
    fc.assert(
      fc.property(needs, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 }), (work, limit, perTick) => {
        const left = new Map(work.map((need, index) => [100 + index, need]));
        let born = 0;
        const held = {
          queued: new Map<string, { identity: ProcessInfo; sinceMs: number }>(),
          paused: new Map<string, ProcessInfo>(),
          resumedMs: new Map<string, number>(),
        };
        for (let tick = 0; left.size > 0; tick += 1) {
          expect(tick).toBeLessThan(2000);
          if (held.paused.size === 0) born = Math.min(work.length, born + perTick);
          const living = [...left.keys()].filter((pid) => pid < 100 + born);
          const crew = findJobs(workBelow(...living.map((pid) => ({ pid }))), () => NO_PIPES);
          const orders = nextOrders({ nowMs: tick * 50, limit, crew, held, isStanding: false, stands: 0 });
          for (const process of orders.stop.flatMap(({ processes }) => processes)) {
            expect(orders.resume.some(({ processes }) => processes.includes(process))).toBe(false);
            held.queued.set(keyOf(process), { identity: process, sinceMs: tick * 50 });
          }
          for (const process of orders.pause) held.paused.set(keyOf(process), process);
          for (const process of orders.resume.flatMap(({ processes }) => processes)) held.queued.delete(keyOf(process));
          for (const identity of orders.unpause) for (const map of [held.queued, held.paused]) map.delete(keyOf(identity));
          const running = living.filter((pid) => !held.queued.has(`${String(pid)}:${String(pid)}`));
          expect(running.length).toBeLessThanOrEqual(Math.max(1, limit));
          expect(running.length).toBeGreaterThan(0);
          for (const pid of running) {
            const need = (left.get(pid) ?? 1) - 1;
            if (need > 0) left.set(pid, need);
            else left.delete(pid);
          }
        }
        expect(held.queued.size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
