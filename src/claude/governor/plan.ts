import { keyOf, type ProcessIdentity, type ProcessInfo } from '../../machine/processes.ts';
import type { Crew, Job } from './jobs.ts';

/** What the governor has stopped, each by `keyOf`, with moments in ms. */
export interface Held {
  /** Processes of queued jobs, and since when. */
  queued: ReadonlyMap<string, { identity: ProcessIdentity; sinceMs: number }>;
  /** Who forks or watches, and is stopped for that. */
  paused: ReadonlyMap<string, ProcessIdentity>;
  /** When those that were queued were last continued. */
  resumedMs: ReadonlyMap<string, number>;
}

export interface GovernorView {
  nowMs: number;
  /** Processes of the work that may run at once. A soft limit: one job always runs. */
  limit: number;
  crew: Crew;
  held: Held;
  /** Nobody gets on: those that run and those that wait change places. */
  isStanding: boolean;
  /** How often that was so in a row: from the second time on there is twice the room each time. */
  stands: number;
}

/** The next orders, to be carried out in this order. */
export interface Orders {
  pause: ProcessInfo[];
  stop: Job[];
  resume: Job[];
  /** Those whose reason is gone. */
  unpause: ProcessIdentity[];
  isRotation: boolean;
  /** Processes of the work, when the orders are carried out. */
  running: number;
  waiting: number;
}

/** Nobody is queued for ever, whoever runs. */
export const ROTATE_AFTER_WAIT_MS = 30_000;
/** Running and queued together, in limits: beyond it whoever forks is paused, until it is below the second. */
const RUNAWAY = 2;
const CALM = 1.5;
/** So much of the limit is left to jobs, however many processes only wait for them. */
const SHARE_OF_JOBS = 0.25;

/** What to stop and what to continue, by what is seen: the newest are queued, and resumed in the order of their births. Pure. */
export function nextOrders(view: GovernorView): Orders {
  const { limit, crew, held, stands } = view;
  const isHeld = (process: ProcessInfo) => held.queued.has(keyOf(process));
  const isPaused = (process: ProcessInfo) => held.paused.has(keyOf(process));
  // Jobs come in the order of their births, which a stable sort keeps among those that were queued together.
  const queue = crew.jobs
    .filter(({ processes }) => processes.some(isHeld))
    .sort((one, other) => sinceMs(one, held) - sinceMs(other, held));
  const runners = crew.jobs.filter(({ processes }) => !processes.some(isHeld));
  const busyForkers = crew.forkers.filter((process) => !isPaused(process)).length;
  const capacity = Math.max(limit - busyForkers, Math.ceil(limit * SHARE_OF_JOBS)) * 2 ** Math.max(0, stands - 1);

  const running = new Set(runners);
  const isFull = (next: Job) => stoppableIn(running).length > 0 && sizeOf(running) + sizeOf([next]) > capacity;
  const rotated = jobsToRotate(view, queue, runners, capacity);
  for (const job of rotated) running.delete(job);
  for (const job of queue) if (!isFull(job)) running.add(job);
  for (const job of stoppableIn(running).reverse())
    if (sizeOf(running) > capacity && stoppableIn(running).length > 1) running.delete(job);

  const waiting = crew.jobs.filter((job) => !running.has(job));
  const wanted = new Map(waiting.flatMap(({ watchers }) => watchers).map((process) => [keyOf(process), process]));
  const total = sizeOf(crew.jobs) + crew.forkers.length;
  if (waiting.length > 0 && total > limit * (crew.forkers.some(isPaused) ? CALM : RUNAWAY))
    for (const process of crew.forkers) if (process.tty === 0) wanted.set(keyOf(process), process);
  const inJobs = new Set(crew.jobs.flatMap(({ processes }) => processes.map(keyOf)));
  return {
    pause: [...wanted.values()].filter((process) => !isPaused(process)),
    // Also who was born into a queued job since.
    stop: waiting.filter(({ processes }) => !processes.every(isHeld)),
    resume: queue.filter((job) => running.has(job)),
    unpause: [
      ...[...held.paused].filter(([key]) => !wanted.has(key)).map(([, identity]) => identity),
      // Who was queued and has become a forker is in no job any more.
      ...[...held.queued].filter(([key]) => !inJobs.has(key)).map(([, { identity }]) => identity),
    ],
    isRotation: rotated.length > 0,
    running: sizeOf(running) + crew.forkers.filter((process) => !wanted.has(keyOf(process))).length,
    waiting: sizeOf(waiting),
  };
}

function sizeOf(jobs: Iterable<Job>): number {
  let count = 0;
  for (const { processes } of jobs) count += processes.length;
  return count;
}

const stoppableIn = (jobs: Iterable<Job>): Job[] => [...jobs].filter(({ isSink }) => !isSink);

/** Those that make room for the queue: as many as it can use where nobody gets on, one where only the first has waited too long. */
function jobsToRotate({ nowMs, held, isStanding, stands }: GovernorView, queue: Job[], runners: Job[], capacity: number): Job[] {
  const [first] = queue;
  if (!first) return [];
  const isWholeTurn = isStanding && stands === 1;
  if (!isWholeTurn && nowMs - sinceMs(first, held) < ROTATE_AFTER_WAIT_MS) return [];
  const wanted = isWholeTurn ? Math.min(sizeOf(queue), capacity) : 1;
  const resumedMs = ({ processes }: Job) => Math.max(0, ...processes.map((process) => held.resumedMs.get(keyOf(process)) ?? 0));
  const rotated: Job[] = [];
  for (const job of stoppableIn(runners).sort((one, other) => resumedMs(one) - resumedMs(other)))
    if (sizeOf(rotated) < wanted) rotated.push(job);
  return rotated;
}

/** Since when it waits: the moment of its first process. */
function sinceMs({ processes }: Job, { queued }: Held): number {
  return Math.min(...processes.map((process) => queued.get(keyOf(process))?.sinceMs ?? Infinity));
}
