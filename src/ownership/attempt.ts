import type { ProcessIdentity, ProcessInfo, ProcessTable } from '../machine/processes.ts';
import type { Limits } from './beneath.ts';
import type { Owned } from './owned.ts';
import { sharedDaemon } from './programs.ts';

/** Processes of an orchestrator's task: a spoke, and what it has started. */
export interface AttemptView {
  table: ProcessTable;
  /** What each of them carries in its environment; those without anything are left out. */
  marks: ReadonlyMap<number, string>;
  isMeant: (mark: string) => boolean;
  /** The process that was spawned, where it is known. */
  spoke: ProcessIdentity | undefined;
  limits: Limits;
}

/**
 * Everybody who carries the mark of a meant attempt, a random number that nobody else has, and all that stands below them. What
 * outlives its caller on purpose (a tmux server, a shared daemon), and what stands below that, stays. Pure.
 */
export function findAttempt({ table, marks, isMeant, spoke, limits }: AttemptView): Owned[] {
  const found = new Map<number, Owned>();
  const isApart = new Set(
    table.all.filter(({ pid, comm }) => sharedDaemon(comm, () => limits.commandOf(pid)) !== undefined).map(({ pid }) => pid),
  );
  const add = (process: ProcessInfo, evidence: string) => {
    const { pid, state } = process;
    if (pid <= 1 || state === 'Z' || state === 'X' || found.has(pid) || isApart.has(pid)) return false;
    if (limits.spared.has(pid) || limits.uidOf(pid) !== limits.uid) return false;
    found.set(pid, { process, role: 'service', class: 'certain', service: undefined, evidence: [evidence] });
    return true;
  };
  for (let grew = true; grew;) {
    grew = false;
    for (const { pid, ppid } of table.all) if (isApart.has(ppid) && !isApart.has(pid)) grew = Boolean(isApart.add(pid));
  }
  for (const process of table.all) {
    const mark = marks.get(process.pid);
    if (mark !== undefined && isMeant(mark)) add(process, `DEVCTL_TASK=${mark}`);
    else if (process.pid === spoke?.pid && process.start === spoke.start) add(process, 'spawned by us');
  }
  for (let grew = true; grew;) {
    grew = false;
    for (const process of table.all) {
      const parent = found.get(process.ppid);
      if (parent && parent.process.start <= process.start && add(process, `beneath pid ${String(process.ppid)}`)) grew = true;
    }
  }
  return [...found.values()];
}
