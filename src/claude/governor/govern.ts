import type { Machine } from '../../machine/machine.ts';
import type { Pipes, ProcessIdentity, ProcessInfo, Target } from '../../machine/processes.ts';
import { growTree, plantTree, type AgentTreeView, type Member } from '../../ownership/agent-tree.ts';
import { authorizePause, authorizeRelease } from '../../ownership/target.ts';
import type { GovernorEvent } from './events.ts';
import { findHung, type Hung, type Marks } from './hung.ts';
import { findJobs, keyOf, type Crew, type Job } from './jobs.ts';
import { openNotes } from './notes.ts';
import { nextOrders, type Orders } from './plan.ts';

export interface GovernorRequest {
  agent: ProcessIdentity;
  limit: number;
  onEvent: (event: GovernorEvent) => void;
  /** Ends a hung tool, and says whether it is gone; absent: it is only reported. */
  endHung: ((hung: Hung) => Promise<boolean>) | undefined;
}

export interface Governor {
  /** Looks, and gives the next orders, if anything can have changed. */
  tick(): void;
  /** Continues everything. */
  release(): void;
}

/** Without a birth nothing new can be over the limit; but what runs ends, and what stands still shows. */
const LOOK_AT_LEAST_EVERY_MS = 1000;
const NO_PIPES: Pipes = { reads: undefined, writes: [] };

/**
 * Holds the work of an agent's tree below a soft limit: the newest jobs are stopped, and continued as others end. The loop
 * around it decides how often.
 */
export function makeGovernor(machine: Machine, { agent, limit, onEvent, endHung }: GovernorRequest): Governor {
  const { processes, clock } = machine;
  const notes = openNotes(machine);
  const queued = new Map<string, { identity: ProcessIdentity; sinceMs: number }>();
  const paused = new Map<string, ProcessIdentity>();
  const resumedMs = new Map<string, number>();
  const pipes = new Map<string, Pipes>();
  const told = new Set<string>();
  const ending = new Set<string>();
  let tree = plantTree(agent);
  let marks: Marks = new Map();
  let births: string | undefined;
  let lookedMs = -Infinity;
  let progress = { signature: '', cpuMs: 0, sinceMs: clock.elapsed() };

  const view: Omit<AgentTreeView, 'table'> = {
    argvOf: (pid) => processes.argv(pid),
    marksOf: (pid) => {
      const found = processes.variables([pid], ['CLAUDE_PID', 'DEVCTL_SESSION', 'DEVCTL_RUN_DIR']).get(pid) ?? {};
      const isDevctls = found.DEVCTL_SESSION !== undefined || found.DEVCTL_RUN_DIR !== undefined;
      return { agentPid: found.CLAUDE_PID === undefined ? undefined : Number(found.CLAUDE_PID), isDevctls };
    },
    ageSeconds: (identity) => processes.ageSeconds(identity),
  };
  const pipesOf = (process: ProcessInfo): Pipes => {
    // Asked once it has become what it is; before it, it has its parent's.
    const known = pipes.get(keyOf(process));
    if (known) return known;
    const found = processes.pipes(process.pid);
    if (processes.ageSeconds(process) >= 1) pipes.set(keyOf(process), found);
    return found;
  };

  function look(): void {
    const nowMs = clock.elapsed();
    const before = new Set(workIn(tree.members).map(keyOf));
    tree = growTree(tree, { ...view, table: processes.scan({ since: tree.agent.start, evidence: 'mark', logs: [] }) });
    const work = workIn(tree.members);
    const now = new Set(work.map(keyOf));
    for (const map of [queued, resumedMs, pipes]) for (const key of map.keys()) if (!now.has(key)) map.delete(key);
    const members = new Set(tree.members.map(({ process }) => keyOf(process)));
    for (const key of paused.keys()) if (!members.has(key)) paused.delete(key);

    // Where all may run, nobody needs to know who is in a pipeline with whom.
    const isTight = work.length > limit || queued.size > 0;
    const crew = findJobs(tree.members, isTight ? pipesOf : () => NO_PIPES);
    const orders = nextOrders({ nowMs, limit, crew, held: { queued, paused, resumedMs }, idleMs: idleFor(crew, nowMs) });
    carryOut(orders, nowMs);
    lookForHung(crew, nowMs);
    onEvent({
      kind: 'look',
      members: tree.members.map(({ process }) => process),
      running: orders.running,
      waiting: orders.waiting,
      started: [...now].filter((key) => !before.has(key)).length,
      ended: [...before].filter((key) => !now.has(key) && !ending.has(key)).length,
    });
    lookedMs = nowMs;
  }

  /** How long those that run have used nothing, and are the same. */
  function idleFor(crew: Crew, nowMs: number): number {
    const running = crew.jobs.flatMap((job) => job.processes).filter((process) => !queued.has(keyOf(process)));
    const signature = running.map(keyOf).join();
    const cpuMs = running.reduce((sum, process) => sum + process.cpuMs, 0);
    if (signature !== progress.signature || cpuMs !== progress.cpuMs) progress = { signature, cpuMs, sinceMs: nowMs };
    return nowMs - progress.sinceMs;
  }

  function carryOut({ pause, stop, resume, unpause, isRotation }: Orders, nowMs: number): void {
    const stopped = stop.flatMap((job) => job.processes);
    if (pause.length + stopped.length > 0)
      notes.write([...paused.values(), ...pause, ...[...queued.values()].map(({ identity }) => identity), ...stopped]);
    send(pause, 'SIGSTOP');
    for (const process of pause) {
      paused.set(keyOf(process), process);
      onEvent({ kind: 'paused', process });
    }
    // A parent first, so that it forks nobody more; and continued after its children.
    send(stopped, 'SIGSTOP');
    for (const { processes: all } of stop) {
      if (!all.some((process) => queued.has(keyOf(process)))) onEvent({ kind: 'queued', processes: all });
      for (const process of all)
        if (!queued.has(keyOf(process))) queued.set(keyOf(process), { identity: process, sinceMs: nowMs });
    }
    for (const job of resume) resumeJob(job, nowMs);
    resumeAll(unpause);
    for (const identity of unpause) {
      paused.delete(keyOf(identity));
      queued.delete(keyOf(identity));
    }
    if (isRotation) onEvent({ kind: 'rotated' });
  }

  function resumeJob({ processes: all }: Job, nowMs: number): void {
    const since = Math.min(...all.map((process) => queued.get(keyOf(process))?.sinceMs ?? nowMs));
    resumeAll(all);
    for (const process of all) {
      queued.delete(keyOf(process));
      resumedMs.set(keyOf(process), nowMs);
    }
    onEvent({ kind: 'resumed', processes: all, waitedMs: nowMs - since });
  }

  function send(targets: ProcessInfo[], signal: 'SIGSTOP'): void {
    const roles = new Map(tree.members.map((member): [number, Member] => [member.process.pid, member]));
    const isTarget = (target: Target | undefined) => target !== undefined;
    processes.signal(
      targets
        .map(({ pid }) => roles.get(pid))
        .map((member) => member && authorizePause(member))
        .filter(isTarget),
      signal,
    );
  }

  /** The youngest first. */
  function resumeAll(identities: ProcessIdentity[]): void {
    processes.signal([...identities].reverse().map(authorizeRelease), 'SIGCONT');
  }

  function lookForHung(crew: Crew, nowMs: number): void {
    const running = crew.jobs.filter(
      (job) => !job.processes.some((process) => queued.has(keyOf(process)) || paused.has(keyOf(process))),
    );
    const found = findHung(marks, {
      nowMs,
      jobs: running,
      nameOf: ({ pid }) => processes.argv(pid)[0]?.split('/').at(-1) ?? '',
      ioBytesOf: ({ pid }) => processes.ioBytes(pid),
    });
    marks = found.marks;
    for (const hung of found.hung) {
      if (told.has(keyOf(hung.process))) continue;
      told.add(keyOf(hung.process));
      onEvent({ kind: 'hung', hung });
      if (!endHung) continue;
      ending.add(keyOf(hung.process));
      void endHung(hung).then((isGone) => {
        if (isGone) onEvent({ kind: 'hung-ended', hung });
      });
    }
  }

  return {
    tick: () => {
      const newBirths = processes.births();
      const isDue = clock.elapsed() - lookedMs >= LOOK_AT_LEAST_EVERY_MS;
      if (newBirths !== undefined && newBirths === births && queued.size + paused.size === 0 && !isDue) return;
      births = newBirths;
      look();
    },
    release: () => {
      resumeAll([...queued.values()].map(({ identity }) => identity));
      resumeAll([...paused.values()]);
      queued.clear();
      paused.clear();
      notes.remove();
    },
  };
}

const workIn = (members: Member[]): ProcessInfo[] => members.filter(({ role }) => role === 'work').map(({ process }) => process);
