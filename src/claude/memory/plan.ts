import type { HardwareFacts, MemoryLimit } from '../../machine/hardware.ts';

/** How much of a machine Claude Code and what it starts may have. Sizes in MB are 2^20 bytes. */
export interface MemoryPlan {
  /** What counts as the machine's memory: its own, or the smallest limit below it. */
  effectiveMb: number;
  limitedBy: MemoryLimit | undefined;
  /** Left to the system and everybody else. */
  reserveMb: number;
  /** V8's whole heap: old space and three semi-spaces. */
  heapMb: number;
  /** What Claude Code itself may have in all: the heap, and room beside it. */
  ceilingMb: number;
  oldSpaceMb: number;
  semiSpaceMb: number;
  threads: number;
  /** `claude -p` tasks at once. */
  tasks: number;
}

const MB = 2 ** 20;
const GB = 1024;

/** What one `claude -p` takes: 0.2-0.3 GB itself (measured, 2.1.329), and the rest for its tools. */
const TASK_MB = 1.5 * GB;
/** Each waits for the API most of the time. */
const TASKS_PER_CORE = 2;
/** Beyond these the API's limits come first, and a person's budget. */
const MAX_TASKS = 10;
const MIN_HEAP_MB = 512;
/** A process has more than its heap: code, buffers, threads. */
const CEILING_PER_HEAP = 1.25;
/** libuv's own default and more; nothing was measured to gain from more than the cores. */
const THREADS = { least: 4, most: 64 };

/**
 * The seeds' table: 60 % of 16-24 GB, 65 % of 32-48 GB, 70 % of 64 GB and more, with 4, 6 and 8 GB left to the system. The
 * gaps between its rows belong to the next row, and a smaller machine leaves a quarter. Pure.
 */
export function planMemory({ totalBytes, limits, cores }: HardwareFacts): MemoryPlan {
  const limitedBy = limits.filter(({ bytes }) => bytes < totalBytes).reduce<MemoryLimit | undefined>(smaller, undefined);
  const effectiveMb = Math.floor((limitedBy?.bytes ?? totalBytes) / MB);
  const { share, reserveMb } = rowFor(effectiveMb);
  const heapMb = Math.max(MIN_HEAP_MB, roundDown(Math.min(effectiveMb * share, effectiveMb - reserveMb)));
  const semiSpaceMb = semiSpaceFor(effectiveMb);
  const tasks = Math.min(cores * TASKS_PER_CORE, Math.floor((effectiveMb - reserveMb) / TASK_MB), MAX_TASKS);
  return {
    effectiveMb,
    limitedBy,
    reserveMb,
    heapMb,
    ceilingMb: Math.floor(heapMb * CEILING_PER_HEAP),
    oldSpaceMb: heapMb - 3 * semiSpaceMb,
    semiSpaceMb,
    threads: Math.min(Math.max(cores, THREADS.least), THREADS.most),
    tasks: Math.max(1, tasks),
  };
}

/** The plan below a ceiling that somebody has asked for: the heap must fit in. Pure. */
export function planWithin(plan: MemoryPlan, ceilingMb: number): MemoryPlan {
  const heapMb = Math.min(plan.heapMb, Math.max(64, roundDown(ceilingMb / CEILING_PER_HEAP)));
  const semiSpaceMb = Math.min(plan.semiSpaceMb, semiSpaceFor(ceilingMb));
  return { ...plan, ceilingMb, heapMb, semiSpaceMb, oldSpaceMb: Math.max(32, heapMb - 3 * semiSpaceMb) };
}

function smaller(least: MemoryLimit | undefined, limit: MemoryLimit): MemoryLimit {
  return least === undefined || limit.bytes < least.bytes ? limit : least;
}

/** A machine of 24 GB shows a little less. */
function rowFor(mb: number): { share: number; reserveMb: number } {
  if (mb < 15.5 * GB) return { share: 0.6, reserveMb: Math.max(512, mb / 4) };
  if (mb <= 24 * GB) return { share: 0.6, reserveMb: 4 * GB };
  if (mb <= 48 * GB) return { share: 0.65, reserveMb: mb < 31 * GB ? 4 * GB : 6 * GB };
  return { share: 0.7, reserveMb: 8 * GB };
}

const roundDown = (mb: number): number => (mb >= 4 * GB ? Math.floor(mb / 512) * 512 : Math.floor(mb / 64) * 64);

/**
 * V8 rounds a semi-space up to a power of two and counts three of them: the seeds' 737 MB are 3 GB of heap. Allocating 6
 * million objects took 717 ms with 8 MB, 464 with 16, 265 with 32, 251 with 64, and no less with more. Source: measured,
 * Node 20.
 */
function semiSpaceFor(effectiveMb: number): number {
  if (effectiveMb < GB) return 8;
  if (effectiveMb < 2 * GB) return 16;
  return effectiveMb < 8 * GB ? 32 : 64;
}

/** Node's own words for it, for a Claude Code that runs on Node (up to 2.1.112). */
export function heapFlags({ oldSpaceMb, semiSpaceMb }: Pick<MemoryPlan, 'oldSpaceMb' | 'semiSpaceMb'>): string[] {
  return [`--max-old-space-size=${String(oldSpaceMb)}`, `--max-semi-space-size=${String(semiSpaceMb)}`];
}
