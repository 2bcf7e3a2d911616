import type { OwnedListener } from '../../../src/machine/listeners.ts';
import type { ProcessInfo, ProcessTable } from '../../../src/machine/processes.ts';
import type { Suspect } from '../../../src/ownership/suspect.ts';
import type { Owned } from '../../../src/ownership/owned.ts';

/** A process that leads nothing, of user 1000, born at 1000. */
export function makeProcess(over: Partial<ProcessInfo> & { pid: number }): ProcessInfo {
  return {
    start: 1000,
    ppid: 1,
    pgid: over.pid,
    sid: over.pid,
    uid: 1000,
    tty: 0,
    state: 'S',
    comm: 'node',
    cpuMs: 0,
    rssBytes: 0,
    ...over,
  };
}

export function tableOf(all: ProcessInfo[]): ProcessTable {
  return { all, byPid: new Map(all.map((process) => [process.pid, process])) };
}

export function makeOwned(pid: number, over: Partial<Omit<Owned, 'process'>> & { start?: number } = {}): Owned {
  const { start = 1000, ...rest } = over;
  return { process: makeProcess({ pid, start }), role: 'service', class: 'certain', service: 'web', evidence: ['mark'], ...rest };
}

export function listening(port: number, pid = 100): OwnedListener {
  return { port, pid, address: '127.0.0.1', uid: 1000, inode: String(port) };
}

/** One that is not ours for certain. */
export function makeSuspect(pid: number, over: Partial<Suspect> = {}): Suspect {
  const process = makeProcess({ pid });
  return {
    process,
    command: 'python x.py',
    cwd: '/elsewhere',
    ports: [3000],
    class: 'foreign',
    evidence: ['listens on 3000', 'its folder is elsewhere'],
    service: undefined,
    isOrphanedServer: false,
    top: process,
    isDesktop: false,
    ...over,
  };
}
