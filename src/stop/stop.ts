import type { Survivor } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import type { Owned } from '../ownership/owned.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { observe } from '../services/observe.ts';
import { forget, markStopping, withoutSpace } from './bookkeeping.ts';
import { endProcesses } from './graceful-layer.ts';
import type { ApplyOptions, LayerReport, StopOutcome } from './options.ts';
import { planStop, type StopPlan, type StopRequest } from './plan.ts';
import { removeStaleSocket } from './socket-layer.ts';
import { endTmuxServer, tmuxReport } from './tmux-layer.ts';

export interface StopFacts {
  record: RunRecord | undefined;
  owned: Owned[];
}

export function gatherStop(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  services: string[] = [],
): StopFacts {
  return { record, owned: observe(machine, project, record, services).owned };
}

export function makeStopPlan(machine: Machine, project: Project, facts: StopFacts, request: StopRequest): StopPlan {
  return planStop(project.id, facts.owned, request, (owned) => commandOf(machine, owned));
}

export interface Stopped {
  plan: StopPlan;
  outcome: StopOutcome;
}

/** Looks, plans and carries the stop out. The caller holds the lock. */
export async function stopProject(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  services: string[],
  options: ApplyOptions,
): Promise<Stopped> {
  const live = record?.ended ? undefined : record;
  const plan = makeStopPlan(machine, project, gatherStop(machine, project, live, services), {
    services: isEverything(live, services) ? [] : services,
  });
  return { plan, outcome: await applyStop(machine, project, live, plan, options) };
}

/** Where all that the run has is named, its tmux server and its folder go as well. */
function isEverything(record: RunRecord | undefined, services: string[]): boolean {
  const names = Object.keys(record?.services ?? {});
  return names.length > 0 && names.every((name) => services.includes(name));
}

/** Carries a stop out: mark as stopping, graceful layer, tmux layer, socket layer, and the record. */
async function applyStop(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  plan: StopPlan,
  options: ApplyOptions,
): Promise<StopOutcome> {
  const { files, clock } = machine;
  const start = clock.now();
  const { services } = plan.selector;
  const all = services === 'all';
  if (record || plan.seen.length > 0)
    withoutSpace(() => {
      markStopping(machine, project, services);
    });

  const graceful = await endProcesses(machine, project, record, plan.selector, options);
  const layers: LayerReport[] = [
    {
      layer: 'graceful',
      found: graceful.found,
      done: graceful.killed > 0 ? `ended, ${String(graceful.killed)} by KILL` : 'ended',
      left: graceful.left.length,
    },
  ];
  const survivors = graceful.left.map((owned) => describeSurvivor(machine, owned));

  if (all && survivors.length === 0 && !options.keepServer) {
    const server = await endTmuxServer(machine, project, record, options.by);
    layers.push(tmuxReport(server));
    if (server.kind === 'left') survivors.push(...server.owned.map((owned) => describeSurvivor(machine, owned)));
    else if (server.kind !== 'kept') layers.push(removeStaleSocket(machine, project, record));
  }
  if (survivors.length === 0 && record) {
    if (all && !options.keepServer) files.remove(project.paths.run);
    withoutSpace(() => {
      forget(machine, project, record, services, options);
    });
  }
  return { layers, survivors, seconds: (clock.now() - start) / 1000 };
}

export function commandOf({ processes }: Pick<Machine, 'processes'>, { process }: Owned): string {
  const command = processes.argv(process.pid).join(' ');
  return command === '' ? `[${process.comm}]` : command;
}

function describeSurvivor(machine: Machine, owned: Owned): Survivor {
  return {
    pid: owned.process.pid,
    ...(owned.service === undefined ? {} : { service: owned.service }),
    command: commandOf(machine, owned),
    evidence: owned.evidence.join(', '),
  };
}
