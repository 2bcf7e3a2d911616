import type { Mishap } from '../failure.ts';
import type { ServiceState } from '../services/state.ts';
import { unreachable } from '../result.ts';

/** What is waited for. */
export type Goal = { kind: 'ready' } | { kind: 'stopped' } | { kind: 'exit' } | { kind: 'log'; pattern: RegExp };

/** Of one service: it is there, it may come, or it can no longer come. */
export type Standing = { kind: 'met' } | { kind: 'open'; mishap: Mishap } | { kind: 'in-vain'; mishap: Mishap };

export interface Sighted {
  state: ServiceState;
  /** Does anything of it live, its keeper included? */
  isAlive: boolean;
  /** Has a line come that matches? */
  hasLine: boolean;
  waitedSeconds: number;
}

/** For `ready` the judgement of a start is asked instead. Pure. */
export function judgeGoal(goal: Exclude<Goal, { kind: 'ready' }>, { state, isAlive, hasLine, waitedSeconds }: Sighted): Standing {
  const running: Mishap = { kind: 'still-running', seconds: waitedSeconds };
  switch (goal.kind) {
    case 'stopped':
      return isAlive ? { kind: 'open', mishap: running } : { kind: 'met' };
    case 'exit':
      return hasEnded(state) ? { kind: 'met' } : { kind: 'open', mishap: running };
    case 'log':
      if (hasLine) return { kind: 'met' };
      return lineMayCome(state)
        ? { kind: 'open', mishap: { kind: 'no-line', pattern: goal.pattern.source, seconds: waitedSeconds } }
        : { kind: 'in-vain', mishap: mishapOf(state) };
    default:
      return unreachable(goal);
  }
}

/** Its command has ended, whatever it left behind. */
function hasEnded({ kind }: ServiceState): boolean {
  return kind !== 'up' && kind !== 'backoff' && kind !== 'unkept';
}

/** A daemon writes on after its command has ended. */
function lineMayCome({ kind }: ServiceState): boolean {
  return kind === 'up' || kind === 'backoff' || kind === 'unkept' || kind === 'daemonized';
}

function mishapOf(state: ServiceState): Mishap {
  if (state.kind === 'idle') return { kind: 'not-started' };
  const code = 'code' in state ? state.code : state.kind === 'lost' ? 137 : 0;
  return { kind: 'ended', code, seconds: 'seconds' in state ? state.seconds : 0 };
}
