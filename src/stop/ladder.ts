import { keyOf } from '../machine/processes.ts';
import type { Owned } from '../ownership/owned.ts';
import type { StopSignal } from '../project/service.ts';

/** What the stop has done so far; a process is its pid and start time. */
export interface Progress {
  startedMs: number;
  /** When the first was asked: a grace begins there, for a scan before it may take longer than a grace. */
  askedMs: number | undefined;
  asked: Set<string>;
  frozen: Set<string>;
  freezes: number;
  /** When each was killed, in ms. */
  killed: Map<string, number>;
  emptyScans: number;
  keepersAskedMs: number | undefined;
}

export interface StopView {
  nowMs: number;
  /** Everything in the plan's reach that lives now. */
  processes: Owned[];
  graceMs: (service: string | undefined) => number;
  signal: (service: string | undefined) => StopSignal;
}

export type Step =
  /** The service's stop signal, then CONT: a stopped process hears nothing before that. */
  | { kind: 'ask'; targets: { owned: Owned; signal: StopSignal }[] }
  /** SIGSTOP, until a scan shows nobody new: a process that forks cannot outrun it. */
  | { kind: 'freeze'; targets: Owned[] }
  | { kind: 'kill'; targets: Owned[] }
  | { kind: 'end-keepers'; targets: Owned[]; signal: 'TERM' | 'KILL' }
  | { kind: 'wait' }
  | { kind: 'empty' }
  | { kind: 'stuck'; left: Owned[] };

/** A killed process that is still there after this is in an uninterruptible wait. */
const KILL_PATIENCE_MS = 3000;
/**
 * A fixpoint is reached in two or three rounds; where a scan is slow, somebody may always be new: a keeper, say, that looks at
 * its suspended service. Then what is there is killed all the same.
 */
const MAX_FREEZES = 8;
/** After the last grace a stop goes on for this long and no longer. */
const HOPELESS_MS = 15_000;
/** In direct mode a keeper whose service has ended ends by itself in a few milliseconds; a scan comes every 20. */
const KEEPER_PATIENCE_SCANS = 2;
const KEEPER_PATIENCE_MS = 400;

export const key = ({ process }: Owned): string => keyOf(process);

export function freshProgress(startedMs: number): Progress {
  return {
    startedMs,
    askedMs: undefined,
    asked: new Set(),
    frozen: new Set(),
    freezes: 0,
    killed: new Map(),
    emptyScans: 0,
    keepersAskedMs: undefined,
  };
}

/**
 * The next step of a stop, by what is observed: ask each process once, wait for its service's grace, freeze, kill; done
 * after two empty scans. Keepers are left alone until their service is gone. Pure.
 */
export function next(view: StopView, progress: Progress): Step {
  const work = view.processes.filter((owned) => owned.role === 'service');
  const keepers = view.processes.filter((owned) => owned.role === 'keeper');
  const unasked = work.filter((owned) => !progress.asked.has(key(owned)));
  const waitedMs = progress.askedMs === undefined ? 0 : view.nowMs - progress.askedMs;
  const isOver = (owned: Owned) => waitedMs >= view.graceMs(owned.service);

  // Where each that is ended leaves another, nothing ends it: a stop that cannot succeed says so, and lets go of the lock.
  const longestMs = Math.max(0, ...work.map((owned) => view.graceMs(owned.service)));
  if (work.length > 0 && view.nowMs - progress.startedMs > longestMs + HOPELESS_MS) return { kind: 'stuck', left: work };

  // Those whose grace is over come first: a service that always has somebody new does not lengthen another's.
  const late = work.filter(isOver);
  const unfrozen = late.filter((owned) => !progress.frozen.has(key(owned)));
  if (unfrozen.length > 0 && progress.freezes < MAX_FREEZES) return { kind: 'freeze', targets: unfrozen };
  const unkilled = late.filter((owned) => !progress.killed.has(key(owned)));
  if (unkilled.length > 0) return { kind: 'kill', targets: unkilled };

  const fresh = unasked.filter((owned) => !isOver(owned));
  if (fresh.length > 0) return { kind: 'ask', targets: fresh.map((owned) => ({ owned, signal: view.signal(owned.service) })) };

  const stuck = late.filter((owned) => view.nowMs - (progress.killed.get(key(owned)) ?? view.nowMs) > KILL_PATIENCE_MS);
  if (stuck.length > 0 && stuck.length === work.length) return endIdleKeepers(view, progress, keepers, stuck);
  if (work.length > 0) return { kind: 'wait' };

  if (keepers.length > 0) return endKeepers(view, progress, keepers);
  return progress.emptyScans >= 1 ? { kind: 'empty' } : { kind: 'wait' };
}

/** Where some services have processes that nothing ends, the keepers of the others still end; those that stay are not blamed. */
function endIdleKeepers(view: StopView, progress: Progress, keepers: Owned[], stuck: Owned[]): Step {
  const idle = keepers.filter((keeper) => !stuck.some(({ service }) => service === keeper.service));
  if (idle.length === 0) return { kind: 'stuck', left: stuck };
  if (progress.keepersAskedMs === undefined) return { kind: 'end-keepers', targets: idle, signal: 'TERM' };
  const step = endKeepers(view, progress, idle);
  return step.kind === 'stuck' ? { kind: 'stuck', left: [...stuck, ...step.left] } : step;
}

function endKeepers(view: StopView, progress: Progress, keepers: Owned[]): Step {
  if (progress.keepersAskedMs === undefined) {
    return progress.emptyScans >= KEEPER_PATIENCE_SCANS
      ? { kind: 'end-keepers', targets: keepers, signal: 'TERM' }
      : { kind: 'wait' };
  }
  const since = view.nowMs - progress.keepersAskedMs;
  if (since < KEEPER_PATIENCE_MS) return { kind: 'wait' };
  const unkilled = keepers.filter((keeper) => !progress.killed.has(key(keeper)));
  if (unkilled.length > 0) return { kind: 'end-keepers', targets: unkilled, signal: 'KILL' };
  return since > KILL_PATIENCE_MS ? { kind: 'stuck', left: keepers } : { kind: 'wait' };
}
