import type { Failure } from '../failure.ts';
import type { Mode } from '../project/run-record.ts';
import { fail, ok, type Result } from '../result.ts';
import { isAlive, isUp, type ServiceState } from '../services/state.ts';
import type { StartFacts, StartRequest } from './facts.ts';

/** What a start will do. */
export interface StartPlan {
  mode: Mode;
  /** Up already, and left alone. */
  keep: string[];
  /** Crashed leftovers that are ended first; `all` where nothing of the project is up. */
  clean: 'nothing' | 'all' | string[];
  /** In the order of their start. */
  spawn: string[];
  /** Up, but with a definition that has changed since. */
  stale: string[];
  notes: string[];
}

/** Pure. Refuses before anything is touched: a conflict with the live run, a declared port that somebody else holds. */
export function planStart(facts: StartFacts, request: StartRequest): Result<StartPlan> {
  const conflict = findConflict(facts, request);
  if (conflict) return fail(conflict);

  const stillUp = [...facts.states.values()].some(isUp);
  const othersLive = [...facts.states].some(
    ([name, state]) => isAlive(state) && !request.services.some((service) => service.name === name),
  );
  const cleanAll = !stillUp && !othersLive && facts.hasLeftovers;
  const keep: string[] = [];
  const spawn: string[] = [];
  const leftovers: string[] = [];
  for (const { name } of request.services) {
    const action = cleanAll ? 'spawn' : actionFor(facts.states.get(name) ?? { kind: 'idle' }, facts.live !== undefined);
    if (action === 'keep') keep.push(name);
    else spawn.push(name);
    if (action === 'clean') leftovers.push(name);
  }
  const held = facts.holders.find((holder) =>
    request.services.some(
      (service) => service.expects.kind === 'declared' && service.expects.port === holder.port && spawn.includes(service.name),
    ),
  );
  if (held) {
    const service = request.services.find(
      (candidate) => candidate.expects.kind === 'declared' && candidate.expects.port === held.port,
    );
    return fail({ code: 'PORT_HELD', service: service?.name ?? '?', holder: held });
  }
  const mode = facts.live?.mode ?? request.mode;
  return ok({
    mode: mode === 'tmux' && !facts.isTmuxInstalled ? 'direct' : mode,
    keep,
    clean: cleanAll ? 'all' : leftovers.length > 0 ? leftovers : 'nothing',
    spawn,
    stale: staleServices(facts),
    notes: notesOf(facts, request, mode),
  });
}

function actionFor(state: ServiceState, isLive: boolean): 'keep' | 'spawn' | 'clean' {
  switch (state.kind) {
    case 'up':
    case 'daemonized':
      return 'keep';
    case 'done':
      return isLive ? 'keep' : 'spawn';
    case 'unkept':
    case 'crashed':
    case 'backoff':
      return 'clean';
    case 'idle':
    case 'ended':
    case 'gave-up':
    case 'lost':
      return 'spawn';
  }
}

function findConflict({ live, definitions }: StartFacts, request: StartRequest): Failure | undefined {
  if (!live) return undefined;
  if (request.isModeExplicit && live.mode !== request.mode)
    return { code: 'CONFLICT', asked: `mode ${request.mode}`, running: `mode ${live.mode}`, flag: '--mode' };
  if (request.isProcfileExplicit && live.procfile !== definitions.procfile)
    return { code: 'CONFLICT', asked: definitions.procfile, running: live.procfile, flag: '-f' };
  return undefined;
}

function staleServices({ live, definitions, states }: StartFacts): string[] {
  return definitions.services
    .filter((service) => states.get(service.name)?.kind === 'up')
    .filter(
      (service) =>
        live?.services[service.name] !== undefined && live.services[service.name]?.service.fingerprint !== service.fingerprint,
    )
    .map((service) => service.name);
}

function notesOf(facts: StartFacts, request: StartRequest, mode: Mode): string[] {
  const notes: string[] = [];
  if (mode === 'tmux' && !facts.isTmuxInstalled)
    notes.push('tmux is not installed: the services run in direct mode, with log files');
  const removed = Object.keys(facts.live?.services ?? {}).filter(
    (name) => !facts.definitions.services.some((service) => service.name === name),
  );
  if (removed.length > 0)
    notes.push(
      `${removed.join(', ')} ${removed.length === 1 ? 'is' : 'are'} up and no longer in the Procfile: devctl stop ${removed.join(' ')}`,
    );
  for (const holder of facts.holders) {
    const service = request.services.find(
      (candidate) => candidate.expects.kind === 'inferred' && candidate.expects.port === holder.port,
    );
    if (service)
      notes.push(
        `port ${String(holder.port)}, which ${service.name} seems to want, is held by ${holder.pid === undefined ? `a process of ${holder.user ?? 'another user'}` : `pid ${String(holder.pid)} (${holder.command ?? '?'})`}`,
      );
  }
  return notes;
}
