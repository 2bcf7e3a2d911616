import type { Machine } from '../../machine/machine.ts';
import type { ProcessInfo, ProcessTable } from '../../machine/processes.ts';
import { findStuck, type AgentProcess } from '../../ownership/stuck.ts';
import type { Stray } from '../../ownership/session-mark.ts';
import { lookForStrays } from '../../strays/gather.ts';
import { readSessions, transcriptMs, type Session } from '../sessions.ts';

export interface CleanupFacts {
  agents: AgentProcess[];
  /** MCP servers whose session is over: they carry a session, and no agent's pid. */
  servers: Stray[];
  sessions: Map<number, Session>;
}

/** Two looks so far apart tell who gets on. */
const WATCH_MS = 2000;
/** An idle one uses 1 % of a core, and reads and writes some kB for its timers. Source: measured, 2.1.329. */
const MOVING_SHARE = 0.05;
const MOVING_BYTES = 100_000;

/** Who is stuck. Takes two seconds, and none where no Claude Code runs. */
export async function gatherCleanup(machine: Machine, minQuietSeconds: number): Promise<CleanupFacts> {
  const { processes, clock } = machine;
  const sessions = new Map(readSessions(machine).map((session) => [session.pid, session]));
  const servers = lookForStrays(machine).filter((stray) => isServer(machine, stray, minQuietSeconds));
  const first = takeSample(machine);
  const judge = (table: ProcessTable, isMoving: (process: ProcessInfo) => boolean): AgentProcess[] =>
    findStuck({
      table,
      argvOf: (pid) => processes.argv(pid),
      uid: process.getuid?.() ?? 0,
      uidOf: (pid) => processes.uid(pid),
      spared: processes.ancestors(table),
      isMoving,
      quietSeconds: (one) => quietSeconds(machine, one, sessions.get(one.pid)),
      minQuietSeconds,
      isBackground: ({ pid }) => sessions.get(pid)?.kind === 'bg',
      unitOf: ({ pid }) => processes.unit(pid),
    });
  // Only of those that look stuck is it asked whether they move.
  const agents = judge(first.table, () => false);
  if (!agents.some(({ kind }) => kind === 'stuck')) return { agents, servers, sessions };

  await clock.sleep(WATCH_MS);
  const second = takeSample(machine);
  return { agents: judge(second.table, (one) => isMoving(one, first, second)), servers, sessions };
}

/** A server knows its session and no agent's pid. What a person works with, and what stands beneath that, is never meant. */
function isServer({ processes }: Machine, { process, mark, kind }: Stray, minSeconds: number): boolean {
  return mark.agentPid === undefined && kind !== 'shielded' && process.tty === 0 && processes.ageSeconds(process) >= minSeconds;
}

interface Sample {
  table: ProcessTable;
  atMs: number;
  ioBytes: Map<number, number | undefined>;
}

function takeSample({ processes, clock }: Machine): Sample {
  const table = processes.scan({ since: 0, evidence: 'mark', logs: [] });
  return { table, atMs: clock.elapsed(), ioBytes: new Map(table.all.map(({ pid }) => [pid, processes.ioBytes(pid)])) };
}

/** It, or anybody below it: a process that came or went in between is work as well. */
function isMoving(top: ProcessInfo, first: Sample, second: Sample): boolean {
  const [before, after] = [below(top.pid, first.table), below(top.pid, second.table)];
  if (before.length !== after.length) return true;
  const limitMs = (second.atMs - first.atMs) * MOVING_SHARE;
  return after.some(({ pid, start, cpuMs }) => {
    const old = first.table.byPid.get(pid);
    if (old?.start !== start || cpuMs - old.cpuMs > limitMs) return true;
    return (second.ioBytes.get(pid) ?? 0) - (first.ioBytes.get(pid) ?? 0) > MOVING_BYTES;
  });
}

function below(pid: number, { all, byPid }: ProcessTable): ProcessInfo[] {
  const top = byPid.get(pid);
  const found = top ? [top] : [];
  for (const above of found)
    for (const one of all) if (one.ppid === above.pid && one.state !== 'Z' && !found.includes(one)) found.push(one);
  return found;
}

function quietSeconds(machine: Machine, process: ProcessInfo, session: Session | undefined): number {
  const wroteMs = session && Math.max(session.updatedMs ?? 0, transcriptMs(machine, session) ?? 0);
  if (wroteMs === undefined || wroteMs === 0) return machine.processes.ageSeconds(process);
  return Math.max(0, (machine.clock.now() - wroteMs) / 1000);
}
