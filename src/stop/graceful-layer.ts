import type { Machine } from '../machine/machine.ts';
import { authorize } from '../ownership/target.ts';
import type { Owned } from '../ownership/owned.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { DEFAULTS } from '../project/settings.ts';
import { observe } from '../services/observe.ts';
import { freshProgress, key, next, type Progress, type Step } from './ladder.ts';
import { matches, type Selector } from './plan.ts';

export interface GracefulOutcome {
  found: number;
  killed: number;
  left: Owned[];
}

export interface Patience {
  /** Over each service's own grace. */
  graceMs?: number;
  /** Asked at every scan: somebody pressed Ctrl-C again. */
  isHurried?: () => boolean;
}

const SCAN_INTERVAL_MS = 20;

/** Ends every process that the selector reaches: the ladder of design §6, until two scans in a row are empty. */
export async function endProcesses(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  selector: Selector,
  patience: Patience = {},
): Promise<GracefulOutcome> {
  const { clock } = machine;
  const progress = freshProgress(clock.now());
  const seen = new Set<string>();
  const asked = selector.services === 'all' ? [] : selector.services;
  const settings = (name: string | undefined) => (name === undefined ? undefined : record?.services[name]?.service);
  for (;;) {
    const processes = observe(machine, project, record, asked).owned.filter((owned) => matches(selector, owned));
    for (const owned of processes) seen.add(key(owned));
    progress.emptyScans = processes.some((owned) => owned.role === 'service') ? 0 : progress.emptyScans;
    const step = next(
      {
        nowMs: clock.now(),
        processes,
        graceMs: (name) =>
          (patience.isHurried?.() === true ? 0 : patience.graceMs) ?? settings(name)?.graceMs ?? DEFAULTS.graceMs,
        signal: (name) => settings(name)?.stopSignal ?? 'TERM',
      },
      progress,
    );
    if (step.kind === 'empty') return { found: seen.size, killed: progress.killed.size, left: [] };
    if (step.kind === 'stuck') return { found: seen.size, killed: progress.killed.size, left: step.left };
    take(machine, step, progress);
    if (!processes.some((owned) => owned.role === 'service')) progress.emptyScans += 1;
    if (step.kind !== 'freeze') await clock.sleep(SCAN_INTERVAL_MS);
  }
}

function take({ processes, clock }: Machine, step: Step, progress: Progress): void {
  switch (step.kind) {
    case 'ask':
      for (const { owned, signal } of step.targets) {
        processes.signal(authorize(owned), `SIG${signal}`);
        progress.asked.add(key(owned));
      }
      // Then CONT, the youngest first: where a parent dies while its child is still stopped, the kernel adds a HUP.
      for (const { owned } of [...step.targets].sort(
        (a, b) => b.owned.process.start - a.owned.process.start || b.owned.process.pid - a.owned.process.pid,
      )) {
        processes.signal(authorize(owned), 'SIGCONT');
      }
      return;
    case 'freeze':
      for (const owned of step.targets) {
        processes.signal(authorize(owned), 'SIGSTOP');
        progress.frozen.add(key(owned));
      }
      return;
    case 'kill':
      for (const owned of step.targets) {
        processes.signal(authorize(owned), 'SIGKILL');
        progress.killed.set(key(owned), clock.now());
      }
      return;
    case 'end-keepers':
      progress.keepersAskedMs ??= clock.now();
      for (const owned of step.targets) {
        processes.signal(authorize(owned), `SIG${step.signal}`);
        if (step.signal === 'KILL') progress.killed.set(key(owned), clock.now());
      }
      return;
    case 'wait':
    case 'empty':
    case 'stuck':
      return;
  }
}
