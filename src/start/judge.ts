import type { Mishap } from '../failure.ts';
import type { OwnedListener } from '../machine/listeners.ts';
import type { Expectation, Service } from '../project/service.ts';
import { unreachable } from '../result.ts';
import type { Checked } from '../services/checks.ts';
import type { ServiceState } from '../services/state.ts';

/** A service that shows no sign of life by a port is said to run after it has stayed up this long. */
const MOMENT_MS = 1000;

/** A service that only seems to want a port, and has not worked this long, will not open one: it is said to run. */
const IDLE_MS = 4000;
/** Less than this on the processor is no work. */
const IDLE_CPU_MS = 50;

/** What is remembered of a service from look to look while it comes up. */
export interface Memory {
  startedMs: number;
  checked: Checked;
  /** Since when the listeners have been there without a gap. */
  listeningSinceMs?: number;
  upSinceMs?: number;
  /** The processor time of its tree, as of when it was last seen to work. */
  busy?: { sinceMs: number; cpuMs: number };
  /** Until it was first seen to be up. */
  upAfterSeconds?: number;
}

export interface Evidence {
  nowMs: number;
  state: ServiceState;
  listeners: OwnedListener[];
  /** What its tree has used of the processor. */
  cpuMs: number;
  /** A program outside our tree (dockerd) began to serve the expected port after we started. */
  published: boolean;
  /** Did the HTTP path answer, did the log line come? `true` where there is none to wait for. */
  checksPassed: boolean;
  /** A line in the log says that the watcher lives and its program does not. */
  crashSign: string | undefined;
  timeoutMs: number;
}

export type Verdict =
  | { kind: 'waiting'; for: string }
  | { kind: 'up'; how: 'listening' | 'running' | 'done' | 'published'; note?: string }
  | { kind: 'failed'; mishap: Mishap };

/** Is the service up, has it failed, or is there more to wait for? Pure, but for `memory`, which it keeps. */
export function judge(service: Service, evidence: Evidence, memory: Memory): Verdict {
  const seconds = (evidence.nowMs - memory.startedMs) / 1000;
  const { state } = evidence;
  switch (state.kind) {
    case 'done':
      return { kind: 'up', how: 'done' };
    case 'ended':
    case 'crashed':
    case 'gave-up':
      return { kind: 'failed', mishap: { kind: 'ended', code: state.code, seconds } };
    case 'lost':
      return { kind: 'failed', mishap: { kind: 'ended', code: 137, seconds } };
    case 'idle':
      return lateOr({ kind: 'waiting', for: 'what it depends on' }, evidence, seconds);
    case 'backoff':
      return lateOr({ kind: 'waiting', for: `another try (it ended with code ${String(state.code)})` }, evidence, seconds, {
        kind: 'ended',
        code: state.code,
        seconds,
      });
    case 'up':
    case 'unkept':
    case 'daemonized':
      return judgeLiving(service, evidence, memory, seconds);
    default:
      return unreachable(state);
  }
}

function judgeLiving(service: Service, evidence: Evidence, memory: Memory, seconds: number): Verdict {
  if (service.oneShot) return lateOr({ kind: 'waiting', for: 'its end' }, evidence, seconds);
  if (evidence.crashSign !== undefined && evidence.listeners.length === 0) {
    return { kind: 'failed', mishap: { kind: 'crashed-inside', sign: evidence.crashSign } };
  }
  remember(evidence, memory);
  const missing = missingPort(service, evidence, memory);
  if (missing === undefined) {
    if (!evidence.checksPassed) return lateOr({ kind: 'waiting', for: describeChecks(service) }, evidence, seconds);
    if (evidence.listeners.length > 0) return { kind: 'up', how: 'listening', ...strayNote(service.expects, evidence.listeners) };
    if (evidence.published) return { kind: 'up', how: 'published' };
    return { kind: 'up', how: 'running' };
  }
  const isHint = service.expects.kind !== 'declared';
  const isLate = evidence.nowMs - memory.startedMs >= evidence.timeoutMs;
  if ((isLate || isIdle(service, evidence, memory)) && isHint && evidence.checksPassed && evidence.listeners.length === 0) {
    return { kind: 'up', how: 'running', note: `it listens nowhere (${missing} was expected)` };
  }
  return lateOr({ kind: 'waiting', for: missing }, evidence, seconds);
}

/** Booting takes the processor; only a container may come up while nothing of ours works. */
function isIdle({ command }: Service, { nowMs }: Evidence, { busy }: Memory): boolean {
  return busy !== undefined && nowMs - busy.sinceMs >= IDLE_MS && !/\b(?:docker|podman)\b/.test(command);
}

function remember(evidence: Evidence, memory: Memory): void {
  if (!memory.busy || evidence.cpuMs - memory.busy.cpuMs > IDLE_CPU_MS)
    memory.busy = { sinceMs: evidence.nowMs, cpuMs: evidence.cpuMs };
  memory.upSinceMs ??= evidence.nowMs;
  if (evidence.listeners.length === 0) delete memory.listeningSinceMs;
  else memory.listeningSinceMs ??= evidence.nowMs;
}

/** What is still to come of its port; `undefined` when nothing is. */
function missingPort(service: Service, evidence: Evidence, memory: Memory): string | undefined {
  const { expects } = service;
  if (evidence.published) return undefined;
  const holds = memory.listeningSinceMs !== undefined && evidence.nowMs - memory.listeningSinceMs >= service.ready.settleMs;
  const settling = memory.listeningSinceMs !== undefined ? 'its listener to hold' : undefined;
  switch (expects.kind) {
    case 'declared':
      if (!evidence.listeners.some((listener) => listener.port === expects.port)) {
        const elsewhere = [...new Set(evidence.listeners.map((listener) => listener.port))];
        return `port ${String(expects.port)}${elsewhere.length > 0 ? ` (it listens on ${elsewhere.join(', ')})` : ''}`;
      }
      return holds ? undefined : settling;
    case 'inferred':
      return holds ? undefined : (settling ?? `port ${String(expects.port)}`);
    case 'somewhere':
      return holds ? undefined : (settling ?? 'a port');
    case 'nowhere':
      if (memory.listeningSinceMs !== undefined) return holds ? undefined : settling;
      return memory.upSinceMs !== undefined && evidence.nowMs - memory.upSinceMs >= MOMENT_MS ? undefined : 'a moment';
    default:
      return unreachable(expects);
  }
}

function strayNote(expects: Expectation, listeners: OwnedListener[]): { note: string } | undefined {
  if (!('port' in expects) || listeners.some((listener) => listener.port === expects.port)) return undefined;
  return {
    note: `it listens on ${[...new Set(listeners.map((listener) => listener.port))].join(', ')}, not on ${String(expects.port)}`,
  };
}

function describeChecks({ ready }: Service): string {
  return [
    ...(ready.http === undefined ? [] : [`${ready.http} to answer`]),
    ...(ready.log === undefined ? [] : [`a line that matches /${ready.log}/`]),
  ].join(' and ');
}

function lateOr(waiting: Verdict & { kind: 'waiting' }, evidence: Evidence, seconds: number, mishap?: Mishap): Verdict {
  if (seconds * 1000 < evidence.timeoutMs) return waiting;
  return { kind: 'failed', mishap: mishap ?? { kind: 'not-ready', waitedFor: waiting.for, seconds } };
}
