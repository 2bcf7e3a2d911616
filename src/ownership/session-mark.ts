import type { ProcessInfo, ProcessTable } from '../machine/processes.ts';
import { devctlWords } from '../project/devctl-words.ts';
import { shieldOf } from './programs.ts';
import type { Owned } from './owned.ts';

/** What an agent's session wrote into the environment of all that it starts. */
export interface SessionMark {
  agentPid: number | undefined;
  session: string | undefined;
}

/** A process that an agent's session started, and whose agent is gone. */
export interface Stray {
  process: ProcessInfo;
  mark: SessionMark;
  /**
   * `abandoned`: of a dead tool shell, with no terminal: a sweep ends it. `detached`: it left its shell on purpose, or has a
   * terminal: ended on request. `shielded`: a multiplexer, an agent, a shared daemon, a program of the desktop, or beneath
   * one: ended by nobody who does not name its pid.
   */
  kind: 'abandoned' | 'detached' | 'shielded';
  evidence: string[];
}

export interface StrayView {
  table: ProcessTable;
  marks: ReadonlyMap<number, SessionMark>;
  commandOf: (pid: number) => string;
  argvOf: (pid: number) => string[];
  uid: number;
  uidOf: (pid: number) => number | undefined;
  /** devctl and its ancestors. */
  spared: ReadonlySet<number>;
  /** Agents by their own files, whatever their command lines look like. */
  agents: ReadonlySet<number>;
  /** Their current folders, of those that may be read. */
  cwdOf: (pid: number) => string | undefined;
  /** Of a session that left no agent's pid behind (MCP servers): is its agent gone, as far as the agent's own files tell? */
  isSessionGone: (session: string) => boolean;
}

/** `bash -c "source .../shell-snapshots/... eval '...' && pwd -P >| .../claude-x-cwd"`. Source: measured, Claude Code 2.1.329. */
const TOOL_SHELL = /^(?:\S*\/)?(?:bash|zsh|sh|dash) (?:-\S+ )*-c .*(?:\/shell-snapshots\/|pwd -P >\| \S*claude-)/s;

export const isToolShell = (command: string): boolean => TOOL_SHELL.test(command);

/** Every stray that the view shows. Pure. */
export function findStrays(given: StrayView): Stray[] {
  const view = { ...given, agents: new Set([...given.agents, ...agentsIn(given)]) };
  return [...view.marks].flatMap(([pid, mark]) => {
    const process = view.table.byPid.get(pid);
    const owner = process && isEligible(process, view) ? whyGone(process, mark, view) : undefined;
    return process && owner !== undefined ? [judge(process, mark, owner, view)] : [];
  });
}

/** Living processes that others name as their agent, and that were there before them. */
function agentsIn({ table, marks }: StrayView): number[] {
  return [...marks].flatMap(([pid, { agentPid }]) => {
    const child = table.byPid.get(pid);
    const agent = agentPid === undefined ? undefined : table.byPid.get(agentPid);
    return child && agent && agent.state !== 'Z' && agent.start <= child.start ? [agent.pid] : [];
  });
}

/** Not devctl's, whatever the mark in its environment says; a command of devctl's ends by itself. */
function isEligible(process: ProcessInfo, { spared, uid, uidOf, argvOf }: StrayView): boolean {
  const { pid, state, mark, cookie, runFolder } = process;
  if (pid <= 1 || state === 'Z' || state === 'X' || spared.has(pid) || uidOf(pid) !== uid) return false;
  return mark === undefined && cookie === undefined && runFolder === undefined && devctlWords(argvOf(pid)) === undefined;
}

/** Why the agent that it names is gone; nothing where it lives, or where that cannot be told. */
function whyGone(
  process: ProcessInfo,
  { agentPid, session }: SessionMark,
  { table, isSessionGone }: StrayView,
): string | undefined {
  if (agentPid === undefined)
    return session !== undefined && isSessionGone(session) ? `agent session ${session} is over` : undefined;
  const agent = table.byPid.get(agentPid);
  if (!agent || agent.state === 'Z') return `agent pid ${String(agentPid)} is gone`;
  return agent.start > process.start ? `agent pid ${String(agentPid)} is gone, its number was used again` : undefined;
}

function judge(process: ProcessInfo, mark: SessionMark, owner: string, view: StrayView): Stray {
  const shield = shieldAbove(process, view);
  if (shield !== undefined) return { process, mark, kind: 'shielded', evidence: [owner, shield] };
  if (process.tty !== 0) return { process, mark, kind: 'detached', evidence: [owner, 'has a terminal'] };
  // Where daemon(3) puts its callers: one that left its shell on purpose.
  if (view.cwdOf(process.pid) === '/') return { process, mark, kind: 'detached', evidence: [owner, 'its folder is /: a daemon'] };
  const leader = view.table.byPid.get(process.sid);
  if (process.sid > 0 && (!leader || leader.state === 'Z' || leader.sid !== process.sid))
    return { process, mark, kind: 'abandoned', evidence: [owner, `its tool shell ${String(process.sid)} is gone`] };
  if (leader && isToolShell(view.commandOf(leader.pid)) && isGoneAsWell(leader, view))
    return { process, mark, kind: 'abandoned', evidence: [owner, `of tool shell ${String(leader.pid)}, which nobody reads`] };
  return { process, mark, kind: 'detached', evidence: [owner, 'has a session of its own'] };
}

/** A tool shell that outlived its agent, killed in the middle of a call. */
function isGoneAsWell(shell: ProcessInfo, view: StrayView): boolean {
  const mark = view.marks.get(shell.pid);
  return mark !== undefined && whyGone(shell, mark, view) !== undefined;
}

/** The nearest program, from itself upwards, that outlives whoever started it on purpose, or that a person works with. */
function shieldAbove(process: ProcessInfo, { table, commandOf, agents }: StrayView): string | undefined {
  const seen = new Set<number>();
  for (let one: ProcessInfo | undefined = process; one && one.pid > 1 && !seen.has(one.pid); one = table.byPid.get(one.ppid)) {
    seen.add(one.pid);
    const { pid, comm } = one;
    const shield = agents.has(pid) ? 'an agent at work' : shieldOf(comm, () => commandOf(pid));
    if (shield !== undefined) return one === process ? shield : `beneath ${shield} (pid ${String(pid)})`;
  }
  return undefined;
}

/** A stray as one of the engine's. */
export function admitStray({ process, evidence, kind }: Stray): Owned {
  return { process, role: 'service', class: kind === 'shielded' ? 'named' : 'probable', service: undefined, evidence };
}
