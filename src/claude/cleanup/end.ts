import type { Machine } from '../../machine/machine.ts';
import { withBeneath, type Limits } from '../../ownership/beneath.ts';
import { admitStray } from '../../ownership/session-mark.ts';
import { admitStuck } from '../../ownership/stuck.ts';
import type { Ended } from '../../stop/end.ts';
import { endRoots } from '../../stop/end-suspects.ts';
import type { CleanupFacts } from './gather.ts';

/** Ends the stuck and the servers of dead sessions, with all that stands below them now: TERM, then KILL. */
export function endStuck(machine: Machine, { agents, servers }: CleanupFacts): Promise<Ended> {
  const { processes } = machine;
  const table = processes.scan({ since: Infinity, evidence: 'mark', logs: [] });
  const limits: Limits = {
    spared: processes.ancestors(table),
    uid: process.getuid?.() ?? 0,
    commandOf: (pid) => processes.argv(pid).join(' '),
    uidOf: (pid) => processes.uid(pid),
  };
  const roots = [...agents.filter(({ kind }) => kind === 'stuck').map(admitStuck), ...servers.map(admitStray)];
  // All of them as roots: whoever outlives the one above it is found all the same.
  return endRoots(machine, withBeneath(table, roots, limits), limits);
}
