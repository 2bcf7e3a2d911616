import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ServiceMishap } from '../failure.ts';
import { lastLines } from '../logs/tail.ts';
import type { Machine } from '../machine/machine.ts';
import type { Definitions } from '../project/definitions.ts';
import { readHistory, writeHistory } from '../project/history.ts';
import { acquireLock } from '../project/lock.ts';
import type { Project } from '../project/project.ts';
import { readRecord, RECORD_SCHEMA, type RunRecord } from '../project/run-record.ts';
import type { Service } from '../project/service.ts';
import { DEFAULTS } from '../project/settings.ts';
import { fail, ok, type Result } from '../result.ts';
import { applyStop, gatherStop, makeStopPlan, type StopOutcome } from '../stop/stop.ts';
import { gatherStart, withHistory, type StartFacts, type StartRequest } from './facts.ts';
import { planStart, type StartPlan } from './plan.ts';
import { intend, spawnServices, type SpawnContext } from './spawn.ts';
import { waitUntilUp, type Progress } from './wait.ts';

export interface StartOptions extends StartRequest {
  formation: Record<string, number>;
  timeoutMs: number;
  /** Return when everything is spawned. */
  noWait: boolean;
  /** After a failure, leave what this start started. */
  keepOnFailure: boolean;
  /** The command as it was typed, for whoever meets our lock or our stop. */
  command: string;
  lockWaitMs: number;
  terminal: { columns: number; rows: number };
  onProgress: (progress: Progress[]) => void;
}

export interface StartOutcome {
  plan: StartPlan;
  runId: string;
  services: Progress[];
  cleaned: StopOutcome | undefined;
  notes: string[];
  seconds: number;
}

/** The whole story of `devctl start`: lock, look, plan, clean, spawn, unlock, wait, and roll back what did not come up. */
export async function start(
  machine: Machine,
  project: Project,
  definitions: Definitions,
  options: StartOptions,
): Promise<Result<StartOutcome>> {
  const began = machine.clock.now();
  machine.files.makeFolder(project.paths.state, { isPrivate: true });
  const lock = await acquireLock(machine, { path: project.paths.lock, command: options.command, waitMs: options.lockWaitMs });
  if (!lock.ok) return lock;
  let begun: Result<Begun>;
  try {
    begun = await startLocked(machine, project, definitions, options, currentRecord(machine, project));
  } finally {
    lock.value();
  }
  return begun.ok ? finishStart(machine, begun.value, options, began) : begun;
}

export interface Begun {
  context: SpawnContext;
  plan: StartPlan;
  services: Service[];
  cleaned: StopOutcome | undefined;
  notes: string[];
}

/** Everything that needs the lock: observation, plan, clean-up and spawn. Also the second half of a restart. */
export async function startLocked(
  machine: Machine,
  project: Project,
  definitions: Definitions,
  options: StartOptions,
  record: RunRecord | undefined,
): Promise<Result<Begun>> {
  const facts = gatherStart(machine, project, record, definitions, options);
  const plan = planStart(facts, options);
  if (!plan.ok) return plan;
  const cleaned = await clean(machine, project, record, plan.value, options);
  if (cleaned && cleaned.survivors.length > 0) return fail({ code: 'SURVIVORS', survivors: cleaned.survivors, heldPorts: [] });

  const services = options.services.map((service) => withHistory(service, facts.history));
  const spawning = services.filter((service) => plan.value.spawn.includes(service.name));
  const context: SpawnContext = {
    machine,
    project,
    definitions,
    record: nextRecord(machine, project, definitions, record, facts, plan.value, options),
    terminal: options.terminal,
  };
  const notes = [...plan.value.notes];
  if (spawning.length > 0) {
    notes.push(...intend(context, spawning));
    const first = spawning.filter((service) => Object.keys(service.dependsOn).length === 0);
    const spawned = await spawnOrUndo(context, first, options);
    if (!spawned.ok) return spawned;
  }
  return ok({ context, plan: plan.value, services, cleaned, notes });
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
  const stopPlan = makeStopPlan(machine, project, gatherStop(machine, project, record), {
    services: plan.clean === 'all' ? [] : plan.clean,
  });
  return applyStop(machine, project, record, stopPlan, { by: options.command });
}

/** The record of the live run, carried on, or a fresh one. */
function nextRecord(
  machine: Machine,
  project: Project,
  definitions: Definitions,
  record: RunRecord | undefined,
  facts: StartFacts,
  plan: StartPlan,
  options: StartOptions,
): RunRecord {
  const common = {
    procfile: definitions.procfile,
    formation: options.formation,
    sources: definitions.sources,
    defined: definitions.services,
    ports: definitions.settings.ports ?? [],
    logKeep: definitions.settings.logs?.keep ?? DEFAULTS.keepLogs,
    mode: plan.mode,
  };
  if (facts.live && record && plan.clean !== 'all') return { ...record, ...common };
  return {
    schema: RECORD_SCHEMA,
    runId: `${new Date(machine.clock.now()).toISOString().slice(0, 19).replace(/[-:]/g, '')}-${randomBytes(2).toString('hex')}`,
    root: project.root,
    projectId: project.id,
    ...machine.processes.world(),
    ...carriedOver(machine, record),
    startedAt: new Date(machine.clock.now()).toISOString(),
    services: {},
    wanted: [],
    ...common,
  };
}

/** Until a stop of everything is verified, what the oldest run left may still be there, and its tmux server is used again. */
function carriedOver({ processes }: Machine, record: RunRecord | undefined): Pick<RunRecord, 'since' | 'tmux'> {
  if (!record || record.ended) return { since: processes.now() };
  return { since: record.since, ...(record.tmux ? { tmux: record.tmux } : {}) };
}

/** Waits for what was begun, and rolls back what did not come up. The lock is free meanwhile: a `stop` ends the wait. */
export async function finishStart(
  machine: Machine,
  begun: Begun,
  options: StartOptions,
  began: number,
): Promise<Result<StartOutcome>> {
  const { context, plan, services } = begun;
  const { project } = context;
  const outcome = await waitUntilUp(context, {
    services,
    kept: plan.keep,
    timeoutMs: options.timeoutMs,
    spawnOnly: options.noWait,
    onProgress: options.onProgress,
    stillWanted: () => whoStopped(machine, project, context.record, services),
    locked: (work) => withLock(machine, context, options, work),
  });
  switch (outcome.kind) {
    case 'stopped':
      return fail({ code: 'STOPPED_BY_OTHER', by: outcome.by });
    case 'failed': {
      const mishaps = outcome.services.flatMap((one) => (one.kind === 'failed' ? [describeMishap(context, one)] : []));
      const rollBack = !options.keepOnFailure && plan.spawn.length > 0;
      if (rollBack) await withLock(machine, context, options, () => stopServices(context, plan.spawn, options.command));
      return fail({ code: 'START_FAILED', mishaps, rolledBack: rollBack });
    }
    case 'up':
      if (!options.noWait) learn(context, outcome.services, plan.spawn);
      return ok({
        plan,
        runId: context.record.runId,
        services: outcome.services,
        cleaned: begun.cleaned,
        notes: begun.notes,
        seconds: (machine.clock.now() - began) / 1000,
      });
  }
}

/** The record on disk, if this boot and this pid namespace can speak of it. */
export function currentRecord({ files, processes }: Machine, project: Project): RunRecord | undefined {
  const read = readRecord(files, project.paths.record);
  const here = processes.world();
  return read.kind === 'record' && read.record.bootId === here.bootId && read.record.pidNamespace === here.pidNamespace
    ? read.record
    : undefined;
}

function whoStopped(machine: Machine, project: Project, record: RunRecord, services: Service[]): string | undefined {
  const { files } = machine;
  const marks = ['stopping', ...services.map((service) => `${service.name}.stopping`)];
  const now = currentRecord(machine, project);
  if (now?.runId !== record.runId || now.ended) return now?.ended?.by ?? 'another devctl';
  return marks.some((name) => files.stat(join(project.paths.run, name))) ? 'another devctl' : undefined;
}

/** Takes the lock again for a piece of work, with the record as others left it; nothing if the run is no longer ours. */
async function withLock<T>(
  machine: Machine,
  context: SpawnContext,
  options: StartOptions,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const lock = await acquireLock(machine, {
    path: context.project.paths.lock,
    command: options.command,
    waitMs: options.lockWaitMs,
  });
  if (!lock.ok) return undefined;
  try {
    const now = currentRecord(machine, context.project);
    if (now?.runId !== context.record.runId || now.ended) return undefined;
    Object.assign(context.record, now);
    return await work();
  } finally {
    lock.value();
  }
}

async function stopServices({ machine, project, record }: SpawnContext, names: string[], by: string): Promise<void> {
  const others = Object.keys(record.services).some((name) => !names.includes(name));
  const plan = makeStopPlan(machine, project, gatherStop(machine, project, record), { services: others ? names : [] });
  await applyStop(machine, project, record, plan, { by });
}

function describeMishap({ machine, record }: SpawnContext, failed: Progress & { kind: 'failed' }): ServiceMishap {
  const log = record.services[failed.service]?.log;
  return {
    service: failed.service,
    mishap: failed.mishap,
    logPath: log?.path ?? '',
    lastLines: log ? lastLines(machine.files, log, 20) : [],
  };
}

function learn({ machine, project, record }: SpawnContext, services: Progress[], spawned: string[]): void {
  const history = readHistory(machine.files, project.paths.history);
  for (const one of services) {
    const fingerprint = record.services[one.service]?.service.fingerprint;
    if (one.kind !== 'up' || fingerprint === undefined || !spawned.includes(one.service)) continue;
    history[one.service] = {
      fingerprint,
      seconds: one.seconds,
      ports: [...new Set(one.listeners.map((listener) => listener.port))],
    };
  }
  writeHistory(machine.files, project.paths.history, history);
}
