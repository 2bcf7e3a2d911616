import type { ProcessInfo, ProcessTable } from '../machine/processes.ts';
import type { Claim } from './claim.ts';

export type Role = 'keeper' | 'service' | 'infrastructure';

/** A process that is ours for certain, with the reasons. */
export interface Owned {
  process: ProcessInfo;
  role: Role;
  /** Unknown where only the cookie speaks. */
  service: string | undefined;
  /** Why: "mark", "child of 4119", "session 4119" ... */
  evidence: string[];
}

const ZOMBIE = 'Z';

/**
 * Every living process that is ours for certain: those with direct evidence, then their sessions and descendants, to a
 * fixpoint. The project's infrastructure (the tmux server and its log writers) passes nothing on: a pane that somebody
 * else opened in our server is theirs. Pure.
 */
export function findOwned(table: ProcessTable, claim: Claim): Owned[] {
  const owned = new Map<number, Owned>();
  const keepers = new Map(claim.keepers.map((keeper) => [keeper.identity.pid, keeper]));
  for (const process of table.all) {
    if (!isEligible(process, claim)) continue;
    const keeper = keepers.get(process.pid);
    if (keeper?.identity.start === process.start) {
      owned.set(process.pid, {
        process,
        role: 'keeper',
        service: keeper.service,
        evidence: [process.mark ? 'mark' : 'recorded'],
      });
      continue;
    }
    const direct = directEvidence(process, claim);
    if (direct) owned.set(process.pid, { process, ...direct });
  }
  spread(table, claim, owned);
  return [...owned.values()].filter(({ process }) => !claim.spared.has(process.pid));
}

/** Another user's only where the mark says so: root may end it; for others it is one that a stop names as left. */
function isEligible(process: ProcessInfo, claim: Claim): boolean {
  if (process.pid <= 1 || process.state === ZOMBIE || process.state === 'X') return false;
  return process.uid === claim.uid || (process.mark !== undefined && claim.isProjectMark(process.mark));
}

function directEvidence(process: ProcessInfo, claim: Claim): Omit<Owned, 'process'> | undefined {
  if (process.start < claim.since) return undefined;
  if (process.mark !== undefined && claim.isProjectMark(process.mark)) {
    if (process.mark === claim.projectMark) return { role: 'infrastructure', service: undefined, evidence: ['mark'] };
    return { role: 'service', service: claim.marks.get(process.mark), evidence: ['mark'] };
  }
  if (process.cookie === claim.projectId) return { role: 'service', service: undefined, evidence: ['DEVCTL_SESSION'] };
  for (const target of process.writesTo ?? []) {
    const service = claim.outputs.get(target);
    if (service !== undefined)
      return { role: 'service', service, evidence: [target.startsWith('tty:') ? 'writes to our pane' : 'writes to our log'] };
  }
  return undefined;
}

function spread(table: ProcessTable, claim: Claim, owned: Map<number, Owned>): void {
  for (let grew = true; grew;) {
    grew = false;
    for (const process of table.all) {
      if (owned.has(process.pid) || !isEligible(process, claim)) continue;
      const parent = owned.get(process.ppid);
      const leader = owned.get(process.sid);
      const source = passesOn(parent) && parent.process.start <= process.start ? parent : passesOn(leader) ? leader : undefined;
      if (!source) continue;
      const evidence = source === parent ? `child of ${String(process.ppid)}` : `session ${String(process.sid)}`;
      owned.set(process.pid, { process, role: 'service', service: source.service, evidence: [evidence] });
      grew = true;
    }
  }
}

function passesOn(owned: Owned | undefined): owned is Owned {
  return owned !== undefined && owned.role !== 'infrastructure';
}
