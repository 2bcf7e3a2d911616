import type { Pipes, ProcessInfo } from '../../../src/machine/processes.ts';
import type { Member } from '../../../src/ownership/agent-tree.ts';
import { makeProcess } from './processes.ts';

export const SHELL = 10;
export const NO_PIPES: Pipes = { reads: undefined, writes: [] };

/** A tool shell (pid 10) with these below it, in its session and its group. */
export function workBelow(...work: (Partial<ProcessInfo> & { pid: number })[]): Member[] {
  const shell = makeProcess({ pid: SHELL, ppid: 5, start: 100 });
  return [
    { process: shell, role: 'shell' },
    ...work.map((one): Member => ({
      process: makeProcess({ ppid: SHELL, pgid: SHELL, sid: SHELL, start: one.pid, ...one }),
      role: 'work',
    })),
  ];
}
