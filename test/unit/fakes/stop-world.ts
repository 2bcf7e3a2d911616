import type { Owned } from '../../../src/ownership/owned.ts';
import { freshProgress, key, next, type Progress, type Step, type StopView } from '../../../src/stop/ladder.ts';
import { makeOwned } from './processes.ts';

/** How one process of the model takes what it is sent. */
export interface Temper {
  service: string;
  role: 'keeper' | 'service';
  /** Scans after its stop signal until it is gone; absent: it ignores that. */
  heeds?: number;
  /** KILL does not reach it: it is in an uninterruptible wait. */
  isStuck?: boolean;
  /** How many children it forks, one a scan, while it is not frozen. */
  forks?: number;
}

interface Living extends Temper {
  owned: Owned;
  goneAtScan: number | undefined;
  isFrozen: boolean;
}

export interface Walk {
  steps: Step[];
  /** What lived at each step. */
  views: Owned[][];
  progress: Progress;
}

const SCAN_MS = 20;

/** Walks the ladder through a world of such processes as stop/graceful-layer.ts does, with a clock of its own. */
export function walk(tempers: Temper[], graceMs: number, maxSteps = 5000): Walk {
  const world = new Map<number, Living>();
  let born = 1;
  const bear = (temper: Temper) => {
    born += 1;
    const owned = makeOwned(born, { role: temper.role, service: temper.service, start: born });
    world.set(born, { ...temper, owned, goneAtScan: undefined, isFrozen: false });
  };
  for (const temper of tempers) bear(temper);

  const steps: Step[] = [];
  const views: Owned[][] = [];
  const progress = freshProgress(0);
  let nowMs = 0;
  for (let scan = 0; steps.length < maxSteps; scan += 1) {
    liveOn(world, bear, scan);
    const processes = [...world.values()].map((one) => one.owned);
    const isWorkLeft = processes.some((owned) => owned.role === 'service');
    if (isWorkLeft) progress.emptyScans = 0;
    const view: StopView = { nowMs, processes, graceMs: () => graceMs, signal: () => 'TERM' };
    const step = next(view, progress);
    steps.push(step);
    views.push(processes);
    if (step.kind === 'empty' || step.kind === 'stuck') break;
    take(step, world, progress, nowMs, scan);
    if (!isWorkLeft) progress.emptyScans += 1;
    if (step.kind !== 'freeze') nowMs += SCAN_MS;
  }
  return { steps, views, progress };
}

function liveOn(world: Map<number, Living>, bear: (temper: Temper) => void, scan: number): void {
  for (const [pid, one] of [...world]) {
    if (one.goneAtScan !== undefined && scan >= one.goneAtScan) world.delete(pid);
    else if (!one.isFrozen && (one.forks ?? 0) > 0) {
      one.forks = (one.forks ?? 0) - 1;
      bear({ service: one.service, role: 'service', ...(one.heeds === undefined ? {} : { heeds: one.heeds }) });
    }
  }
}

function take(step: Step, world: Map<number, Living>, progress: Progress, nowMs: number, scan: number): void {
  const each = (targets: Owned[], act: (one: Living) => void) => {
    for (const owned of targets) {
      const one = world.get(owned.process.pid);
      if (one) act(one);
    }
  };
  const die = (one: Living) => {
    if (!one.isStuck) one.goneAtScan = scan + 1;
  };
  const heed = (one: Living) => {
    if (one.heeds !== undefined) one.goneAtScan ??= scan + 1 + one.heeds;
  };
  switch (step.kind) {
    case 'ask':
      progress.askedMs ??= nowMs;
      for (const { owned } of step.targets) progress.asked.add(key(owned));
      each(
        step.targets.map(({ owned }) => owned),
        heed,
      );
      return;
    case 'freeze':
      progress.freezes += 1;
      for (const owned of step.targets) progress.frozen.add(key(owned));
      each(step.targets, (one) => {
        one.isFrozen = true;
      });
      return;
    case 'kill':
      for (const owned of step.targets) progress.killed.set(key(owned), nowMs);
      each(step.targets, die);
      return;
    case 'end-keepers':
      progress.keepersAskedMs ??= nowMs;
      if (step.signal === 'KILL') for (const owned of step.targets) progress.killed.set(key(owned), nowMs);
      each(step.targets, step.signal === 'KILL' ? die : heed);
      return;
    case 'wait':
    case 'empty':
    case 'stuck':
      return;
  }
}

/** The processes that a step names. */
export function namedBy(step: Step): Owned[] {
  switch (step.kind) {
    case 'ask':
      return step.targets.map(({ owned }) => owned);
    case 'freeze':
    case 'kill':
    case 'end-keepers':
      return step.targets;
    case 'stuck':
      return step.left;
    case 'wait':
    case 'empty':
      return [];
  }
}
