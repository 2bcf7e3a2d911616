/**
 * Places in a command at which a kill -9 would hurt most. A test names one in DEVCTL_CRASH_AT, and the command dies there.
 */
export type Step =
  | 'start.locked'
  | 'start.cleaned'
  | 'start.intended'
  | 'start.prepared'
  | 'start.specified'
  | 'start.spawned'
  | 'start.recorded'
  | 'start.waiting'
  | 'start.up'
  | 'stop.marked'
  | 'stop.ask'
  | 'stop.freeze'
  | 'stop.kill'
  | 'stop.end-keepers'
  | 'stop.wait'
  | 'stop.graceful'
  | 'stop.tmux'
  | 'stop.removed'
  | 'stop.forgotten'
  | 'restart.stopped';

export interface Checkpoints {
  reach(step: Step): void;
}
