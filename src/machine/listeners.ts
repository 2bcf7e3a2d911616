/** A TCP socket that accepts connections. */
export interface Listener {
  port: number;
  /** The address it is bound to: 127.0.0.1, 0.0.0.0, ::1, :: ... */
  address: string;
  uid: number;
  inode: string;
}

/** A listener with the process that has it open. */
export interface OwnedListener extends Listener {
  pid: number;
}

export interface Listeners {
  /** Every listener in the network namespace of the process with this pid (ours by default). About 10 ms: once a command. */
  all(pid?: number): Listener[];
  /** Those of the listeners that one of these processes holds. */
  ownedBy(pids: number[], listeners: Listener[]): OwnedListener[];
  /** Those of these processes that do not show what they have open. */
  secret(pids: number[]): number[];
  /** Does any of these processes hold a socket at all? Cheap, and `false` spares the rest. */
  anySocket(pids: number[]): boolean;
}
