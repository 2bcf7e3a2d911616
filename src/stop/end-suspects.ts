import type { Machine } from '../machine/machine.ts';
import type { ProcessInfo } from '../machine/processes.ts';
import type { Claim } from '../ownership/claim.ts';
import type { Owned } from '../ownership/owned.ts';
import { desktopProgram, sharedDaemon } from '../ownership/programs.ts';
import type { Suspect } from '../ownership/suspect.ts';
import { admit, admitBelow, permits, type Permission } from '../ownership/target.ts';
import { DEFAULTS } from '../project/settings.ts';
import { endProcesses, type Ended } from './end.ts';
import type { Patience } from './options.ts';

/** Who is never reached. */
type Limits = Pick<Claim, 'spared' | 'uid'>;

/** Ends those suspects that the permission reaches, each with what stands below it, by the engine of every stop. */
export function endSuspects(
  machine: Machine,
  suspects: Suspect[],
  permission: Permission,
  claim: Limits,
  patience: Patience = {},
): Promise<Ended> {
  const roots = suspects.filter((suspect) => permits(permission, suspect, claim)).map((suspect) => admit(suspect, permission));
  return endRoots(machine, roots, claim, patience);
}

/** Ends these, each with what stands below it. */
export function endRoots(machine: Machine, roots: Owned[], claim: Limits, { graceMs, isHurried }: Patience = {}): Promise<Ended> {
  return endProcesses(machine, {
    look: () => withDescendants(machine, roots, claim),
    graceMs: () => (isHurried?.() === true ? 0 : graceMs) ?? DEFAULTS.graceMs,
    signal: () => 'TERM',
  });
}

/** Those of the roots that live still, and all below them, those born since included. */
function withDescendants({ processes }: Machine, roots: Owned[], claim: Limits): Owned[] {
  if (roots.length === 0) return [];
  const table = processes.scan({ since: Infinity, evidence: 'mark', logs: [] });
  const found = new Map<number, Owned>();
  for (const root of roots) {
    const now = table.byPid.get(root.process.pid);
    if (now && isLiving(now) && now.start === root.process.start && processes.uid(now.pid) === claim.uid)
      found.set(now.pid, root);
  }
  for (let grew = true; grew;) {
    grew = false;
    for (const process of table.all) {
      const above = found.get(process.ppid);
      if (!above || found.has(process.pid) || above.process.start > process.start || !isLiving(process)) continue;
      if (claim.spared.has(process.pid) || processes.uid(process.pid) !== claim.uid) continue;
      const command = () => processes.argv(process.pid).join(' ');
      if ((desktopProgram(process.comm, command) ?? sharedDaemon(process.comm, command)) !== undefined) continue;
      found.set(process.pid, admitBelow(process, above));
      grew = true;
    }
  }
  return [...found.values()];
}

const isLiving = ({ state }: ProcessInfo): boolean => state !== 'Z' && state !== 'X';
