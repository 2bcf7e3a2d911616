import type { Machine } from '../../machine/machine.ts';
import type { ProcessIdentity } from '../../machine/processes.ts';
import { findAttempt } from '../../ownership/attempt.ts';
import type { Owned } from '../../ownership/owned.ts';
import { endProcesses, NOBODY, type Ended } from '../../stop/end.ts';
import { limitsIn } from '../../stop/end-suspects.ts';
import { TASK_VARIABLE } from './command-line.ts';

/** Between TERM and KILL, in ms. */
export const GRACE_MS = 5000;

/** Whom to end. */
export interface AttemptReach {
  isMeant: (mark: string) => boolean;
  /** Nobody older: their environments are not read. */
  since: number;
  /** Known by its number: not every system lets anybody read environments. */
  spoke?: ProcessIdentity | undefined;
  graceMs: number;
}

/** Ends a spoke and all that it has started, wherever that went: TERM, then KILL. Done when nobody of them is left. */
export async function endAttempt(machine: Machine, reach: AttemptReach): Promise<Ended> {
  if (livingOf(machine, reach).length === 0) return NOBODY;
  return endProcesses(machine, { look: () => livingOf(machine, reach), graceMs: () => reach.graceMs, signal: () => 'TERM' });
}

/** Those that live now. */
export function livingOf(machine: Machine, { isMeant, since, spoke }: Omit<AttemptReach, 'graceMs'>): Owned[] {
  const { processes } = machine;
  const table = processes.scan({ since: Infinity, evidence: 'mark', logs: [] });
  const young = table.all.filter(({ start }) => start >= since).map(({ pid }) => pid);
  const marks = new Map(
    [...processes.variables(young, [TASK_VARIABLE])].flatMap(([pid, { [TASK_VARIABLE]: mark }]) =>
      mark === undefined ? [] : [[pid, mark] as const],
    ),
  );
  if (marks.size === 0 && !spoke) return [];
  return findAttempt({ table, marks, isMeant, spoke, limits: limitsIn(machine, table) });
}

/** The oldest of them that is a spoke itself: the one that leads a session and whose parent is not of the attempt. */
export function findSpoke(machine: Machine, mark: string, since: number): ProcessIdentity | undefined {
  const living = livingOf(machine, { isMeant: (one) => one === mark, since }).map(({ process }) => process);
  const pids = new Set(living.map(({ pid }) => pid));
  return living.filter(({ pid, sid, ppid }) => sid === pid && !pids.has(ppid)).sort((a, b) => a.start - b.start)[0];
}
