/** A place in a file that a person wrote; line and column count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** One thing wrong in a Procfile or a devctl.yml. */
export interface Problem {
  place: Place;
  what: string;
  /** The text to write instead, where there is one. */
  instead?: string;
}

/** Who holds a port; absent fields could not be read. */
export interface Holder {
  port: number;
  /** Whose it is, and why we think so. */
  class?: 'probable' | 'foreign';
  evidence?: string;
  pid?: number;
  command?: string;
  cwd?: string;
  user?: string;
  ageSeconds?: number;
}

/** How a service failed to come up. */
export type Mishap =
  | { kind: 'ended'; code: number; seconds: number }
  | { kind: 'not-ready'; waitedFor: string; seconds: number }
  | { kind: 'crashed-inside'; sign: string }
  | { kind: 'blocked'; by: string }
  | { kind: 'not-started' }
  | { kind: 'still-running'; seconds: number }
  | { kind: 'no-line'; pattern: string; seconds: number };

/** What most likely lies behind a mishap, as its log and the project's folder tell. */
export type Hint =
  | { kind: 'port-held'; holder: Holder }
  /** The programs that it runs: no such command. */
  | { kind: 'missing-program'; name: string; install?: string }
  | { kind: 'missing-package'; name: string; install: string }
  | { kind: 'missing-file'; path: string }
  /** "node_modules is older than package-lock.json" */
  | { kind: 'old-dependencies'; what: string; install: string }
  /** It was refused where it wanted to connect to. */
  | { kind: 'nobody-listens'; port: number }
  | { kind: 'pending-migration'; command: string }
  /** A framework refuses a second server in its folder. */
  | { kind: 'framework-lock'; says: string; path: string; pid: number; isServer: boolean };

/** What one service's failure looks like, with the lines of its log that tell most. */
export interface ServiceMishap {
  service: string;
  mishap: Mishap;
  logPath: string;
  lastLines: string[];
  hints: Hint[];
}

export interface Survivor {
  pid: number;
  service?: string;
  command: string;
  class: 'certain' | 'probable' | 'named';
  evidence: string;
  why: 'outlived-kill' | 'uninterruptible' | 'not-permitted';
  /** Whose process it is, where that is why. */
  user?: string;
}

/** Everything that can go wrong without being a bug in devctl. The wording is in `cli/wording.ts`, the exit code in `cli/exit-codes.ts`. */
export type Failure =
  | { code: 'USAGE'; what: string; why?: string; fix?: string[] }
  | { code: 'UNKNOWN_SERVICE'; name: string; known: string[]; suggestion?: string }
  | { code: 'NO_PROCFILE'; searched: string; asked?: string }
  | { code: 'UNREADABLE_FILE'; path: string; reason: string }
  | { code: 'PROCFILE_INVALID'; problems: Problem[] }
  | { code: 'CONFIG_INVALID'; problems: Problem[]; fix?: string[] }
  /** Of a project's other files. */
  | { code: 'FILE_INVALID'; problems: Problem[] }
  | { code: 'PORT_HELD'; service?: string; holder: Holder; nextFree?: number; isTaken?: boolean; notes?: string[] }
  | {
      code: 'START_FAILED';
      mishaps: ServiceMishap[];
      rolledBack: boolean;
      /** What the start had to say before it failed: whom it ended for a port, locks in the way. */
      notes?: string[];
    }
  /** What was waited for can no longer come. */
  | { code: 'WAIT_IN_VAIN'; mishaps: ServiceMishap[] }
  | { code: 'WAIT_TIMED_OUT'; mishaps: ServiceMishap[] }
  | { code: 'STOPPED_BY_OTHER'; by: string }
  | {
      code: 'SURVIVORS';
      survivors: Survivor[];
      held: Holder[];
      layers?: { layer: string; found: number; done: string; left: number }[];
      /** Of `nuke`: what kept it from other projects. */
      others?: Failure[];
    }
  | { code: 'NOT_RUNNING'; root: string }
  /** `folder`: of an orchestrator's outputs, where it is not a project. */
  | { code: 'BUSY'; lock: string; folder?: string; holder?: { command: string; pid: number; seconds: number } }
  | { code: 'CONFLICT'; asked: string; running: string; flag: string }
  | { code: 'NEEDS_TERMINAL'; command: string; instead: string }
  | { code: 'TMUX_MISSING'; command: string }
  | { code: 'TMUX_FAILED'; action: string; reason: string; socket: string }
  | { code: 'OTHER_NAMESPACE'; root: string }
  /** An agent's sandbox: all that is started in it ends with the command. */
  | { code: 'SANDBOXED' }
  | { code: 'NOT_CONFIRMED'; action: string; flag: string; isAsked?: boolean }
  | { code: 'SYSTEM'; action: string; path?: string; errno: string; reason: string }
  | { code: 'NO_COMMAND'; command: string; reason: string }
  /** A program that a command is built on did not do its work. */
  | { code: 'TOOL_FAILED'; tool: string; reason: string }
  /** Optional packages that a command is built on. */
  | { code: 'NO_PACKAGE'; packages: { name: string; reason: string }[]; install: string }
  /** Rules that a project has written for itself. */
  | { code: 'RULES_INVALID'; problems: Problem[] }
  /** `url`: without user and password. */
  | { code: 'NO_REDIS'; url: string; why: string }
  | { code: 'TASKS_INVALID'; problems: Problem[] }
  /** What an orchestrator has written down; `line` counts from 1. */
  | { code: 'JOURNAL_UNREADABLE'; path: string; line: number; why: string }
  /** Nobody gets through: no task was tried any more. `resume`: what to type then. */
  | { code: 'HALTED'; why: string; cause: 'auth' | 'no-claude'; done: number; total: number; resume: string }
  /** An orchestrator was ended before its tasks were. */
  | { code: 'UNFINISHED_RUN'; file: string; folder: string; done: number; total: number }
  /** No Claude Code that could be run. */
  | { code: 'NO_CLAUDE'; why: string[] };
