import type { ProcessInfo } from '../../machine/processes.ts';
import type { Hung } from './hung.ts';

/** What a governor tells of itself; log and metrics are made of it. Times are in ms. */
export type GovernorEvent =
  | { kind: 'look'; members: ProcessInfo[]; running: number; waiting: number; started: number; ended: number }
  | { kind: 'queued'; processes: ProcessInfo[] }
  | { kind: 'resumed'; processes: ProcessInfo[]; waitedMs: number }
  | { kind: 'paused'; process: ProcessInfo }
  | { kind: 'rotated' }
  | { kind: 'hung'; hung: Hung }
  | { kind: 'hung-ended'; hung: Hung };
