import type { Failure } from '../failure.ts';
import type { ProcessInfo, ProcessTable } from '../machine/processes.ts';
import { withBeneath, type Limits } from '../ownership/beneath.ts';
import type { Owned } from '../ownership/owned.ts';
import { protectedProgram } from '../ownership/programs.ts';
import { admitNamed } from '../ownership/target.ts';
import type { StopPlan } from '../stop/plan.ts';
import type { EverythingFacts, NukeFacts, ProjectFacts, UserProcess } from './facts.ts';

/** A process outside every project that would end, or that is spared, and why. */
export interface OutsideProcess {
  owned: Owned;
  command: string;
}

export interface NukePlan {
  /** Those in which there is something to end. */
  projects: ProjectFacts[];
  unseen: Failure[];
  outside: OutsideProcess[];
  /** Meant by the scope, and left alone all the same. */
  spared: OutsideProcess[];
  /** Whom the end of `outside` never reaches. */
  limits: Limits | undefined;
}

/** What the user's old script ended: all of these, by name. */
export const DEFAULT_PATTERNS: readonly string[] = ['^(?:\\S*/)?ruby[\\d.]*(?:\\s|$)', '^(?:\\S*/)?node(?:js)?(?:\\s|$)'];

/** `patterns` are for `--everything`, which also means tmux servers and holders of ports. Pure. */
export function planNuke({ projects, unseen, everything }: NukeFacts, patterns: string[]): NukePlan {
  const busy = projects.filter(({ plan }) => countOf(plan) > 0);
  if (!everything) return { projects: busy, unseen, outside: [], spared: [], limits: undefined };
  const { table, others } = everything;
  const shields = findShields(everything);
  const limits = { ...everything.limits, spared: new Set(shields.keys()) };
  const panes = underTmux(others, shields);
  const commandOf = new Map(others.map(({ process, command }) => [process.pid, command]));
  const meant = others.flatMap((other) => {
    const why = reason(other, patterns, panes);
    return why === undefined ? [] : [admitNamed(other.process, why)];
  });
  const present = (owned: Owned): OutsideProcess => ({ owned, command: commandOf.get(owned.process.pid) ?? owned.process.comm });
  return {
    projects: busy,
    unseen,
    outside: withBeneath(
      table,
      meant.filter(({ process }) => !shields.has(process.pid)),
      limits,
    ).map(present),
    spared: meant.flatMap((owned) => {
      const shield = shields.get(owned.process.pid);
      return shield === undefined ? [] : [present({ ...owned, evidence: [...owned.evidence, shield] })];
    }),
    limits,
  };
}

/** How many processes a forced stop of the project would end. */
export function countOf(plan: StopPlan): number {
  return plan.seen.length + plan.suspects.filter(({ action }) => action === 'end').length;
}

/**
 * Whom nothing here ends, and why: devctl's ancestors, pid 1, programs that a person works with, all that stands below
 * these, and all above them, whose end would hang up on them.
 */
function findShields({ table, others, limits }: EverythingFacts): Map<number, string> {
  const shields = new Map<number, string>([...limits.spared].map((pid) => [pid, 'devctl runs below it']));
  shields.set(1, 'the first process');
  const worked = new Map<number, string>();
  for (const { process, command } of others) {
    const why = protectedProgram(process.comm, () => command);
    if (why !== undefined) worked.set(process.pid, why);
  }
  const roots = new Set(worked.keys());
  for (let grew = true; grew;) {
    grew = false;
    for (const { process } of others) {
      if (worked.has(process.pid) || !worked.has(process.ppid)) continue;
      worked.set(process.pid, `below ${worked.get(process.ppid)?.replace(/^below /, '') ?? 'it'}`);
      grew = true;
    }
  }
  for (const pid of roots)
    for (const above of ancestorsIn(table, pid)) if (!worked.has(above)) worked.set(above, `above ${worked.get(pid) ?? 'it'}`);
  for (const [pid, why] of worked) if (!shields.has(pid)) shields.set(pid, why);
  return shields;
}

function ancestorsIn(table: ProcessTable, pid: number): number[] {
  const found: number[] = [];
  for (let one = table.byPid.get(pid); one && one.ppid > 0 && !found.includes(one.ppid); one = table.byPid.get(one.ppid))
    found.push(one.ppid);
  return found;
}

function reason({ process, command, ports }: UserProcess, patterns: string[], panes: Map<number, string>): string | undefined {
  const pane = panes.get(process.pid);
  if (pane !== undefined) return pane;
  if (ports.length > 0) return `listens on ${ports.join(', ')}`;
  const pattern = patterns.find((text) => new RegExp(text).test(command) || new RegExp(text).test(process.comm));
  return pattern === undefined ? undefined : `matches /${pattern}/`;
}

/** tmux servers, and what runs in their panes; a server that is shielded stays, with its panes. */
function underTmux(others: UserProcess[], shields: ReadonlyMap<number, string>): Map<number, string> {
  const found = new Map<number, string>();
  for (const { process } of others) if (isTmuxServer(process)) found.set(process.pid, 'tmux server');
  for (let grew = true; grew;) {
    grew = false;
    for (const { process } of others) {
      const above = found.has(process.ppid) && !shields.has(process.ppid);
      if (!above || found.has(process.pid)) continue;
      found.set(process.pid, `in tmux (pid ${String(process.ppid)})`);
      grew = true;
    }
  }
  return found;
}

/** Linux names the server so; elsewhere it is the tmux that has left its parent. Source: tmux proc.c, setproctitle. */
function isTmuxServer({ comm, ppid }: ProcessInfo): boolean {
  return comm === 'tmux: server' || (comm === 'tmux' && ppid === 1);
}
