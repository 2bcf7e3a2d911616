import type { Mishap } from '../failure.ts';
import type { LinePattern } from '../logs/line-pattern.ts';
import type { ServiceState } from '../services/state.ts';
import { unreachable } from '../result.ts';

/** What is waited for. */
export type Goal = { kind: 'ready' } | { kind: 'stopped' } | { kind: 'exit' } | { kind: 'log'; pattern: LinePattern };

/** Of one service: it is there, it may come, or it can no longer come. */
export type Standing = { kind: 'met' } | { kind: 'open'; mishap: Mishap } | { kind: 'in-vain'; mishap: Mishap };

export interface Sighted {
  state: ServiceState;
  /** Does anything of it live, its keeper included? */
  isAlive: boolean;
  /** It is wanted up: where it was never started, a start that is under way may come to it. */
  isWanted: boolean;
  /** Has a line come that matches? */
  hasLine: boolean;
  waitedSeconds: number;
}

/** For `ready` the judgement of a start is asked instead. Pure. */
export function judgeGoal(
  goal: Exclude<Goal, { kind: 'ready' }>,
  { state, isAlive, isWanted, hasLine, waitedSeconds }: Sighted,
): Standing {
  const running: Mishap = { kind: 'still-running', seconds: waitedSeconds };
  const notStarted: Mishap = { kind: 'not-started' };
  switch (goal.kind) {
    case 'stopped':
      return isAlive ? { kind: 'open', mishap: running } : { kind: 'met' };
    case 'exit':
      if (state.kind === 'idle') return { kind: isWanted ? 'open' : 'in-vain', mishap: notStarted };
      return hasEnded(state) ? { kind: 'met' } : { kind: 'open', mishap: running };
    case 'log':
      if (hasLine) return { kind: 'met' };
      if (state.kind === 'idle') return { kind: isWanted ? 'open' : 'in-vain', mishap: notStarted };
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
  const code = 'code' in state ? state.code : state.kind === 'lost' ? 137 : 0;
  return { kind: 'ended', code, seconds: 'seconds' in state ? state.seconds : 0 };
}
