import type { ProcessIdentity, ProcessInfo, ProcessTable } from '../machine/processes.ts';
import { devctlWords } from '../project/devctl-words.ts';
import { desktopProgram, isOtherAgent, programOf, sharedDaemon } from './programs.ts';
import { isToolShell } from './session-mark.ts';
import { isClaude } from './stuck.ts';
import { hasReaper } from './suspect.ts';

/**
 * What a process is to the agent that it stands below. `agent`: itself, or another one that it started. `shell`: runs one
 * tool call. `work`: what that call runs, or a search that the agent runs itself. `apart`: MCP servers, hooks, services of
 * devctl, multiplexers, what has a terminal; with all that stands below, it is left alone.
 */
export type AgentRole = 'agent' | 'shell' | 'work' | 'apart';

export interface Member {
  process: ProcessInfo;
  role: AgentRole;
}

interface Verdict {
  start: number;
  /** One that has become another program is judged anew. */
  comm: string;
  role: AgentRole;
  isMember: boolean;
  /** Judged when it was old enough to have become what it is. */
  isSure: boolean;
}

/** What one look leaves to the next: roles, and the tool shells that there were, by which orphans are known. */
export interface AgentTree {
  agent: ProcessIdentity;
  verdicts: ReadonlyMap<number, Verdict>;
  shells: ReadonlyMap<number, number>;
  members: Member[];
}

export interface AgentTreeView {
  table: ProcessTable;
  argvOf: (pid: number) => string[];
  /** Which agent it names in its environment, and whether devctl started it. */
  marksOf: (pid: number) => { agentPid: number | undefined; isDevctls: boolean };
  ageSeconds: (identity: ProcessIdentity) => number;
}

export const plantTree = (agent: ProcessIdentity): AgentTree => ({ agent, verdicts: new Map(), shells: new Map(), members: [] });

/** A process is forked under its parent's name, and becomes its own a moment later. */
const SURE_AFTER_SECONDS = 1;

/** Searches that Claude Code runs itself, and of which there were once thousands. It runs its own program as `rg`: argv[0] counts. */
const SEARCHES = /^(?:rg|fd|fdfind|ugrep|bfs)$/;

/**
 * Everybody who belongs to the agent now: its descendants, and those that lost their parent, by their tool shell's session or by
 * the agent's mark. Pure.
 */
export function growTree(tree: AgentTree, view: AgentTreeView): AgentTree {
  const { table } = view;
  const verdicts = new Map<number, Verdict>();
  const shells = new Map(tree.shells);
  const members: Member[] = [];
  const agent = table.byPid.get(tree.agent.pid);
  const children = childrenIn(table);

  const judge = (process: ProcessInfo, above: AgentRole): AgentRole => {
    const known = tree.verdicts.get(process.pid);
    if (known?.start === process.start && known.comm === process.comm && known.isSure) return known.role;
    return roleOf(process, above, view);
  };
  const visit = (first: ProcessInfo, above: AgentRole) => {
    const pending: [ProcessInfo, AgentRole][] = [[first, above]];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const [process, parentRole] = next;
      if (verdicts.has(process.pid) || !isLiving(process)) continue;
      const role = process.pid === tree.agent.pid ? 'agent' : judge(process, parentRole);
      const isSure = view.ageSeconds(process) >= SURE_AFTER_SECONDS;
      verdicts.set(process.pid, { start: process.start, comm: process.comm, role, isMember: true, isSure });
      members.push({ process, role });
      if (role === 'shell') shells.set(process.pid, process.start);
      for (const child of children.get(process.pid) ?? []) pending.push([child, role]);
    }
  };
  if (agent?.start === tree.agent.start) visit(agent, 'apart');

  // In the order of their births: a parent that was lost comes before its children.
  const agents = new Set([tree.agent.pid, ...members.filter(({ role }) => role === 'agent').map(({ process }) => process.pid)]);
  for (const process of table.all.filter(({ pid, start }) => start >= tree.agent.start && !verdicts.has(pid)).sort(byBirth)) {
    const above = roleAboveOrphan(process, { tree, shells, agents, view });
    if (above !== undefined) visit(process, above);
    else if (!verdicts.has(process.pid)) {
      const { start, comm } = process;
      verdicts.set(process.pid, { start, comm, role: 'apart', isMember: false, isSure: true });
    }
  }
  // A number that nobody's session has any more may become a stranger's.
  const sessions = new Set(members.map(({ process }) => process.sid));
  for (const pid of shells.keys()) if (!sessions.has(pid)) shells.delete(pid);
  return { agent: tree.agent, verdicts, shells, members };
}

const isLiving = ({ state }: ProcessInfo): boolean => state !== 'Z' && state !== 'X';
export const byBirth = (one: ProcessInfo, other: ProcessInfo): number => one.start - other.start || one.pid - other.pid;

function childrenIn({ all }: ProcessTable): Map<number, ProcessInfo[]> {
  const children = new Map<number, ProcessInfo[]>();
  for (const process of all) {
    const siblings = children.get(process.ppid);
    if (siblings) siblings.push(process);
    else children.set(process.ppid, [process]);
  }
  return children;
}

interface Lost {
  tree: AgentTree;
  shells: ReadonlyMap<number, number>;
  agents: ReadonlySet<number>;
  view: AgentTreeView;
}

/** As whose child one without its parent counts; nothing where it is somebody else's. */
function roleAboveOrphan(process: ProcessInfo, { tree, shells, agents, view }: Lost): AgentRole | undefined {
  if (!isLiving(process)) return undefined;
  const known = tree.verdicts.get(process.pid);
  if (known?.start === process.start) {
    return known.isMember ? (known.role === 'apart' ? 'apart' : 'work') : undefined;
  }
  // Whoever has a living parent is that one's.
  if (view.table.byPid.has(process.ppid) && !hasReaper(process, view.table)) return undefined;
  const shellStart = shells.get(process.sid);
  const leader = view.table.byPid.get(process.sid);
  if (shellStart !== undefined && shellStart <= process.start && (leader === undefined || leader.start === shellStart))
    return 'work';
  const { agentPid } = view.marksOf(process.pid);
  return agentPid !== undefined && agents.has(agentPid) ? 'work' : undefined;
}

function roleOf(process: ProcessInfo, above: AgentRole, view: AgentTreeView): AgentRole {
  if (above === 'apart' || process.mark !== undefined) return 'apart';
  const argv = view.argvOf(process.pid);
  const command = argv.join(' ');
  if (above === 'agent') {
    if (isToolShell(command)) return 'shell';
    return SEARCHES.test(programOf(argv)) ? 'work' : 'apart';
  }
  if (process.tty !== 0 || devctlWords(argv) !== undefined || view.marksOf(process.pid).isDevctls) return 'apart';
  if (isClaude(argv)) return 'agent';
  return isOtherAgent(argv) || sharedDaemon(process.comm, () => command) || desktopProgram(process.comm, () => command)
    ? 'apart'
    : 'work';
}
