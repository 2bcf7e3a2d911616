import { keyOf, type ProcessInfo } from '../../machine/processes.ts';
import type { Job } from './jobs.ts';

/** What a process had used when it was last seen to get on. */
interface Mark {
  cpuMs: number;
  ioBytes: number;
  sinceMs: number;
}

export type Marks = ReadonlyMap<string, Mark>;

export interface Hung {
  process: ProcessInfo;
  program: string;
  idleMs: number;
}

/** Tools that end by themselves, and after how many ms without CPU and without a byte read or written one is hung. From claude-yolt's table. */
const PATIENCE_MS: Readonly<Record<string, number>> = {
  fd: 10_000,
  fdfind: 10_000,
  rg: 15_000,
  bat: 5_000,
  exa: 3_000,
  eza: 3_000,
  lsd: 3_000,
  dust: 10_000,
  tokei: 30_000,
  hyperfine: 600_000,
};

export interface HungView {
  nowMs: number;
  /** Of those only that run: who is queued uses nothing. */
  jobs: Job[];
  nameOf: (process: ProcessInfo) => string;
  ioBytesOf: (process: ProcessInfo) => number | undefined;
  /** It reads from a pipe, and may wait for somebody. */
  isFed: (process: ProcessInfo) => boolean;
}

/** Who of the known tools has stood still for its time. One that reads from a pipe may wait for another, and is never meant. Pure. */
export function findHung(before: Marks, { nowMs, jobs, nameOf, ioBytesOf, isFed }: HungView): { hung: Hung[]; marks: Marks } {
  const marks = new Map<string, Mark>();
  const hung: Hung[] = [];
  for (const { processes } of jobs) {
    const last = processes.at(-1);
    const program = last && nameOf(last);
    const patience = program === undefined ? undefined : PATIENCE_MS[program];
    if (!last || program === undefined || patience === undefined || isFed(last) || isPipeline(processes)) continue;
    const ioBytes = ioBytesOf(last);
    // Where the bytes cannot be read, nothing is said of it.
    if (ioBytes === undefined) continue;
    const mark = before.get(keyOf(last));
    const isStill = mark?.cpuMs === last.cpuMs && mark.ioBytes === ioBytes;
    const sinceMs = isStill ? mark.sinceMs : nowMs;
    marks.set(keyOf(last), { cpuMs: last.cpuMs, ioBytes, sinceMs });
    if (nowMs - sinceMs >= patience) hung.push({ process: last, program, idleMs: nowMs - sinceMs });
  }
  return { hung, marks };
}

/** More than one chain: somebody in it is not below the one before. */
function isPipeline(processes: ProcessInfo[]): boolean {
  return processes.some((process, index) => index > 0 && process.ppid !== processes[index - 1]?.pid);
}
