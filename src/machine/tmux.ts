import type { Result } from '../result.ts';
import type { ProcessIdentity } from './processes.ts';

/** A pane that is to run a service: the keeper is told the name and nothing else; user text never reaches tmux. */
export interface PaneRequest {
  service: string;
  logPath: string;
}

export interface OpenRequest {
  socket: string;
  runFolder: string;
  cwd: string;
  panes: PaneRequest[];
  size: { columns: number; rows: number };
  layout: 'panes' | 'windows';
  /** The number that the server and its log writers carry. */
  mark: string;
}

export interface Pane {
  id: string;
  pid: number;
  /** Absent for a pane that somebody else opened. */
  service?: string;
  tty: string;
  isDead: boolean;
}

export interface OpenedPanes {
  server: ProcessIdentity | undefined;
  /** Keepers by service name. */
  keepers: Map<string, ProcessIdentity>;
}

/** Our own tmux server of a project. Every call is bounded; a server that does not answer is a failure, never a wait. */
export interface Tmux {
  isInstalled(): boolean;
  /** Starts the server, or adds panes to it; a dead pane of the same service is used again. */
  open(request: OpenRequest, existing: Pane[]): Promise<Result<OpenedPanes>>;
  /** No server: no panes. */
  panes(socket: string): Promise<Result<Pane[]>>;
  killServer(socket: string): Promise<Result<void>>;
  killPane(socket: string, pane: string): Promise<Result<void>>;
  /** Shows one line to whoever is attached. */
  tell(socket: string, text: string): Promise<void>;
  /** Attaches this terminal until the person leaves; the client's exit code. */
  attach(socket: string, pane: string | undefined): Promise<number>;
  /** A throw-away server with one pane per log file, which ends when the person leaves. */
  view(socket: string, logs: { service: string; path: string }[]): Promise<number>;
}
