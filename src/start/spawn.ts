import { dirname } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import type { ProcessIdentity } from '../machine/processes.ts';
import type { Definitions } from '../project/definitions.ts';
import { serviceEnvironment } from '../project/environment.ts';
import { projectMark } from '../project/identity.ts';
import { beginLog, captureLog, LOG_HEADER, placeLog } from '../project/log-files.ts';
import type { Project } from '../project/project.ts';
import { writeRecord, type RunRecord } from '../project/run-record.ts';
import type { Service } from '../project/service.ts';
import { DEFAULTS } from '../project/settings.ts';
import { fail, ok, type Result } from '../result.ts';
import { renderSpec } from '../services/spec-file.ts';
import { fifoPath, specPath } from './facts.ts';
import { join, resolve } from 'node:path';

export interface SpawnContext {
  machine: Machine;
  project: Project;
  definitions: Definitions;
  record: RunRecord;
  terminal: { columns: number; rows: number };
}

/** Writes down the intent: names and log paths, before the first spawn (a crash in between leaked 4 in 1000 without it). */
export function intend({ machine, project, definitions, record }: SpawnContext, services: Service[]): string[] {
  const { files, clock } = machine;
  files.makeFolder(project.paths.run, { isPrivate: true });
  const folder = logFolder(project, definitions);
  const notes: string[] = [];
  for (const service of services) {
    const place = placeLog(files, folder, service);
    if (place.note !== undefined) notes.push(place.note);
    if (!place.ours) files.makeFolder(dirname(place.path));
    const header = `${LOG_HEADER} ${service.name}, run ${record.runId}, ${new Date(clock.now()).toISOString()} ===`;
    beginLog(files, captureLog(files, folder, service, place), header, record.logKeep);
    if (!place.ours && place.rotates) beginLog(files, place.path, header, record.logKeep);
    record.services[service.name] = { service, log: { path: place.path, ours: place.ours, fromByte: place.fromByte } };
    if (!record.wanted.includes(service.name)) record.wanted.push(service.name);
    for (const leftover of [`${service.name}.exit`, `${service.name}.stopping`, `${service.name}.stdin`])
      files.remove(join(project.paths.run, leftover));
  }
  files.remove(join(project.paths.run, 'stopping'));
  writeRecord(files, project.paths.record, record);
  return notes;
}

/** Writes down what a start that was killed between spawn and record had begun: it is kept, and known from now on. */
export function adopt({ machine, project, record }: SpawnContext, names: string[], keepers: Map<string, ProcessIdentity>): void {
  let isChanged = false;
  for (const name of names) {
    const recorded = record.services[name];
    const keeper = keepers.get(name);
    if (!recorded || !keeper || recorded.startedAt !== undefined) continue;
    const startedMs = machine.clock.now() - machine.processes.ageSeconds(keeper) * 1000;
    record.services[name] = { ...recorded, keeper, startedAt: new Date(startedMs).toISOString() };
    isChanged = true;
  }
  if (isChanged) writeRecord(machine.files, project.paths.record, record);
}

/** Spawns keepers, and writes down who they are. */
export async function spawnServices(context: SpawnContext, services: Service[]): Promise<Result<void>> {
  const { machine, project, definitions, record } = context;
  const { files, keepers, clock } = machine;
  if (services.length === 0) return ok(undefined);
  const direct = record.mode === 'direct';
  const fifos = direct ? services.map((service) => fifoPath(project, service.name)) : [];
  const { reset } = keepers.prepare(fifos, projectMark(project.id));
  machine.checkpoints.reach('start.prepared');
  for (const service of services) {
    const env = serviceEnvironment(service, {
      caller: machine.env,
      files: definitions.envFiles,
      services: definitions.services,
      mode: record.mode,
      projectId: project.id,
      keepEnv: definitions.settings.keepEnv ?? [],
      dropEnv: definitions.settings.dropEnv ?? [],
    });
    files.writePrivate(specPath(project, service.name), renderSpec({ service, runId: record.runId, reset, env }));
  }
  machine.checkpoints.reach('start.specified');
  const spawned = direct ? spawnDirect(context, services) : await openPanes(context, services);
  if (!spawned.ok) return spawned;
  machine.checkpoints.reach('start.spawned');
  for (const { name } of services) {
    const recorded = record.services[name];
    // One that has ended by now has no identity any more; it was started all the same, and is not started again.
    const keeper = spawned.value.get(name);
    if (recorded)
      record.services[name] = { ...recorded, ...(keeper ? { keeper } : {}), startedAt: new Date(clock.now()).toISOString() };
  }
  writeRecord(files, project.paths.record, record);
  machine.checkpoints.reach('start.recorded');
  return ok(undefined);
}

function spawnDirect(
  { machine, project, definitions, record }: SpawnContext,
  services: Service[],
): Result<Map<string, ProcessIdentity>> {
  const spawned = new Map<string, ProcessIdentity>();
  for (const service of services) {
    const log = record.services[service.name]?.log;
    const logPath = captureLog(
      machine.files,
      logFolder(project, definitions),
      service,
      log ?? { path: '', ours: false, fromByte: 0 },
    );
    const keeper = machine.keepers.spawn({ name: service.name, runFolder: project.paths.run, logPath, cwd: project.root });
    if (keeper) spawned.set(service.name, keeper);
  }
  return ok(spawned);
}

async function openPanes(
  { machine, project, definitions, record, terminal }: SpawnContext,
  services: Service[],
): Promise<Result<Map<string, ProcessIdentity>>> {
  const { tmux, files } = machine;
  const socket = record.tmux?.socket ?? project.paths.tmuxSocket;
  files.makeFolder(dirname(socket), { isPrivate: true });
  const isRunning = files.stat(socket) !== undefined;
  const existing = isRunning ? await tmux.panes(socket) : ok([]);
  if (!existing.ok) return existing;
  const folder = logFolder(project, definitions);
  const opened = await tmux.open(
    {
      socket,
      runFolder: project.paths.run,
      cwd: project.root,
      panes: services.map((service) => ({
        service: service.name,
        logPath: captureLog(files, folder, service, record.services[service.name]?.log ?? { path: '', ours: false, fromByte: 0 }),
      })),
      size: terminal,
      layout: definitions.settings.layout ?? 'panes',
      mark: projectMark(project.id),
    },
    existing.value,
  );
  if (!opened.ok) return fail(opened.failure);
  record.tmux = { socket, ...(opened.value.server ? { server: opened.value.server } : {}) };
  return ok(opened.value.keepers);
}

function logFolder(project: Project, definitions: Definitions): string {
  return resolve(project.root, definitions.settings.logs?.dir ?? DEFAULTS.logDir);
}
