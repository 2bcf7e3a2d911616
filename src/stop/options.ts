import type { Survivor } from '../failure.ts';
import type { Patience } from './graceful-layer.ts';

export interface LayerReport {
  layer: 'graceful' | 'tmux' | 'socket';
  found: number;
  done: string;
  left: number;
}

export interface StopOutcome {
  layers: LayerReport[];
  survivors: Survivor[];
  seconds: number;
}

export interface ApplyOptions extends Patience {
  by: string;
  /** A restart goes on in the same panes. */
  keepServer?: boolean;
}
