import type { Machine } from '../machine/machine.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { commandOf } from '../services/command-of.ts';
import { observe, type Sight } from '../services/observe.ts';
import { findSuspects } from '../services/suspects.ts';
import { forget, markStopping, withoutSpace } from './bookkeeping.ts';
import { countEnded } from './end.ts';
import { endCertain } from './certain-layers.ts';
import type { ApplyOptions, StopOutcome } from './options.ts';
import { endByPatterns } from './pattern-layer.ts';
import { isInScope } from './scope.ts';
import { describeSurvivor } from './survivor.ts';
import { planStop, type StopPlan } from './plan.ts';
import { freePorts, PORTS_ELSEWHERE } from './port-layer.ts';

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
  const names = isEverything(live, services) ? [] : services;
  const sight = observe(machine, project, live, names);
  const plan = makeStopPlan(machine, project, sight, names, options);
  return { plan, outcome: await applyStop(machine, project, live, sight, plan, options) };
}

/** What a stop would do, by one look. */
export function makeStopPlan(
  machine: Machine,
  project: Project,
  sight: Sight,
  services: string[],
  { beyond }: Pick<ApplyOptions, 'beyond'>,
): StopPlan {
  const all = beyond ? findSuspects(machine, project.root, sight, beyond.scope.ports) : [];
  const suspects = beyond ? all.filter((suspect) => isInScope(beyond.scope, suspect)) : [];
  const request = { services, isForced: beyond?.isForced ?? false, isNarrow: beyond === undefined };
  return planStop(project.id, sight.owned, suspects, request, (owned) => commandOf(machine, owned));
}

/** Nothing is named, or all that the run has: its tmux server and its folder go as well. */
export function isEverything(record: RunRecord | undefined, services: string[]): boolean {
  const names = Object.keys(record?.services ?? {});
  return services.length === 0 || (names.length > 0 && names.every((name) => services.includes(name)));
}

/** Carries a stop out, layer by layer; what a layer leaves, the report names. */
async function applyStop(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  sight: Sight,
  plan: StopPlan,
  options: ApplyOptions,
): Promise<StopOutcome> {
  const { files, clock, checkpoints } = machine;
  const start = clock.elapsed();
  const { services } = plan.selector;
  const all = services === 'all';
  if (record || plan.seen.length > 0)
    withoutSpace(() => {
      markStopping(machine, project, services);
    });
  checkpoints.reach('stop.marked');

  const outcome = await endCertain(machine, project, record, plan, options);
  if (options.beyond) await lookBeyond(machine, project, record, sight, options, outcome);

  if (outcome.survivors.length === 0 && record) {
    if (all && !options.keepServer) files.remove(project.paths.run);
    checkpoints.reach('stop.removed');
    withoutSpace(() => {
      forget(
        machine,
        project,
        record,
        services,
        options,
        outcome.held.map(({ port }) => port),
      );
    });
    checkpoints.reach('stop.forgotten');
  }
  const ended = outcome.layers.reduce(
    (sum, { layer, found, left }) => (layer === 'graceful' ? sum + found - left : sum),
    outcome.ended,
  );
  return { ...outcome, ended, seconds: (clock.elapsed() - start) / 1000 };
}

/** The layers that look at what is not ours for certain. */
async function lookBeyond(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  sight: Sight,
  options: ApplyOptions,
  outcome: StopOutcome,
): Promise<void> {
  if (!options.beyond) return;
  const { isForced } = options.beyond;
  const hadPorts = new Set([
    ...options.beyond.scope.hadPorts,
    ...[...sight.services.values()].flatMap(({ listeners }) => listeners.map(({ port }) => port)),
  ]);
  const scope = {
    ...options.beyond.scope,
    ports: [...options.beyond.scope.ports, ...[...hadPorts].map((port) => ({ port, why: 'expected' as const }))],
    hadPorts,
  };
  const isElsewhere = record?.network !== undefined && record.network !== machine.processes.network();
  const ports = isElsewhere ? PORTS_ELSEWHERE : await freePorts(machine, project, record, scope, isForced, options);
  const patterns = await endByPatterns(machine, project, record, scope, isForced, options);
  outcome.layers.push(ports.report, patterns.report);
  for (const { ended } of [ports, patterns]) {
    outcome.ended += countEnded(ended);
    outcome.survivors.push(...ended.left.map((owned) => describeSurvivor(machine, owned)));
  }
  outcome.held = ports.held;
  outcome.leftAlone = [...patterns.left, ...ports.foreign.flatMap(({ suspects }) => suspects)];
}
