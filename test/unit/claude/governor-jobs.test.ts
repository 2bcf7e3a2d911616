import { describe, expect, test } from 'vitest';
import { findJobs, type Job } from '../../../src/claude/governor/jobs.ts';
import type { Pipes } from '../../../src/machine/processes.ts';
import type { Member } from '../../../src/ownership/agent-tree.ts';
import { makeProcess } from '../fakes/processes.ts';
import { NO_PIPES, SHELL, workBelow } from '../fakes/work.ts';

const pids = ({ processes }: Job) => processes.map(({ pid }) => pid);
const look = (members: Member[], pipes: Record<number, Partial<Pipes>> = {}) => {
  const { jobs, forkers } = findJobs(members, ({ pid }) => ({ ...NO_PIPES, ...pipes[pid] }));
  return {
    jobs: jobs.map(pids),
    forkers: forkers.map(({ pid }) => pid),
    sinks: jobs.filter(({ isSink }) => isSink).map(pids),
    all: jobs,
  };
};

describe('what counts as one job', () => {
  test('each child of one that forks, with all that stands in a chain below it', () => {
    const members = workBelow({ pid: 20 }, { pid: 30 }, { pid: 31, ppid: 30 }, { pid: 32, ppid: 31 });
    expect(look(members)).toMatchObject({ jobs: [[20], [30, 31, 32]], forkers: [SHELL] });
  });

  test('a program that forks is in no job, and its children are jobs of their own', () => {
    const members = workBelow({ pid: 20 }, { pid: 21, ppid: 20 }, { pid: 22, ppid: 21 }, { pid: 23, ppid: 21 });
    expect(look(members)).toMatchObject({ jobs: [[20], [22], [23]], forkers: [21] });
  });

  test('a pipeline, however deep its ends are', () => {
    const members = workBelow({ pid: 20 }, { pid: 21, ppid: 20 }, { pid: 30 }, { pid: 40 });
    const pipes = { 21: { writes: ['pipe:[1]'] }, 30: { reads: 'pipe:[1]', writes: ['pipe:[2]'] }, 40: { reads: 'pipe:[2]' } };
    expect(look(members, pipes).jobs).toEqual([[20, 21, 30, 40]]);
  });

  test('many that write into one pipe are jobs of their own, and who reads it is never stopped', () => {
    const members = workBelow({ pid: 20 }, { pid: 21 }, { pid: 30 });
    const pipes = { 20: { writes: ['pipe:[1]'] }, 21: { writes: ['pipe:[1]'] }, 30: { reads: 'pipe:[1]' } };
    expect(look(members, pipes)).toMatchObject({ jobs: [[20], [21], [30]], sinks: [[30]] });
  });

  test('jobs come in the order of their births', () => {
    expect(look(workBelow({ pid: 20, start: 9 }, { pid: 21, start: 8 }, { pid: 22, start: 8 })).jobs).toEqual([[21], [22], [20]]);
  });

  test('servers, agents and shells are in none', () => {
    const members: Member[] = [
      ...workBelow({ pid: 20 }),
      { process: makeProcess({ pid: 5 }), role: 'agent' },
      { process: makeProcess({ pid: 50, ppid: 5 }), role: 'apart' },
    ];
    expect(look(members)).toMatchObject({ jobs: [[20]], forkers: [] });
  });

  test('whoever lost its parent is a job', () => {
    expect(look(workBelow({ pid: 20, ppid: 1 })).jobs).toEqual([[20]]);
  });
});

describe('a shell that would see its job stop', () => {
  const watchers = (members: Member[]) => look(members).all.flatMap((job) => job.watchers.map(({ pid }) => pid));

  test('has it in a group of its own, in its session: `set -m`, `timeout`', () => {
    expect(watchers(workBelow({ pid: 20, pgid: 20 }))).toEqual([SHELL]);
  });

  test('and none where it is in the shell’s group, or in another session', () => {
    expect(watchers(workBelow({ pid: 20 }, { pid: 21, pgid: 21, sid: 21 }))).toEqual([]);
  });
});
