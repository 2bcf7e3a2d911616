import type { ProcessInfo, ProcessTable } from '../machine/processes.ts';
import type { Claim } from './claim.ts';
import { findSetApart, type SetApart } from './set-apart.ts';

export type Role = 'keeper' | 'service' | 'infrastructure';

/**
 * How sure it is that a process is ours. `certain`: a stop ends it. `probable`: only on request. `named`: whoever it
 * belongs to, its end was asked for by name.
 */
export type Ownership = 'certain' | 'probable' | 'named';

/** A process that may be ended, with the reasons. */
export interface Owned {
  process: ProcessInfo;
  role: Role;
  class: Ownership;
  /** Unknown where only the cookie speaks. */
  service: string | undefined;
  /** Why: "mark", "child of 4119", "session 4119" ... */
  evidence: string[];
}

export interface Ownerships {
  certain: Owned[];
  /** Shared daemons and desktop programs that carry our mark, and what is beneath them. */
  setApart: SetApart[];
}

type Direct = Pick<Owned, 'role' | 'service' | 'evidence'>;

/**
 * Every living process that is ours for certain: those with direct evidence, then their sessions and descendants, to a
 * fixpoint. The project's infrastructure (the tmux server and its log writers) passes nothing on: a pane that somebody
 * else opened in our server is theirs. Pure.
 */
export function findOwned(table: ProcessTable, claim: Claim): Ownerships {
  const direct = new Map<number, Direct>();
  const keepers = new Map(claim.keepers.map((keeper) => [keeper.identity.pid, keeper]));
  for (const process of table.all) {
    if (!isEligible(process, claim)) continue;
    const keeper = keepers.get(process.pid);
    const evidence =
      keeper?.identity.start === process.start
        ? ({ role: 'keeper', service: keeper.service, evidence: [process.mark ? 'mark' : 'recorded'] } as const)
        : directEvidence(process, table, claim);
    if (evidence) direct.set(process.pid, { ...evidence, evidence: [...evidence.evidence] });
  }
  const setApart = findSetApart(table, claim, direct);
  const isApart = new Set(setApart.map(({ process }) => process.pid));
  const owned = new Map<number, Owned>();
  for (const [pid, evidence] of direct) {
    const process = table.byPid.get(pid);
    if (process && !isApart.has(pid)) owned.set(pid, { process, class: 'certain', ...evidence });
  }
  spread(table, claim, owned, isApart);
  for (const one of owned.values()) addRelations(one, owned);
  const isSpared = ({ process }: { process: ProcessInfo }) => claim.spared.has(process.pid);
  return {
    certain: [...owned.values()].filter((one) => !isSpared(one)),
    setApart: setApart.filter((one) => !isSpared(one)),
  };
}

/** Another user's only where the mark says so: root may end it; for others it is one that a stop names as left. */
function isEligible(process: ProcessInfo, claim: Claim): boolean {
  if (process.pid <= 1 || process.state === 'Z' || process.state === 'X') return false;
  return process.uid === claim.uid || (process.mark !== undefined && claim.isProjectMark(process.mark));
}

function directEvidence(process: ProcessInfo, table: ProcessTable, claim: Claim): Direct | undefined {
  if (process.start < claim.since) return undefined;
  if (process.mark !== undefined && claim.isProjectMark(process.mark)) {
    if (process.mark === claim.projectMark) return { role: 'infrastructure', service: undefined, evidence: ['mark'] };
    return { role: 'service', service: claim.marks.get(process.mark), evidence: ['mark'] };
  }
  if (isServer(process, claim)) return { role: 'infrastructure', service: undefined, evidence: ['our tmux server'] };
  // Where there is no mark: what the server has started without a terminal writes a log.
  const parent = table.byPid.get(process.ppid);
  if (parent && process.tty === 0 && isServer(parent, claim))
    return { role: 'infrastructure', service: undefined, evidence: [`child of ${String(parent.pid)}`] };
  if (process.cookie === claim.projectId) {
    const { cookieService: service } = process;
    const isKnown = service !== undefined && [...claim.marks.values()].includes(service);
    return { role: 'service', service: isKnown ? service : undefined, evidence: ['DEVCTL_SESSION'] };
  }
  for (const target of [...(process.writesTo ?? []), ...(process.tty === 0 ? [] : [`tty:${String(process.tty)}`])]) {
    const service = claim.outputs.get(target);
    if (service !== undefined)
      return { role: 'service', service, evidence: [target.startsWith('tty:') ? 'in our pane' : 'writes to our log'] };
  }
  return undefined;
}

function isServer(process: ProcessInfo, { server, runFolder }: Claim): boolean {
  const isRecorded = server !== undefined && process.pid === server.pid && process.start === server.start;
  return isRecorded || (process.runFolder === runFolder && process.comm.startsWith('tmux'));
}

function spread(table: ProcessTable, claim: Claim, owned: Map<number, Owned>, isApart: Set<number>): void {
  for (let grew = true; grew;) {
    grew = false;
    for (const process of table.all) {
      if (owned.has(process.pid) || isApart.has(process.pid) || !isEligible(process, claim)) continue;
      const source = related(process, owned).at(0);
      if (!source) continue;
      owned.set(process.pid, { process, role: 'service', class: 'certain', service: source.of.service, evidence: [] });
      grew = true;
    }
  }
}

/** Its parent and its session's leader, as far as they are ours and pass it on. */
function related(process: ProcessInfo, owned: Map<number, Owned>): { of: Owned; evidence: string }[] {
  const parent = owned.get(process.ppid);
  const leader = owned.get(process.sid);
  return [
    ...(passesOn(parent) && parent.process.start <= process.start
      ? [{ of: parent, evidence: `child of ${String(process.ppid)}` }]
      : []),
    ...(passesOn(leader) && leader.process.pid !== process.pid
      ? [{ of: leader, evidence: `session ${String(process.sid)}` }]
      : []),
  ];
}

/** All that speaks for it is told, and a service is known by its relations where the mark does not name it. */
function addRelations(one: Owned, owned: Map<number, Owned>): void {
  if (one.role !== 'service') return;
  for (const { of, evidence } of related(one.process, owned)) {
    one.evidence.push(evidence);
    one.service ??= of.service;
  }
}

function passesOn(owned: Owned | undefined): owned is Owned {
  return owned !== undefined && owned.role !== 'infrastructure';
}
