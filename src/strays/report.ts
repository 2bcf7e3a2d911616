import type { Machine } from '../machine/machine.ts';
import type { Stray } from '../ownership/session-mark.ts';
import { commandOf } from '../services/command-of.ts';

/** A stray in plain data. */
export interface StrayReport {
  pid: number;
  kind: Stray['kind'];
  evidence: string[];
  /** Its agent's pid and session, as it carries them. */
  agentPid?: number;
  session?: string;
  ports: number[];
  ageSeconds: number;
  cwd?: string;
  command: string;
}

/** Of a tool shell, what it was asked to run; the rest is the same for all. */
function shown(command: string): string {
  const asked = / && eval '(.*)' < \/dev\/null && pwd -P >\| /s.exec(command)?.[1];
  return asked === undefined ? command : `tool shell: ${asked.replaceAll(`'\\''`, "'")}`;
}

/** What is told of strays: age, folder, command, where they listen. */
export function reportStrays(machine: Machine, strays: Stray[]): StrayReport[] {
  const { processes, listeners } = machine;
  const pids = strays.map(({ process }) => process.pid);
  const owned = pids.length > 0 && listeners.anySocket(pids) ? listeners.ownedBy(pids, listeners.all()) : [];
  const cwds = processes.cwds(pids);
  return strays.map(({ process, mark, kind, evidence }) => {
    const cwd = cwds.get(process.pid);
    return {
      pid: process.pid,
      kind,
      evidence,
      ...(mark.agentPid === undefined ? {} : { agentPid: mark.agentPid }),
      ...(mark.session === undefined ? {} : { session: mark.session }),
      ports: [...new Set(owned.filter(({ pid }) => pid === process.pid).map(({ port }) => port))],
      ageSeconds: processes.ageSeconds(process),
      ...(cwd === undefined ? {} : { cwd }),
      command: shown(commandOf(machine, { process })),
    };
  });
}
