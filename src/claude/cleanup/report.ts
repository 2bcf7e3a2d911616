import type { Machine } from '../../machine/machine.ts';
import type { ProcessInfo } from '../../machine/processes.ts';
import { commandOf } from '../../services/command-of.ts';
import type { CleanupFacts } from './gather.ts';

/** A process that `devctl cleanup` has looked at, in plain data. */
export interface CleanupReport {
  pid: number;
  ppid: number;
  kind: 'stuck' | 'server' | 'at-work';
  evidence: string[];
  session?: string;
  ageSeconds: number;
  cpuMs: number;
  memoryBytes: number;
  command: string;
}

/** What is told of each: the stuck first, then servers whose session is over, then those at work. */
export function reportCleanup(machine: Machine, { agents, servers, sessions }: CleanupFacts): CleanupReport[] {
  const describe = (
    process: ProcessInfo,
    kind: CleanupReport['kind'],
    evidence: string[],
    session: string | undefined,
  ): CleanupReport => ({
    pid: process.pid,
    ppid: process.ppid,
    kind,
    evidence,
    ...(session === undefined ? {} : { session }),
    ageSeconds: machine.processes.ageSeconds(process),
    cpuMs: process.cpuMs,
    memoryBytes: machine.processes.memoryBytes(process),
    command: commandOf(machine, { process }),
  });
  const of = (wanted: 'stuck' | 'at-work') =>
    agents
      .filter(({ kind }) => kind === wanted)
      .map(({ process, kind, evidence }) => describe(process, kind, evidence, sessions.get(process.pid)?.id));
  return [
    ...of('stuck'),
    ...servers.map(({ process, mark, evidence }) => describe(process, 'server', evidence, mark.session)),
    ...of('at-work'),
  ];
}
