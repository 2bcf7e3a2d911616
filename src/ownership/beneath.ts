import type { ProcessInfo, ProcessTable } from '../machine/processes.ts';
import type { Claim } from './claim.ts';
import type { Owned } from './owned.ts';
import { shieldOf } from './programs.ts';
import { admitBelow } from './target.ts';

/** Whom no end reaches that was not asked for by pid. */
export type Limits = Pick<Claim, 'spared' | 'uid' | 'commandOf'> & { uidOf: (pid: number) => number | undefined };

/**
 * Those of the roots that live still, and all that stands below them: never devctl's ancestors, another user's, or a program
 * that a person works with, and nobody below these. Pure.
 */
export function withBeneath(table: ProcessTable, roots: Owned[], limits: Limits): Owned[] {
  const found = new Map<number, Owned>();
  for (const root of roots) {
    const now = table.byPid.get(root.process.pid);
    if (now?.start === root.process.start && isWithinLimits(now, limits)) found.set(now.pid, root);
  }
  for (let grew = true; grew;) {
    grew = false;
    for (const process of table.all) {
      const above = found.get(process.ppid);
      if (!above || found.has(process.pid) || above.process.start > process.start || !isWithinLimits(process, limits)) continue;
      if (shieldOf(process.comm, () => limits.commandOf(process.pid)) !== undefined) continue;
      found.set(process.pid, admitBelow(process, above));
      grew = true;
    }
  }
  return [...found.values()];
}

function isWithinLimits({ pid, state }: ProcessInfo, { spared, uid, uidOf }: Limits): boolean {
  return pid > 1 && state !== 'Z' && state !== 'X' && !spared.has(pid) && uidOf(pid) === uid;
}
