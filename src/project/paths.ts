import { join } from 'node:path';
import type { HomeInfo } from '../machine/home.ts';

/** Where a project's state lives; see design §7. All absolute. */
export interface ProjectPaths {
  state: string;
  record: string;
  lock: string;
  history: string;
  /** Specs, FIFOs and exit files of the keepers. */
  run: string;
  cursors: string;
  /** 0700; holds the tmux sockets of all projects. */
  sockets: string;
  tmuxSocket: string;
  viewSocket: string;
}

/** The folder that holds every project's state. */
export function stateRoot(home: HomeInfo): string {
  return join(home.stateHome ?? join(home.home, '.local', 'state'), 'devctl');
}

export function projectPaths(id: string, home: HomeInfo): ProjectPaths {
  const state = join(stateRoot(home), id);
  const sockets = home.runtimeDir === undefined ? join(home.tmp, `devctl-${String(home.uid)}`) : join(home.runtimeDir, 'devctl');
  return {
    state,
    record: join(state, 'run.json'),
    lock: join(state, 'lock'),
    history: join(state, 'history.json'),
    run: join(state, 'run'),
    cursors: join(state, 'cursors'),
    sockets,
    tmuxSocket: join(sockets, `${id}.tmux`),
    viewSocket: join(sockets, `${id}.view`),
  };
}
