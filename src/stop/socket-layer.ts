import type { Machine } from '../machine/machine.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import type { LayerReport } from './options.ts';

/** Removes the socket file that a tmux server of ours has left; the server itself is gone by now. */
export function removeStaleSocket({ files }: Machine, project: Project, record: RunRecord | undefined): LayerReport {
  const socket = record?.tmux?.socket ?? project.paths.tmuxSocket;
  const isThere = files.stat(socket) !== undefined;
  if (isThere) files.remove(socket);
  return { layer: 'socket', found: isThere ? 1 : 0, done: isThere ? 'stale socket removed' : 'nothing to do', left: 0 };
}
