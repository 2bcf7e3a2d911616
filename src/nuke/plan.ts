import type { ProcessInfo } from '../machine/processes.ts';
import { protectedProgram } from '../ownership/programs.ts';
import type { StopPlan } from '../stop/plan.ts';
import type { NukeFacts, ProjectFacts, UserProcess } from './facts.ts';

/** A process outside every project that would end, and why. */
export interface OutsideTarget {
  process: ProcessInfo;
  command: string;
  why: string;
}

export interface NukePlan {
  /** Those in which there is something to end. */
  projects: ProjectFacts[];
  outside: OutsideTarget[];
  /** Meant by the scope, and left alone all the same. */
  spared: OutsideTarget[];
}

export interface NukeRequest {
  /** Also all tmux servers of the user, all processes with these names, all that listens on these ports. */
  everything: { patterns: string[] } | undefined;
}

/** What the user's old script ended: all of these, by name. */
export const DEFAULT_PATTERNS: readonly string[] = ['^(?:\\S*/)?ruby[\\d.]*(?:\\s|$)', '^(?:\\S*/)?node(?:js)?(?:\\s|$)'];

/** Pure. */
export function planNuke(facts: NukeFacts, { everything }: NukeRequest): NukePlan {
  const projects = facts.projects.filter(({ plan }) => countOf(plan) > 0);
  if (!everything) return { projects, outside: [], spared: [] };
  const outside: OutsideTarget[] = [];
  const spared: OutsideTarget[] = [];
  const panes = underTmux(facts.others, facts.spared);
  for (const other of facts.others) {
    const why = reason(other, everything.patterns, panes);
    if (why === undefined) continue;
    const target = { process: other.process, command: other.command, why };
    const shield = facts.spared.has(other.process.pid)
      ? 'devctl runs below it'
      : protectedProgram(other.process.comm, other.command);
    if (shield === undefined) outside.push(target);
    else spared.push({ ...target, why: `${why}; ${shield}` });
  }
  return { projects, outside, spared };
}

/** How many processes a forced stop of the project would end. */
export function countOf(plan: StopPlan): number {
  return plan.seen.length + plan.suspects.filter(({ action }) => action === 'end').length;
}

function reason({ process, command, ports }: UserProcess, patterns: string[], panes: Map<number, string>): string | undefined {
  const pane = panes.get(process.pid);
  if (pane !== undefined) return pane;
  if (ports.length > 0) return `listens on ${ports.join(', ')}`;
  const pattern = patterns.find((text) => new RegExp(text).test(command) || new RegExp(text).test(process.comm));
  return pattern === undefined ? undefined : `matches /${pattern}/`;
}

/** tmux servers, and what runs in their panes; the server that devctl itself runs in stays, with its panes. */
function underTmux(others: UserProcess[], spared: ReadonlySet<number>): Map<number, string> {
  const found = new Map<number, string>();
  for (const { process } of others) if (isTmuxServer(process)) found.set(process.pid, 'tmux server');
  for (let grew = true; grew;) {
    grew = false;
    for (const { process } of others) {
      const above = found.has(process.ppid) && !spared.has(process.ppid);
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
