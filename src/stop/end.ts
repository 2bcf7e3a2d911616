import type { Machine } from '../machine/machine.ts';
import { authorize } from '../ownership/target.ts';
import type { Owned } from '../ownership/owned.ts';
import type { StopSignal } from '../project/service.ts';
import { freshProgress, key, next, type Progress, type Step } from './ladder.ts';

/** Whom to end, and how each service wants it. */
export interface Ending {
  /** Looks again: those that the plan reaches and that live now. */
  look: () => Owned[];
  graceMs: (service: string | undefined) => number;
  signal: (service: string | undefined) => StopSignal;
}

export interface Ended {
  found: number;
  killed: number;
  left: Owned[];
}

/** Where there was nobody to end. */
export const NOBODY: Ended = { found: 0, killed: 0, left: [] };

export const countEnded = ({ found, left }: Ended): number => found - left.length;

const SCAN_INTERVAL_MS = 20;

/** The engine of every stop: looks, takes the ladder's next step, and looks again, until two scans in a row are empty. */
export async function endProcesses(machine: Machine, { look, graceMs, signal }: Ending): Promise<Ended> {
  const { clock, checkpoints } = machine;
  const progress = freshProgress(clock.elapsed());
  const seen = new Set<string>();
  for (;;) {
    const processes = look();
    for (const owned of processes) seen.add(key(owned));
    const isWorkLeft = processes.some((owned) => owned.role === 'service');
    if (isWorkLeft) progress.emptyScans = 0;
    const step = next({ nowMs: clock.elapsed(), processes, graceMs, signal }, progress);
    if (step.kind === 'empty') return { found: seen.size, killed: progress.killed.size, left: [] };
    if (step.kind === 'stuck') return { found: seen.size, killed: progress.killed.size, left: step.left };
    await take(machine, step, progress);
    checkpoints.reach(`stop.${step.kind}`);
    if (!isWorkLeft) progress.emptyScans += 1;
    if (step.kind !== 'freeze') await clock.sleep(SCAN_INTERVAL_MS);
  }
}

async function take({ processes, clock }: Machine, step: Step, progress: Progress): Promise<void> {
  const send = (targets: Owned[], signal: NodeJS.Signals) => {
    processes.signal(targets.map(authorize), signal);
  };
  switch (step.kind) {
    case 'ask':
      for (const [signal, targets] of bySignal(step.targets)) send(targets, signal);
      progress.askedMs ??= clock.elapsed();
      for (const { owned } of step.targets) progress.asked.add(key(owned));
      // Then CONT, the youngest first: where a parent dies while its child is still stopped, the kernel adds a HUP.
      send(
        step.targets.map(({ owned }) => owned).sort((a, b) => b.process.start - a.process.start || b.process.pid - a.process.pid),
        'SIGCONT',
      );
      return;
    case 'freeze':
      send(step.targets, 'SIGSTOP');
      progress.freezes += 1;
      for (const owned of step.targets) progress.frozen.add(key(owned));
      return;
    case 'kill':
      await processes.kill(step.targets.map(authorize));
      for (const owned of step.targets) progress.killed.set(key(owned), clock.elapsed());
      return;
    case 'end-keepers':
      progress.keepersAskedMs ??= clock.elapsed();
      send(step.targets, `SIG${step.signal}`);
      if (step.signal === 'KILL') for (const owned of step.targets) progress.killed.set(key(owned), clock.elapsed());
      return;
    case 'wait':
    case 'empty':
    case 'stuck':
      return;
  }
}

function bySignal(targets: { owned: Owned; signal: StopSignal }[]): Map<NodeJS.Signals, Owned[]> {
  const groups = new Map<NodeJS.Signals, Owned[]>();
  for (const { owned, signal } of targets) groups.set(`SIG${signal}`, [...(groups.get(`SIG${signal}`) ?? []), owned]);
  return groups;
}
