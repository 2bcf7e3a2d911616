import type { ProcessIdentity } from './processes.ts';

export interface KeeperRequest {
  name: string;
  /** Where the spec, the FIFO and the exit file are. */
  runFolder: string;
  logPath: string;
  cwd: string;
}

export interface KeeperMachine {
  /** The path of keeper.sh. */
  script: string;
  /**
   * To be called before anything is spawned that outlives us, in either mode: closes inherited descriptors, makes FIFOs (0600),
   * and says which words start a program with default signals ("" if none do). One short process, which carries the
   * project's mark: where we are killed while it is suspended, a stop finds it.
   */
  prepare(fifos: string[], mark: string): { reset: string };
  /** Starts a keeper that leads a session, with its output appended to the log, and outlives us. Throws errno errors. */
  spawn(request: KeeperRequest): ProcessIdentity | undefined;
}
