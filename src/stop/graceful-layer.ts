import type { Machine } from '../machine/machine.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { DEFAULTS } from '../project/settings.ts';
import { observeProcesses } from '../services/observe.ts';
import { endProcesses, type Ended } from './end.ts';
import type { LayerReport, Patience } from './options.ts';
import { matches, type Selector } from './plan.ts';

/** Asks every process that is ours for certain to end, as its service wants it, and kills what does not. */
export function endServices(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  selector: Selector,
  { graceMs, isHurried }: Patience,
): Promise<Ended> {
  const asked = selector.services === 'all' ? [] : selector.services;
  const settings = (name: string | undefined) => (name === undefined ? undefined : record?.services[name]?.service);
  return endProcesses(machine, {
    look: () => observeProcesses(machine, project, record, asked).owned.filter((owned) => matches(selector, owned)),
    graceMs: (name) => (isHurried?.() === true ? 0 : graceMs) ?? settings(name)?.graceMs ?? DEFAULTS.graceMs,
    signal: (name) => settings(name)?.stopSignal ?? 'TERM',
  });
}

export function gracefulReport({ found, killed, left }: Ended): LayerReport {
  const done = found === 0 ? 'nothing to do' : killed > 0 ? `ended, ${String(killed)} by KILL` : 'ended';
  return { layer: 'graceful', found, done, left: left.length };
}
