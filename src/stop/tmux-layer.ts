import type { Machine } from '../machine/machine.ts';
import { authorize } from '../ownership/target.ts';
import type { Owned } from '../ownership/owned.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { observeProcesses } from '../services/observe.ts';
import type { LayerReport } from './options.ts';

export type TmuxLayerOutcome =
  | { kind: 'nothing' }
  | { kind: 'ended' }
  /** Somebody opened a pane of their own in our server: ours are gone, the server stays. */
  | { kind: 'kept'; foreignPanes: number }
  | { kind: 'left'; owned: Owned[] };

const SERVER_PATIENCE_MS = 2000;

/** Ends our tmux server and waits for its pid; one that does not answer is ended by signals. */
export async function endTmuxServer(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  farewell: string,
): Promise<TmuxLayerOutcome> {
  const { tmux, files } = machine;
  const socket = record?.tmux?.socket ?? project.paths.tmuxSocket;
  // Whoever has a shell in our server passes the project's mark on: what is neither server nor log writer is theirs.
  const isPart = ({ process }: Owned) => isPartOf(machine.processes.argv(process.pid).join(' '), [socket, project.paths.run]);
  const look = () => observeProcesses(machine, project, record).infrastructure.filter(isPart);
  if (look().length === 0 && files.stat(socket) === undefined) return { kind: 'nothing' };

  const panes = files.stat(socket) === undefined ? undefined : await tmux.panes(socket);
  if (panes?.ok && panes.value.length === 0 && look().length === 0) return { kind: 'nothing' };
  if (panes?.ok) {
    const foreign = panes.value.filter((pane) => pane.service === undefined);
    if (foreign.length > 0) {
      for (const pane of panes.value) if (pane.service !== undefined) await tmux.killPane(socket, pane.id);
      return { kind: 'kept', foreignPanes: foreign.length };
    }
    if (panes.value.length > 0) await tmux.tell(socket, farewell);
    await tmux.killServer(socket);
  }
  // The server and its log writers have no terminal; what runs in a pane has one, and a pane without our name is not ours.
  return endByWaiting(machine, () => look().filter((owned) => owned.process.tty === 0), panes?.ok === true);
}

/** The server's own command line names its socket, a helper's the run folder; `pipe-pane` runs a `cat`. */
function isPartOf(command: string, paths: string[]): boolean {
  return paths.some((path) => command.includes(path)) || /^(?:sh -c )?(?:exec )?cat(?: >>|$)/.test(command);
}

/** Waits for the server and its log writers, and signals what outlives its patience (at once if the server does not answer). */
async function endByWaiting({ clock, processes }: Machine, look: () => Owned[], answered: boolean): Promise<TmuxLayerOutcome> {
  const start = clock.elapsed();
  // A server that does not answer may still have commands in its queue, and would open their panes before it heeds TERM.
  const signals: { afterMs: number; signal: NodeJS.Signals; isMeant: (owned: Owned) => boolean }[] = answered
    ? [
        { afterMs: SERVER_PATIENCE_MS, signal: 'SIGTERM', isMeant: () => true },
        { afterMs: SERVER_PATIENCE_MS + 500, signal: 'SIGKILL', isMeant: () => true },
      ]
    : [
        { afterMs: 0, signal: 'SIGKILL', isMeant: ({ process }) => process.comm.startsWith('tmux') },
        { afterMs: 500, signal: 'SIGKILL', isMeant: () => true },
      ];
  for (;;) {
    const left = look();
    if (left.length === 0) return { kind: 'ended' };
    const waited = clock.elapsed() - start;
    if (waited > SERVER_PATIENCE_MS * 2) return { kind: 'left', owned: left };
    const due = signals[0];
    if (due && waited >= due.afterMs) {
      signals.shift();
      const targets = left.filter(due.isMeant).map(authorize);
      processes.signal(targets, due.signal);
      processes.signal(targets, 'SIGCONT');
    }
    await clock.sleep(10);
  }
}

export function tmuxReport(outcome: TmuxLayerOutcome): LayerReport {
  switch (outcome.kind) {
    case 'nothing':
      return { layer: 'tmux', found: 0, done: 'nothing to do', left: 0 };
    case 'ended':
      return { layer: 'tmux', found: 1, done: 'server ended', left: 0 };
    case 'kept':
      return {
        layer: 'tmux',
        found: 1,
        done: `our panes ended; the server stays, for it has ${String(outcome.foreignPanes)} pane(s) that devctl did not open`,
        left: 0,
      };
    case 'left':
      return { layer: 'tmux', found: 1, done: 'server did not end', left: outcome.owned.length };
  }
}
