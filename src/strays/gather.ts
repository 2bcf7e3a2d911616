import { readSessions } from '../claude/sessions.ts';
import type { Machine } from '../machine/machine.ts';
import type { ProcessTable } from '../machine/processes.ts';
import { findStrays, type SessionMark, type Stray } from '../ownership/session-mark.ts';

/** Processes that agents' sessions have left behind. About 3 ms where there can be none, else 10. */
export function lookForStrays(machine: Machine): Stray[] {
  const { processes } = machine;
  const glance = processes.scan({ since: Infinity, evidence: 'mark', logs: [] });
  if (![...readMarks(machine, glance)].some(([pid, mark]) => mayBeGone(glance, pid, mark))) return [];
  const table = processes.scan({ since: 0, evidence: 'mark', logs: [] });
  const marks = readMarks(machine, table);
  const uid = process.getuid?.() ?? 0;
  const sessions = readSessions(machine);
  const cwds = processes.cwds([...marks.keys()]);
  return findStrays({
    table,
    marks,
    commandOf: (pid) => processes.argv(pid).join(' '),
    argvOf: (pid) => processes.argv(pid),
    uid,
    uidOf: (pid) => processes.uid(pid),
    spared: processes.ancestors(table),
    agents: new Set(sessions.map(({ pid }) => pid).filter((pid) => isThere(table, pid))),
    cwdOf: (pid) => cwds.get(pid),
    isSessionGone: (session) => {
      // One that was resumed is run by another process than before.
      const owners = sessions.filter(({ id }) => id === session);
      return owners.length > 0 && owners.every(({ pid }) => !isThere(table, pid));
    },
  });
}

/** What this user's processes carry of an agent's session; those that devctl started are nobody's strays. */
function readMarks({ processes }: Machine, table: ProcessTable): Map<number, SessionMark> {
  const uid = process.getuid?.() ?? 0;
  const own = table.all.filter(({ pid, state, mark }) => state !== 'Z' && mark === undefined && processes.uid(pid) === uid);
  const variables = processes.variables(
    own.map(({ pid }) => pid),
    ['CLAUDE_PID', 'CLAUDE_CODE_SESSION_ID', 'DEVCTL_SESSION', 'DEVCTL_RUN_DIR'],
  );
  const marks = new Map<number, SessionMark>();
  for (const [pid, { CLAUDE_PID: agent, CLAUDE_CODE_SESSION_ID: session, ...ours }] of variables) {
    if (ours.DEVCTL_SESSION !== undefined || ours.DEVCTL_RUN_DIR !== undefined) continue;
    const agentPid = /^\d{1,10}$/.test(agent ?? '') ? Number(agent) : undefined;
    // In a container an agent's number is another one, and it may well live.
    if ((agentPid !== undefined || session) && processes.sharesNumbers(pid)) marks.set(pid, { agentPid, session });
  }
  return marks;
}

function mayBeGone(table: ProcessTable, pid: number, { agentPid }: SessionMark): boolean {
  const agent = agentPid === undefined ? undefined : table.byPid.get(agentPid);
  return !agent || agent.state === 'Z' || agent.start > (table.byPid.get(pid)?.start ?? 0);
}

function isThere(table: ProcessTable, pid: number): boolean {
  const agent = table.byPid.get(pid);
  return agent !== undefined && agent.state !== 'Z';
}
