import { join } from 'node:path';
import { explain } from '../diagnose/explain.ts';
import type { Machine } from '../machine/machine.ts';
import { readHistory, writeHistory } from '../project/history.ts';
import { underLock } from '../project/lock.ts';
import { currentRecord } from '../project/open.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import type { Service } from '../project/service.ts';
import { fail, ok, type Result } from '../result.ts';
import { stopProject } from '../stop/stop.ts';
import { spawnServices, type SpawnContext } from './spawn.ts';
import type { Begun, StartOptions, StartOutcome } from './options.ts';
import type { Progress } from './progress.ts';
import { waitUntilUp } from './wait.ts';

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
    spawn: (due) => withLock(machine, context, () => spawnServices(context, due)),
  });
  switch (outcome.kind) {
    case 'stopped':
      return fail({ code: 'STOPPED_BY_OTHER', by: outcome.by });
    case 'broken':
      if (!options.keepOnFailure) await withLock(machine, context, () => stopServices(context, plan.spawn, options.command));
      return fail(outcome.failure);
    case 'failed': {
      const mishaps = outcome.services.flatMap((one) =>
        one.kind === 'failed' ? [explain(machine, project, context.record, one.service, one.mishap)] : [],
      );
      const rollBack = !options.keepOnFailure && plan.spawn.length > 0;
      const rolledBack =
        rollBack && (await withLock(machine, context, () => stopServices(context, plan.spawn, options.command))) === true;
      // What a hint says is not said twice.
      const said = mishaps.flatMap(({ hints }) => hints.map((hint) => (hint.kind === 'framework-lock' ? hint.says : '')));
      const rest = begun.notes.filter((note) => !said.includes(note));
      const notes = rest.length > 0 ? { notes: rest } : {};
      return fail({ code: 'START_FAILED', mishaps, rolledBack, ...notes });
    }
    case 'up':
      machine.checkpoints.reach('start.up');
      if (!options.noWait) learn(context, outcome.services, plan.spawn, options.timeoutMs);
      return ok({
        plan,
        runId: context.record.runId,
        services: outcome.services,
        cleaned: begun.cleaned,
        notes: begun.notes,
        seconds: (machine.clock.elapsed() - began) / 1000,
      });
  }
}

function whoStopped(machine: Machine, project: Project, record: RunRecord, services: Service[]): string | undefined {
  const { files } = machine;
  const marks = ['stopping', ...services.map((service) => `${service.name}.stopping`)];
  const now = currentRecord(machine, project);
  if (now?.runId !== record.runId || now.ended) return now?.ended?.by ?? 'another devctl';
  // A stop of some services takes them out of the record at its end.
  const isTaken = services.some(({ name }) => record.services[name]?.startedAt !== undefined && now.services[name] === undefined);
  return isTaken || marks.some((name) => files.stat(join(project.paths.run, name))) ? 'another devctl' : undefined;
}

/** Takes the lock again for a piece of work, with the record as others left it; nothing if the run is no longer ours. */
async function withLock<T>(machine: Machine, context: SpawnContext, work: () => Promise<T>): Promise<T | undefined> {
  const done = await underLock(machine, context.project, async () => {
    const now = currentRecord(machine, context.project);
    if (now?.runId !== context.record.runId || now.ended) return ok(undefined);
    Object.assign(context.record, now);
    return ok(await work());
  });
  return done.ok ? done.value : undefined;
}

/** Ends these services; `false` if something is left. */
export async function stopServices({ machine, project, record }: SpawnContext, names: string[], by: string): Promise<boolean> {
  const { outcome } = await stopProject(machine, project, record, names, { by });
  return outcome.survivors.length === 0;
}

function learn({ machine, project, record }: SpawnContext, services: Progress[], spawned: string[], timeoutMs: number): void {
  const history = readHistory(machine.files, project.paths.history);
  for (const one of services) {
    const fingerprint = record.services[one.service]?.service.fingerprint;
    if (one.kind !== 'up' || fingerprint === undefined || !spawned.includes(one.service)) continue;
    // That it listens nowhere is a lesson only after the whole wait.
    if (one.note !== undefined && one.listeners.length === 0 && one.seconds * 1000 < timeoutMs) continue;
    history[one.service] = {
      fingerprint,
      seconds: one.seconds,
      ports: [...new Set(one.listeners.map((listener) => listener.port))],
    };
  }
  writeHistory(machine.files, project.paths.history, history);
}
