import type { ProcessIdentity } from './process-identity.ts';

export type { ProcessIdentity } from './process-identity.ts';

/** An identity as a key. */
export const keyOf = ({ pid, start }: ProcessIdentity): string => `${String(pid)}:${String(start)}`;

/** What the kernel says of one process. */
export interface ProcessInfo extends ProcessIdentity {
  ppid: number;
  pgid: number;
  sid: number;
  /** -1 where it was not asked for: of processes born before `since`. */
  uid: number;
  /** The controlling terminal's device number; 0: none. */
  tty: number;
  /** One letter, as ps has it: R S D T Z ... */
  state: string;
  /** The program's short name, at most 15 bytes. */
  comm: string;
  cpuMs: number;
  rssBytes: number;
  /** The soft RLIMIT_LOCKS, where somebody set one. */
  mark?: string;
  /** It has this entry in its environment, exactly. */
  cookie?: string;
  /** Beside the cookie: the name of a service (`PS`), which a program may have changed. */
  cookieService?: string;
  /** The run folder (`DEVCTL_RUN_DIR`) that it was started with: a keeper's, or our tmux server's. */
  runFolder?: string;
  /** Files (`dev:ino`) and terminals (`tty:rdev`) that its standard output or standard error are open on, for writing. */
  writesTo?: string[];
}

export interface ProcessTable {
  /** Every process, zombies included, but for those that ended meanwhile. */
  all: ProcessInfo[];
  byPid: Map<number, ProcessInfo>;
}

/** The question that is put to the machine: evidence is read only for processes born at or after `since`. */
export interface ScanRequest {
  since: number;
  /** Only the mark, or where there is none also environment and outputs, which cost three times as much. */
  evidence: 'mark' | 'all';
  /** The logs of the services: where the kernel does not say what a process has open, it is asked who has these open. */
  logs: string[];
}

export interface Processes {
  scan(request: ScanRequest): ProcessTable;
  /** The same process still, and not a zombie? */
  isAlive(identity: ProcessIdentity): boolean;
  /** Stopped by a signal: Ctrl-Z, `kill -STOP`. */
  isSuspended(identity: ProcessIdentity): boolean;
  identify(pid: number): ProcessIdentity | undefined;
  /** Sends the signal to those whose pids still name the same processes, which is read right before. */
  signal(targets: Target[], signal: NodeJS.Signals): void;
  /** SIGKILL; where a scan is slow, with what they have forked since. */
  kill(targets: Target[]): Promise<void>;
  argv(pid: number): string[];
  /** Their current folders, of those that may be read. */
  cwds(pids: number[]): Map<number, string>;
  /** Of those that may be read: these variables of the environments that they were started with. Those without any are left out. */
  variables<Name extends string>(pids: number[], names: readonly Name[]): Map<number, Partial<Record<Name, string>>>;
  /** The environment that it was started with; nothing where it may not be read. */
  environment(pid: number): Record<string, string>;
  /** Does it number processes as we do? `false` also where that cannot be told. */
  sharesNumbers(pid: number): boolean;
  /** A number that is another one whenever a process was born since; `undefined` where the system keeps none. */
  births(): string | undefined;
  /** What its standard input and its outputs are open on, where these are pipes; empty where that cannot be read. */
  pipes(pid: number): Pipes;
  /** Bytes that it has read and written in all; `undefined` where that cannot be read. */
  ioBytes(pid: number): number | undefined;
  /** Whose it is; `undefined` when it is gone. */
  uid(pid: number): number | undefined;
  /** The unit of a service manager that runs it, where there is one. */
  unit(pid: number): string | undefined;
  userName(uid: number): string;
  /** The start time that a process born now would have. */
  now(): number;
  /** Seconds since it was born. */
  ageSeconds(identity: ProcessIdentity): number;
  /** Proportional memory (PSS) where it can be read, else resident memory. */
  memoryBytes(info: ProcessInfo): number;
  /** What `start` and pids are relative to: the boot and the pid namespace. */
  world(): { bootId: string; pidNamespace: string };
  /** In which network devctl itself is; "" where there is only one. */
  network(): string;
  self(): ProcessIdentity;
  /** devctl and all above it: never signalled. */
  ancestors(table: ProcessTable): Set<number>;
}

/** Of one process, by names that both ends of a pipe share. */
export interface Pipes {
  reads: string | undefined;
  writes: string[];
}

declare const authorized: unique symbol;

/** A process that may be signalled. Only `ownership/` makes one, and only of a process that it has judged. */
export type Target = ProcessIdentity & { readonly [authorized]: true };
