import type { HeldPort } from '../services/suspects.ts';
import type { Suspect } from '../ownership/suspect.ts';
import type { Survivor } from '../failure.ts';
import type { StopScope } from './scope.ts';

export type Layer = 'graceful' | 'tmux' | 'socket' | 'port' | 'pattern';

export interface LayerReport {
  layer: Layer;
  found: number;
  done: string;
  left: number;
}

export interface StopOutcome {
  layers: LayerReport[];
  /** Ours for certain, and alive all the same. */
  survivors: Survivor[];
  /** Ports of ours that are not free. */
  held: HeldPort[];
  /** Probably ours, and left alone; or a stranger on a port that we only wanted. */
  leftAlone: Suspect[];
  /** How many processes have ended, of whatever layer. */
  ended: number;
  seconds: number;
}

export interface Patience {
  /** Over each service's own grace. */
  graceMs?: number;
  /** Asked at every scan: somebody pressed Ctrl-C again. */
  isHurried?: () => boolean;
}

export interface ApplyOptions extends Patience {
  by: string;
  /** A restart goes on in the same panes. */
  keepServer?: boolean;
  /** Look at ports and patterns as well; absent: what is certain is enough (restart, rollback). */
  beyond?: { scope: StopScope; isForced: boolean };
}
