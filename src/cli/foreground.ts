import { resolve } from 'node:path';
import { constants } from 'node:os';
import { follow } from '../logs/follow.ts';
import { paneLine, plainLine } from '../services/log-text.ts';
import { placeLog } from '../project/log-files.ts';
import { readHistory } from '../project/history.ts';
import { underLock } from '../project/lock.ts';
import { DEFAULTS } from '../project/settings.ts';
import { fail, ok, type Result } from '../result.ts';
import type { RunRecord } from '../project/run-record.ts';
import { observe, type Sight } from '../services/observe.ts';
import { serviceState } from '../services/state.ts';
import { currentRecord } from '../project/open.ts';
import { start } from '../start/start.ts';
import { incomplete } from '../stop/incomplete.ts';
import { stopScope } from '../stop/scope.ts';
import { stopProject } from '../stop/stop.ts';
import type { Answer, Context } from './context.ts';
import { makePrefix } from './render/logs-view.ts';
import type { UpRequest } from './request.ts';

/** Why a foreground run ends. */
type End =
  | { kind: 'signal'; signal: NodeJS.Signals }
  | { kind: 'service-ended'; service: string; code: number }
  | { kind: 'stopped'; by: string }
  /** Every service was one-shot, and has ended with 0. */
  | { kind: 'done' };

const LOOK_INTERVAL_MS = 200;

/** foreman's behaviour: merged logs, Ctrl-C or the end of a service stops everything, and nothing is said before it is stopped. A second Ctrl-C kills. */
export async function runForeground(context: Context, request: UpRequest): Promise<Result<Answer>> {
  const { machine } = context;
  const { project } = request.opened;
  const signals = listenForSignals();
  const isDone = { value: false };
  const logs = followLogs(context, request, () => isDone.value);

  const watching = signals.first.then(() => stopEverything(context, request, () => signals.count() > 1));
  const started = await start(machine, project, request.definitions, {
    ...request.options,
    isForeground: true,
    mode: request.options.isModeExplicit ? request.options.mode : 'direct',
    onProgress: () => undefined,
  });
  let end: End | undefined;
  if (started.ok) end = await waitForEnd(context, request, signals.seen);
  else if (signals.seen()) end = { kind: 'signal', signal: signals.seen() ?? 'SIGINT' };
  let stopped: Result<void> = ok(undefined);
  if (end?.kind === 'signal') {
    const first = await watching;
    // A start that was still waiting for the lock may have brought something up since.
    const second = await stopEverything(context, request, () => signals.count() > 1);
    stopped = first.ok ? second : first;
  } else if (end?.kind === 'service-ended') stopped = await stopEverything(context, request, () => signals.count() > 0);
  await machine.clock.sleep(LOOK_INTERVAL_MS);
  isDone.value = true;
  await logs;
  if (!stopped.ok) return stopped;
  return !started.ok && !end ? started : ok(describe(end));
}

function listenForSignals(): { first: Promise<void>; seen: () => NodeJS.Signals | undefined; count: () => number } {
  const seen: NodeJS.Signals[] = [];
  const first = new Promise<void>((settle) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        seen.push(signal);
        settle();
      });
    }
  });
  // A closed terminal hangs up once through the kernel and once through the shell: nobody is in a hurry by that.
  return { first, seen: () => seen[0], count: () => seen.filter((signal) => signal !== 'SIGHUP').length };
}

async function followLogs(context: Context, { opened, definitions, options }: UpRequest, isOver: () => boolean): Promise<void> {
  const { machine, terminal } = context;
  const folder = resolve(opened.project.root, definitions.settings.logs?.dir ?? DEFAULTS.logDir);
  const prefix = makePrefix(options.services.map((service) => service.name));
  const sources = options.services.map((service) => {
    const { path } = placeLog(machine.files, folder, service);
    return { service: service.name, path, offset: machine.files.stat(path)?.size ?? 0 };
  });
  await follow(machine, {
    sources,
    isOver,
    onLine: (service, line) => {
      context.print(`${prefix(service)}${terminal.isWatched ? paneLine(line) : plainLine(line)}\n`);
    },
  });
}

async function waitForEnd({ machine }: Context, { opened }: UpRequest, signal: () => NodeJS.Signals | undefined): Promise<End> {
  for (;;) {
    const seen = signal();
    if (seen) return { kind: 'signal', signal: seen };
    const record = currentRecord(machine, opened.project);
    if (!record || record.ended) return { kind: 'stopped', by: record?.ended?.by ?? 'another devctl' };
    const sight = observe(machine, opened.project, record);
    for (const name of record.wanted) {
      const observation = sight.services.get(name);
      const state = observation && serviceState(observation, record.services[name]?.service.oneShot ?? false);
      if (state?.kind === 'ended' || state?.kind === 'crashed' || state?.kind === 'gave-up')
        return { kind: 'service-ended', service: name, code: state.code };
      if (state?.kind === 'lost') return { kind: 'service-ended', service: name, code: 137 };
    }
    if (record.wanted.every((name) => isDone(sight, record, name))) return { kind: 'done' };
    await machine.clock.sleep(LOOK_INTERVAL_MS);
  }
}

function isDone(sight: Sight, record: RunRecord, name: string): boolean {
  const observation = sight.services.get(name);
  return observation !== undefined && serviceState(observation, record.services[name]?.service.oneShot ?? false).kind === 'done';
}

/** Stops all of it, and says so only if it is true. */
function stopEverything({ machine }: Context, { opened, options }: UpRequest, isHurried: () => boolean): Promise<Result<void>> {
  const { project } = opened;
  return underLock(machine, project, async () => {
    const record = currentRecord(machine, project);
    const scope = stopScope(record, undefined, readHistory(machine.files, project.paths.history), []);
    const { outcome } = await stopProject(machine, project, record, [], {
      by: options.command,
      isHurried,
      beyond: { scope, isForced: false },
    });
    const failure = incomplete(machine, outcome);
    return failure ? fail(failure) : ok(undefined);
  });
}

function describe(end: End | undefined): Answer {
  const answer = (exit: number, text: string): Answer => ({ exit, schema: 'devctl.foreground/1', data: end ?? {}, text });
  switch (end?.kind) {
    case 'signal':
      return answer(128 + constants.signals[end.signal], 'Stopped; no process is left.');
    case 'service-ended':
      return answer(1, `${end.service} ended with code ${String(end.code)}; everything was stopped.`);
    case 'stopped':
      return answer(0, `Stopped by ${end.by}.`);
    case 'done':
      return answer(0, 'Every service is done.');
    case undefined:
      return answer(1, '');
  }
}
