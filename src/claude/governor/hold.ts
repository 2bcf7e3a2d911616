import type { Machine } from '../../machine/machine.ts';
import { keyOf, type ProcessIdentity, type ProcessInfo } from '../../machine/processes.ts';
import type { Member } from '../../ownership/agent-tree.ts';
import { authorizePause, authorizeRelease } from '../../ownership/target.ts';
import type { GovernorEvent } from './events.ts';
import type { Job } from './jobs.ts';
import { openNotes } from './notes.ts';
import type { Held, Orders } from './plan.ts';

/** What a governor has stopped, and the only hand that stops and continues. */
export interface Hold {
  held: Held;
  isHeld(process: ProcessInfo): boolean;
  /** Forgets whoever is gone. */
  keepOnly(members: Member[]): void;
  carryOut(orders: Orders, members: Member[], nowMs: number): void;
  /** Continues everything. */
  release(): void;
}

type HoldMachine = Pick<Machine, 'files' | 'processes' | 'home' | 'clock'>;

export function openHold(machine: HoldMachine, onEvent: (event: GovernorEvent) => void): Hold {
  const { processes, clock } = machine;
  const notes = openNotes(machine);
  const queued = new Map<string, { identity: ProcessIdentity; sinceMs: number }>();
  const paused = new Map<string, ProcessIdentity>();
  const resumedMs = new Map<string, number>();
  const everybody = () => [...paused.values(), ...[...queued.values()].map(({ identity }) => identity)];

  const stopAll = (those: ProcessInfo[], members: Member[]) => {
    const byPid = new Map(members.map((member) => [member.process.pid, member]));
    const targets = those.map(({ pid }) => byPid.get(pid)).map((member) => member && authorizePause(member));
    processes.signal(
      targets.filter((target) => target !== undefined),
      'SIGSTOP',
    );
  };
  /** The youngest first: where a parent ended while its child is still stopped, the kernel would add a HUP. */
  const continueAll = (those: ProcessIdentity[]) => {
    processes.signal([...those].reverse().map(authorizeRelease), 'SIGCONT');
  };
  const pause = (those: ProcessInfo[], members: Member[]) => {
    stopAll(those, members);
    for (const process of those) {
      paused.set(keyOf(process), process);
      onEvent({ kind: 'paused', process });
    }
  };
  /** A parent before its child, so that it forks nobody more. */
  const queue = (jobs: Job[], members: Member[], nowMs: number) => {
    stopAll(
      jobs.flatMap((job) => job.processes),
      members,
    );
    for (const job of jobs) {
      if (!job.processes.some((process) => queued.has(keyOf(process)))) onEvent({ kind: 'queued', processes: job.processes });
      for (const process of job.processes)
        if (!queued.has(keyOf(process))) queued.set(keyOf(process), { identity: process, sinceMs: nowMs });
    }
  };
  const resume = (job: Job, nowMs: number) => {
    const sinceMs = Math.min(...job.processes.map((process) => queued.get(keyOf(process))?.sinceMs ?? nowMs));
    continueAll(job.processes);
    for (const process of job.processes) {
      queued.delete(keyOf(process));
      resumedMs.set(keyOf(process), nowMs);
    }
    onEvent({ kind: 'resumed', processes: job.processes, waitedMs: nowMs - sinceMs });
  };

  return {
    held: { queued, paused, resumedMs },
    isHeld: (process) => queued.has(keyOf(process)) || paused.has(keyOf(process)),
    keepOnly: (members) => {
      const living = new Set(members.map(({ process }) => keyOf(process)));
      for (const map of [queued, paused, resumedMs]) for (const key of map.keys()) if (!living.has(key)) map.delete(key);
    },
    carryOut: (orders, members, nowMs) => {
      const toStop = [...orders.pause, ...orders.stop.flatMap((job) => job.processes)];
      if (toStop.length > 0) notes.write([...everybody(), ...toStop]);
      pause(orders.pause, members);
      queue(orders.stop, members, nowMs);
      for (const job of orders.resume) resume(job, nowMs);
      continueAll(orders.unpause);
      for (const identity of orders.unpause) for (const map of [paused, queued]) map.delete(keyOf(identity));
      if (orders.isRotation) onEvent({ kind: 'rotated' });
    },
    release: () => {
      // Who watches comes after whom it watches.
      continueAll(everybody());
      const longest = Math.min(...[...queued.values()].map(({ sinceMs }) => sinceMs));
      if (queued.size > 0) onEvent({ kind: 'resumed', processes: [], waitedMs: clock.elapsed() - longest });
      for (const map of [queued, paused]) map.clear();
      notes.remove();
    },
  };
}
