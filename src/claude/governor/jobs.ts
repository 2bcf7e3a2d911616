import type { Pipes, ProcessInfo } from '../../machine/processes.ts';
import { byBirth, type Member } from '../../ownership/agent-tree.ts';

/**
 * What runs and waits as one: a chain of processes each of which has no other child (`sh` > `timeout` > `cc`), with the chains
 * that it is in a pipeline with.
 */
export interface Job {
  /** A parent comes before its child. */
  processes: ProcessInfo[];
  /** When its first process was born; jobs are queued and resumed by it. */
  born: number;
  /** Many write into what it reads: it would block them all, and is never stopped. */
  isSink: boolean;
  /** Shells that would see it stop, or end before it is continued: they are stopped before, and continued after it. */
  watchers: ProcessInfo[];
}

/** All that may be stopped: the jobs, and who forks them. */
export interface Crew {
  jobs: Job[];
  forkers: ProcessInfo[];
}

/** The work of an agent's tree as jobs. `pipesOf` is asked of what its tool calls run. Pure. */
export function findJobs(members: Member[], pipesOf: (process: ProcessInfo) => Pipes): Crew {
  const work = new Map<number, ProcessInfo>();
  const parents = new Map<number, ProcessInfo>();
  for (const { process, role } of members) {
    if (role === 'work') work.set(process.pid, process);
    if (role === 'work' || role === 'shell') parents.set(process.pid, process);
  }
  const children = new Map<number, ProcessInfo[]>();
  for (const process of [...work.values()].sort(byBirth))
    children.set(process.ppid, [...(children.get(process.ppid) ?? []), process]);

  const forkers = [...parents.values()].filter(({ pid }) => (children.get(pid)?.length ?? 0) > 1);
  const isForker = new Set(forkers.map(({ pid }) => pid));
  // A chain begins below a forker, or where there is nobody of the work above it.
  const tops = [...work.values()].filter(({ pid, ppid }) => !isForker.has(pid) && (!work.has(ppid) || isForker.has(ppid)));
  const jobs = tops.map((top): Job => {
    const processes = chainFrom(top, children, isForker);
    const parent = parents.get(top.ppid);
    return { processes, born: top.start, isSink: false, watchers: parent && isWatcher(parent, top) ? [parent] : [] };
  });
  return { jobs: joinPipelines(jobs, pipesOf).sort(byAge), forkers };
}

const byAge = (one: Job, other: Job): number => one.born - other.born || firstPid(one) - firstPid(other);
const firstPid = ({ processes }: Job): number => processes[0]?.pid ?? 0;

function chainFrom(top: ProcessInfo, children: Map<number, ProcessInfo[]>, isForker: Set<number>): ProcessInfo[] {
  const chain = [top];
  for (let [next] = children.get(top.pid) ?? []; next && !isForker.has(next.pid); [next] = children.get(next.pid) ?? [])
    chain.push(next);
  return chain;
}

/**
 * A job with a process group of its own, in its parent's session: the parent may wait for its stops (`set -m`), and when it ends
 * while the job is stopped, the kernel hangs up on the job. Source: measured; exit(2), orphaned process groups.
 */
function isWatcher(parent: ProcessInfo, top: ProcessInfo): boolean {
  return parent.sid === top.sid && parent.pgid !== top.pgid && parent.tty === 0;
}

/** Whoever writes into a pipe alone, and whoever reads it, are one job; of many writers each is a job of its own. */
function joinPipelines(jobs: Job[], pipesOf: (process: ProcessInfo) => Pipes): Job[] {
  const readers = new Map<string, Job[]>();
  const writers = new Map<string, Set<Job>>();
  for (const job of jobs) {
    for (const process of job.processes) {
      const { reads, writes } = pipesOf(process);
      if (reads !== undefined) readers.set(reads, [...(readers.get(reads) ?? []), job]);
      for (const pipe of writes) writers.set(pipe, (writers.get(pipe) ?? new Set()).add(job));
    }
  }
  const groups = new Map(jobs.map((job) => [job, new Set([job])]));
  for (const [pipe, from] of writers) {
    const to = (readers.get(pipe) ?? []).filter((job) => !from.has(job));
    const [first] = from;
    if (from.size > 1) for (const job of to) job.isSink = true;
    else if (first) for (const job of to) unite(groups, first, job);
  }
  return [...new Set(groups.values())].map((group) => merge([...group].sort(byAge)));
}

function unite(groups: Map<Job, Set<Job>>, one: Job, other: Job): void {
  const [left, right] = [groups.get(one), groups.get(other)];
  if (!left || !right || left === right) return;
  for (const job of right) {
    left.add(job);
    groups.set(job, left);
  }
}

function merge(group: Job[]): Job {
  const watchers = new Map(group.flatMap((job) => job.watchers.map((watcher) => [watcher.pid, watcher])));
  return {
    processes: group.flatMap(({ processes }) => processes),
    born: Math.min(...group.map(({ born }) => born)),
    isSink: group.some(({ isSink }) => isSink),
    watchers: [...watchers.values()],
  };
}
