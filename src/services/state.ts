import type { OwnedListener } from '../machine/listeners.ts';
import type { Owned } from '../ownership/owned.ts';
import type { Expectation } from '../project/service.ts';
import { unreachable } from '../result.ts';
import type { ExitFile } from './exit-file.ts';

/** What the kernel and the keeper's exit file say of one service. */
export interface Observation {
  keeper: Owned | undefined;
  /** Its processes but for the keeper. */
  processes: Owned[];
  exit: ExitFile | undefined;
  listeners: OwnedListener[];
  wasStarted: boolean;
}

/**
 *   idle -> up -> ended | done            the command ended and nothing of it lives
 *            |--> backoff -> up           the keeper will start it again
 *            |--> gave-up                 the keeper will not
 *            |--> daemonized              the command ended with 0, processes of it live
 *            |--> crashed                 it ended otherwise, processes of it are left over
 *            '--> unkept                  the keeper was killed, processes of it live
 *   lost: it was started, and nothing of it lives or was recorded (a reboot, kill -9 of everything)
 */
export type ServiceState =
  | { kind: 'idle' }
  | { kind: 'up'; restarts: number }
  | { kind: 'backoff'; code: number; restarts: number }
  | { kind: 'gave-up'; code: number; restarts: number }
  | { kind: 'daemonized' }
  | { kind: 'crashed'; code: number; seconds: number; restarts: number }
  | { kind: 'unkept' }
  | { kind: 'done' }
  | { kind: 'ended'; code: number; seconds: number; restarts: number }
  | { kind: 'lost' };

/** Pure. A keeper in its backoff has a `sleep` of its own as its only company. */
export function serviceState({ keeper, processes, exit, wasStarted }: Observation, oneShot: boolean): ServiceState {
  if (keeper) {
    if (exit?.state === 'backoff') return { kind: 'backoff', code: exit.code, restarts: exit.restarts };
    if (exit?.state === 'company') return afterEnd(exit);
    if (exit?.state !== 'ended' && exit?.state !== 'gave-up') return { kind: 'up', restarts: exit?.restarts ?? 0 };
  }
  if (exit?.state === 'gave-up') return { kind: 'gave-up', code: exit.code, restarts: exit.restarts };
  if (exit?.state === 'ended') {
    if (processes.length > 0) return afterEnd(exit);
    if (oneShot && exit.code === 0) return { kind: 'done' };
    return { kind: 'ended', code: exit.code, seconds: exit.seconds, restarts: exit.restarts };
  }
  if (processes.length > 0) return { kind: 'unkept' };
  return wasStarted ? { kind: 'lost' } : { kind: 'idle' };
}

/** A daemon leaves its starter with 0; after another code what is left is only left over. */
function afterEnd({ code, seconds, restarts }: ExitFile): ServiceState {
  return code === 0 ? { kind: 'daemonized' } : { kind: 'crashed', code, seconds, restarts };
}

/** It runs, or what it left on purpose does. */
export function isUp(state: ServiceState | undefined): boolean {
  return state?.kind === 'up' || state?.kind === 'daemonized';
}

export function isAlive(state: ServiceState): boolean {
  switch (state.kind) {
    case 'up':
    case 'backoff':
    case 'daemonized':
    case 'unkept':
    case 'crashed':
      return true;
    case 'idle':
    case 'gave-up':
    case 'done':
    case 'ended':
    case 'lost':
      return false;
    default:
      return unreachable(state);
  }
}

/** Where it listens, held against where it was expected. */
export type Reach =
  | { kind: 'as-expected' }
  | { kind: 'elsewhere'; expected: number; ports: number[] }
  | { kind: 'not-yet' }
  | { kind: 'none-expected' };

export function reach(expects: Expectation, listeners: OwnedListener[]): Reach {
  const ports = [...new Set(listeners.map((listener) => listener.port))];
  switch (expects.kind) {
    case 'declared':
    case 'inferred':
      if (ports.includes(expects.port)) return { kind: 'as-expected' };
      return ports.length === 0 ? { kind: 'not-yet' } : { kind: 'elsewhere', expected: expects.port, ports };
    case 'somewhere':
      return ports.length === 0 ? { kind: 'not-yet' } : { kind: 'as-expected' };
    case 'nowhere':
      return ports.length === 0 ? { kind: 'none-expected' } : { kind: 'as-expected' };
    default:
      return unreachable(expects);
  }
}
