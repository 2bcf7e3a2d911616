import type { Machine } from '../machine/machine.ts';
import type { Result } from '../result.ts';

/** What a command is given: the machine, and the terminal that it speaks to. */
export interface Context {
  machine: Machine;
  /** devctl's. */
  version: string;
  cwd: string;
  /** It was named (`--root`): then a PROCFILE of the caller's does not count. */
  isRootGiven: boolean;
  /** The words after `devctl`, as they were typed. */
  words: string[];
  terminal: {
    /** Standard output is a terminal, and TERM is neither unset nor "dumb". */
    isWatched: boolean;
    /** And standard input as well: a question can be asked. */
    canAsk: boolean;
    columns: number;
    rows: number;
  };
  json: boolean;
  /** Standard output: the answer. */
  print: (text: string) => void;
  /** Whoever read our standard output has gone (EPIPE). */
  isReaderGone: () => boolean;
  /** Runs another verb, which prints nothing. */
  ask: (context: Context, question: Question) => Promise<Result<Answer>>;
  /** Standard error: talk beside the answer. */
  say: (text: string) => void;
}

/** A command's answer. `text` is for people, `data` for programs; only one of them is printed. */
export interface Answer {
  exit: number;
  /** "devctl.stop/1" */
  schema: string;
  data: unknown;
  text: string;
  /** A stream has printed everything itself. */
  isPrinted?: boolean;
}

export type Flags = Record<string, unknown>;

/** Another verb, as if it were typed. */
export interface Question {
  verb: string;
  args: string[];
  flags: Flags;
  /** The same folder by default. */
  cwd?: string;
}

/** One verb: flags to request, feature, view. */
export type CommandRun = (context: Context, args: string[], flags: Flags) => Promise<Result<Answer>>;
