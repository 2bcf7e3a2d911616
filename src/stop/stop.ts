import type { Survivor } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import type { Owned } from '../ownership/owned.ts';
import type { Suspect } from '../ownership/suspect.ts';
import type { ProjectPort } from '../project/ports.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { observe, observeProcesses, type ProcessSight, type Sight } from '../services/observe.ts';
import { commandOf } from '../services/command-of.ts';
import { findHeldPorts, findQuietSuspects } from '../services/suspects.ts';
import { forget, markStopping, withoutSpace } from './bookkeeping.ts';
import { endServices, gracefulReport } from './graceful-layer.ts';
import type { ApplyOptions, LayerReport, StopOutcome } from './options.ts';
import { endByPatterns } from './pattern-layer.ts';
import { matches, planStop, type StopPlan } from './plan.ts';
import { freePorts } from './port-layer.ts';
import { removeStaleSocket } from './socket-layer.ts';
import { endTmuxServer, tmuxReport } from './tmux-layer.ts';

const MAX_ROUNDS = 3;

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
  const suspects = beyond ? findSuspects(machine, project.root, sight, beyond.scope.ports) : [];
  const request = { services, isForced: beyond?.isForced ?? false, isNarrow: beyond === undefined };
  return planStop(project.id, sight.owned, suspects, request, (owned) => commandOf(machine, owned));
}

/** Whoever holds a port of ours, and then the quiet ones. */
export function findSuspects(machine: Machine, root: string, sight: ProcessSight, ports: ProjectPort[]): Suspect[] {
  const holders = findHeldPorts(machine, root, sight, ports).flatMap(({ suspects }) => suspects);
  const isHolder = (suspect: Suspect) => holders.some((holder) => holder.process.pid === suspect.process.pid);
  return [
    ...holders.filter((one, at) => holders.findIndex((other) => other.process.pid === one.process.pid) === at),
    ...findQuietSuspects(machine, root, sight).filter((suspect) => !isHolder(suspect)),
  ];
}

/** Where all that the run has is named, its tmux server and its folder go as well. */
function isEverything(record: RunRecord | undefined, services: string[]): boolean {
  const names = Object.keys(record?.services ?? {});
  return names.length > 0 && names.every((name) => services.includes(name));
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
  const start = clock.now();
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
      forget(machine, project, record, services, options);
    });
    checkpoints.reach('stop.forgotten');
  }
  return { ...outcome, seconds: (clock.now() - start) / 1000 };
}

/**
 * The layers that end what is ours for certain, again and again until a last look finds nothing: a tmux server that had
 * commands in its queue opens panes up to its end. Three rounds are more than was ever seen to be needed.
 */
async function endCertain(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  plan: StopPlan,
  options: ApplyOptions,
): Promise<StopOutcome> {
  const { selector } = plan;
  const asked = selector.services === 'all' ? [] : selector.services;
  const outcome: StopOutcome = { layers: [], survivors: [], held: [], leftAlone: [], seconds: 0 };
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const graceful = await endServices(machine, project, record, selector, options);
    machine.checkpoints.reach('stop.graceful');
    outcome.survivors = graceful.left.map((owned) => describeSurvivor(machine, owned));
    addLayer(outcome.layers, gracefulReport(graceful));
    if (selector.services === 'all' && outcome.survivors.length === 0 && !options.keepServer)
      await endTmux(machine, project, record, options, outcome);
    const { owned } = observeProcesses(machine, project, record, asked);
    const late = owned.filter((candidate) => matches(selector, candidate));
    if (outcome.survivors.length > 0 || late.length === 0) break;
    if (round === MAX_ROUNDS) outcome.survivors = late.map((one) => describeSurvivor(machine, one));
  }
  return outcome;
}

/** A later round's report goes into the first one's line. */
function addLayer(layers: LayerReport[], report: LayerReport): void {
  const first = layers.find(({ layer }) => layer === report.layer);
  if (!first) layers.push(report);
  else
    Object.assign(first, {
      found: first.found + report.found,
      left: report.left,
      ...(report.found > 0 ? { done: report.done } : {}),
    });
}

async function endTmux(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  options: ApplyOptions,
  outcome: StopOutcome,
): Promise<void> {
  const server = await endTmuxServer(machine, project, record, options.by);
  machine.checkpoints.reach('stop.tmux');
  addLayer(outcome.layers, tmuxReport(server));
  if (server.kind === 'left') outcome.survivors.push(...server.owned.map((owned) => describeSurvivor(machine, owned)));
  else if (server.kind !== 'kept') addLayer(outcome.layers, removeStaleSocket(machine, project, record));
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
  const hadPorts = new Set([...sight.services.values()].flatMap(({ listeners }) => listeners.map(({ port }) => port)));
  const scope = {
    ...options.beyond.scope,
    ports: [...options.beyond.scope.ports, ...[...hadPorts].map((port) => ({ port, why: 'expected' as const }))],
    hadPorts,
  };
  const ports = await freePorts(machine, project, record, scope, isForced, options);
  const patterns = await endByPatterns(machine, project, record, scope, isForced, options);
  outcome.layers.push(ports.report, patterns.report);
  outcome.held = ports.held;
  outcome.leftAlone = [...patterns.left, ...ports.foreign.flatMap(({ suspects }) => suspects)];
}

export function describeSurvivor(machine: Machine, owned: Owned): Survivor {
  const uid = machine.processes.uid(owned.process.pid);
  const isOthers = uid !== undefined && uid !== process.getuid?.();
  return {
    pid: owned.process.pid,
    ...(owned.service === undefined ? {} : { service: owned.service }),
    command: commandOf(machine, owned),
    evidence: owned.evidence.join(', '),
    why: isOthers ? 'not-permitted' : owned.process.state === 'D' ? 'uninterruptible' : 'outlived-kill',
    ...(isOthers ? { user: machine.processes.userName(uid) } : {}),
  };
}
