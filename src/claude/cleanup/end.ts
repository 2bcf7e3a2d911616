import type { Machine } from '../../machine/machine.ts';
import { withBeneath } from '../../ownership/beneath.ts';
import { admitStray } from '../../ownership/session-mark.ts';
import { admitStuck } from '../../ownership/stuck.ts';
import type { Ended } from '../../stop/end.ts';
import { endRoots, limitsIn } from '../../stop/end-suspects.ts';
import type { CleanupFacts } from './gather.ts';

/** Ends the stuck and the servers of dead sessions, with all that stands below them now: TERM, then KILL. */
export function endStuck(machine: Machine, { agents, servers }: CleanupFacts): Promise<Ended> {
  const table = machine.processes.scan({ since: Infinity, evidence: 'mark', logs: [] });
  const limits = limitsIn(machine, table);
  const roots = [...agents.filter(({ kind }) => kind === 'stuck').map(admitStuck), ...servers.map(admitStray)];
  // All of them as roots: whoever outlives the one above it is found all the same.
  return endRoots(machine, withBeneath(table, roots, limits), limits);
}
