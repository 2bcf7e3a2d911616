import type { Machine } from '../machine/machine.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { observeProcesses } from '../services/observe.ts';
import { endServices, gracefulReport } from './graceful-layer.ts';
import type { ApplyOptions, LayerReport, StopOutcome } from './options.ts';
import { matches, type StopPlan } from './plan.ts';
import { removeStaleSocket } from './socket-layer.ts';
import { describeSurvivor } from './survivor.ts';
import { endTmuxServer, tmuxReport } from './tmux-layer.ts';

/** More than was ever seen to be needed. */
const MAX_ROUNDS = 3;

/**
 * The layers that end what is ours for certain, again and again until a last look finds nothing: a tmux server that had
 * commands in its queue opens panes up to its end.
 */
export async function endCertain(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  plan: StopPlan,
  options: ApplyOptions,
): Promise<StopOutcome> {
  const { selector } = plan;
  const asked = selector.services === 'all' ? [] : selector.services;
  const outcome: StopOutcome = { layers: [], survivors: [], held: [], leftAlone: [], ended: 0, seconds: 0 };
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
