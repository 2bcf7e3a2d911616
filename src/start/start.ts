import type { Machine } from '../machine/machine.ts';
import type { Definitions } from '../project/definitions.ts';
import { underLock } from '../project/lock.ts';
import { capLog, LOG_HEADER } from '../project/log-files.ts';
import { currentRecord } from '../project/open.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import type { Service } from '../project/service.ts';
import { DEFAULTS } from '../project/settings.ts';
import { fail, ok, type Result } from '../result.ts';
import type { StopOutcome } from '../stop/options.ts';
import { incomplete } from '../stop/incomplete.ts';
import { stopProject } from '../stop/stop.ts';
import { gatherStart, withHistory } from './facts.ts';
import { finishStart, stopServices } from './finish.ts';
import { nextRecord } from './next-record.ts';
import { planStart, type StartPlan } from './plan.ts';
import type { Begun, StartOptions, StartOutcome } from './options.ts';
import { clearPorts } from './preflight.ts';
import { adopt, intend, spawnServices, type SpawnContext } from './spawn.ts';

/** The whole story of `devctl start`: lock, look, plan, clean, spawn, unlock, wait, and roll back what did not come up. */
export async function start(
  machine: Machine,
  project: Project,
  definitions: Definitions,
  options: StartOptions,
): Promise<Result<StartOutcome>> {
  const began = machine.clock.elapsed();
  const begun = await underLock(machine, project, () =>
    startLocked(machine, project, definitions, options, currentRecord(machine, project)),
  );
  return begun.ok ? finishStart(machine, begun.value, options, began) : begun;
}

/** Everything that needs the lock: observation, plan, clean-up and spawn. Also the second half of a restart. */
export async function startLocked(
  machine: Machine,
  project: Project,
  definitions: Definitions,
  options: StartOptions,
  record: RunRecord | undefined,
): Promise<Result<Begun>> {
  machine.checkpoints.reach('start.locked');
  const facts = gatherStart(machine, project, record, definitions, options);
  const plan = planStart(facts, options);
  if (!plan.ok) return plan;
  const cleaned = await clean(machine, project, record, plan.value, options);
  const unclean = cleaned && incomplete(machine, cleaned);
  if (unclean) return fail(unclean);

  machine.checkpoints.reach('start.cleaned');
  const cleared = await clearPorts(machine, project, record, facts, plan.value);
  if (!cleared.ok) return cleared;

  const services = options.services.map((service) => withHistory(service, facts.history));
  const spawning = services.filter((service) => plan.value.spawn.includes(service.name));
  const context: SpawnContext = {
    machine,
    project,
    definitions,
    record: nextRecord(machine, project, definitions, record, facts, plan.value, options),
    terminal: options.terminal,
  };
  adopt(context, plan.value.keep, facts.keepers);
  const notes = [...cleared.value, ...plan.value.notes, ...capLogs(context, plan.value.keep)];
  if (spawning.length > 0) {
    notes.push(...intend(context, spawning));
    machine.checkpoints.reach('start.intended');
    const first = spawning.filter((service) => Object.keys(service.dependsOn).length === 0);
    const spawned = await spawnOrUndo(context, first, options);
    if (!spawned.ok) return spawned;
  }
  return ok({ context, plan: plan.value, services, cleaned, notes });
}

/** Logs are rotated by rename at a start; those of services that run on have only this. */
function capLogs({ machine, definitions, record }: SpawnContext, kept: string[]): string[] {
  const maxBytes = definitions.settings.logs?.maxBytes ?? DEFAULTS.maxLogBytes;
  return kept.flatMap((name) => {
    const log = record.services[name]?.log;
    const header = `${LOG_HEADER} ${name}, run ${record.runId}: the log was cut at its size limit ===`;
    return log?.ours && capLog(machine.files, log.path, maxBytes, header)
      ? [`${name}: its log was above the size limit; the older text is in ${log.path}.1`]
      : [];
  });
}

/** Half a start is none: what an error left behind is ended before the error is told. */
async function spawnOrUndo(context: SpawnContext, services: Service[], options: StartOptions): Promise<Result<void>> {
  const undo = () =>
    stopServices(
      context,
      services.map((service) => service.name),
      options.command,
    );
  try {
    const spawned = await spawnServices(context, services);
    if (!spawned.ok) await undo();
    return spawned;
  } catch (error) {
    await undo();
    throw error;
  }
}

async function clean(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  plan: StartPlan,
  options: StartOptions,
): Promise<StopOutcome | undefined> {
  if (plan.clean === 'nothing') return undefined;
  const { outcome } = await stopProject(machine, project, record, plan.clean === 'all' ? [] : plan.clean, {
    by: options.command,
  });
  return outcome;
}
