import type { Machine } from '../machine/machine.ts';
import type { ProcessTable } from '../machine/processes.ts';
import type { Claim } from '../ownership/claim.ts';
import { withBeneath, type Limits } from '../ownership/beneath.ts';
import type { Owned } from '../ownership/owned.ts';
import type { Suspect } from '../ownership/suspect.ts';
import { admit, permits, type Permission } from '../ownership/target.ts';
import { DEFAULTS } from '../project/settings.ts';
import { endProcesses, type Ended } from './end.ts';
import type { Patience } from './options.ts';

/** Ends those suspects that the permission reaches, each with what stands below it, by the engine of every stop. */
export function endSuspects(
  machine: Machine,
  suspects: Suspect[],
  permission: Permission,
  claim: Claim,
  patience: Patience = {},
): Promise<Ended> {
  return endRoots(machine, permitted(suspects, permission, claim), limitsOf(machine, claim), patience);
}

/** Those that the permission reaches, as roots for the engine. */
export function permitted(suspects: Suspect[], permission: Permission, claim: Pick<Claim, 'spared' | 'uid'>): Owned[] {
  return suspects.filter((suspect) => permits(permission, suspect, claim)).map((suspect) => admit(suspect, permission));
}

/** Where no project claims anything: all of this user's but devctl's ancestors. */
export function limitsIn({ processes }: Pick<Machine, 'processes'>, table: ProcessTable): Limits {
  return {
    spared: processes.ancestors(table),
    uid: process.getuid?.() ?? 0,
    uidOf: (pid) => processes.uid(pid),
    commandOf: (pid) => processes.argv(pid).join(' '),
  };
}

export function limitsOf({ processes }: Pick<Machine, 'processes'>, { spared, uid, commandOf }: Claim): Limits {
  return { spared, uid, commandOf, uidOf: (pid) => processes.uid(pid) };
}

/** Ends these, each with what stands below it. */
export function endRoots(
  machine: Machine,
  roots: Owned[],
  limits: Limits,
  { graceMs, isHurried }: Patience = {},
): Promise<Ended> {
  const look = () =>
    roots.length === 0 ? [] : withBeneath(machine.processes.scan({ since: Infinity, evidence: 'mark', logs: [] }), roots, limits);
  return endProcesses(machine, {
    look,
    graceMs: () => (isHurried?.() === true ? 0 : graceMs) ?? DEFAULTS.graceMs,
    signal: () => 'TERM',
  });
}
