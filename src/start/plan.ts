import type { Failure, Holder } from '../failure.ts';
import type { Owned } from '../ownership/owned.ts';
import { permits, type Permission } from '../ownership/target.ts';
import type { Mode } from '../project/run-record.ts';
import { fail, ok, type Result } from '../result.ts';
import { isAlive, isUp, type ServiceState } from '../services/state.ts';
import type { SeenProcess, StartFacts, StartRequest } from './facts.ts';
import { describeLock } from './framework-locks.ts';

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
  /** Held ports that are freed first, by the end of whoever holds them. */
  take: { port: number; service?: string; by: Permission['kind']; processes: SeenProcess[] }[];
  /** Processes of ours, of no service, that hold a port that is wanted. */
  endStrays: Owned[];
  notes: string[];
}

/** Pure. Refuses before anything is touched: a conflict with the live run, a declared port that somebody else holds, a sandbox. */
export function planStart(facts: StartFacts, request: StartRequest): Result<StartPlan> {
  const conflict = findConflict(facts, request);
  if (conflict) return fail(conflict);
  if (facts.isSandboxed && request.isForeground !== true) return fail({ code: 'SANDBOXED' });

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
  // A service that was removed from the Procfile ends as one; what belongs to none, as a process.
  if (spawn.length > 0) leftovers.push(...new Set(facts.straysInTheWay.flatMap(({ service }) => service ?? [])));
  const take: StartPlan['take'] = [];
  const notes: string[] = [];
  for (const held of facts.held) {
    const wanting = request.services.find(
      ({ expects, name }) => 'port' in expects && expects.port === held.port && spawn.includes(name),
    );
    const isAsked = request.takePorts.includes(held.port);
    const { permission, suspects, ends } = held;
    const mayEnd = suspects.length > 0 && suspects.every((suspect) => permits(permission, suspect, facts.claim));
    if (mayEnd && (wanting || isAsked)) {
      take.push({ port: held.port, ...(wanting ? { service: wanting.name } : {}), by: permission.kind, processes: ends });
    } else if (isAsked || wanting?.expects.kind === 'declared') {
      const [holder = { port: held.port }] = held.holders;
      const service = wanting ? { service: wanting.name } : {};
      return fail({ code: 'PORT_HELD', ...service, holder, ...(isAsked ? { isTaken: true } : {}) });
    } else if (wanting) notes.push(describeWanted(held.port, wanting.name, held.holders));
  }
  const mode = facts.live?.mode ?? request.mode;
  return ok({
    mode: mode === 'tmux' && !facts.isTmuxInstalled ? 'direct' : mode,
    keep,
    clean: cleanAll ? 'all' : leftovers.length > 0 ? leftovers : 'nothing',
    spawn,
    stale: staleServices(facts),
    take,
    endStrays: spawn.length > 0 ? facts.straysInTheWay.filter(({ service }) => service === undefined) : [],
    notes: [...notesOf(facts, mode), ...notes, ...(spawn.length > 0 ? facts.locks.map(describeLock) : [])],
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

function notesOf(facts: StartFacts, mode: Mode): string[] {
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
  return notes;
}

function describeWanted(port: number, service: string, [holder]: Holder[]): string {
  const who =
    holder?.pid === undefined
      ? `a process of ${holder?.user ?? 'another user'}`
      : `pid ${String(holder.pid)} (${holder.command ?? '?'}; ${holder.class ?? 'foreign'}: ${holder.evidence ?? '?'})`;
  return `port ${String(port)}, which ${service} seems to want, is held by ${who}: devctl start --take-port ${String(port)} ends it first`;
}
