import type { ProcessInfo } from '../../../src/machine/processes.ts';
import { growTree, plantTree, type AgentTree } from '../../../src/ownership/agent-tree.ts';
import { makeProcess, tableOf } from './processes.ts';

export type Given = Partial<ProcessInfo> & { pid: number; argv?: string[]; agent?: number; isDevctls?: boolean; age?: number };

export const TOOL_WORDS =
  "source /h/.claude/shell-snapshots/snapshot-bash-1.sh 2>/dev/null || true && eval 'x' < /dev/null && pwd -P >| /tmp/claude-ab-cwd";
export const TOOL_SHELL = ['/bin/bash', '-c', TOOL_WORDS];
export const MCP = ['node', '/m/mcp-server.js'];

const AGENT = { pid: 5, start: 100 };
export const CLAUDE: Given = { ...AGENT, ppid: 2, comm: 'claude', argv: ['claude'] };
export const SHELL: Given = { pid: 10, ppid: 5, start: 200, comm: 'bash', argv: TOOL_SHELL };
export const JOB: Given = { pid: 20, ppid: 10, sid: 10, start: 300 };

/** One look at these beside the agent and its parent: roles by pid, and whose words were asked for. */
export function look(given: Given[], before: AgentTree = plantTree(AGENT)) {
  const all = [{ pid: 2, start: 50, comm: 'bash', argv: ['-bash'] }, ...given];
  const byPid = new Map<number, Given>(all.map((one) => [one.pid, one]));
  const asked: number[] = [];
  const askedForMarks: number[] = [];
  const tree = growTree(before, {
    table: tableOf(all.map((one) => makeProcess({ ...one }))),
    argvOf: (pid) => {
      asked.push(pid);
      return byPid.get(pid)?.argv ?? ['node', 'x.js'];
    },
    marksOf: (pid) => {
      askedForMarks.push(pid);
      return { agentPid: byPid.get(pid)?.agent, isDevctls: byPid.get(pid)?.isDevctls ?? false };
    },
    ageSeconds: ({ pid }) => byPid.get(pid)?.age ?? 60,
  });
  const roles = Object.fromEntries(tree.members.map(({ process, role }) => [process.pid, role]));
  return { tree, roles, asked, askedForMarks };
}

/** Looks one after the other; what the last one shows. */
export const looks = (first: Given[], ...others: Given[][]) =>
  others.reduce((last, given) => look([CLAUDE, ...given], last.tree), look([CLAUDE, ...first]));
