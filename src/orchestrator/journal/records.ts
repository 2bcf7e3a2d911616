import type { Tokens } from '../spoke/events.ts';
import type { TaskFailure } from '../spoke/judge.ts';

/** Of the journal's lines; another version's are not read. */
export const JOURNAL_SCHEMA = 1;

/** What an attempt has used, from its events. */
export interface Usage {
  costUsd: number;
  turns: number;
  tokens: Tokens;
  /** From its begin to its end, in ms. */
  durationMs: number;
}

/** To a millionth of a dollar. */
export const roundUsd = (usd: number): number => Math.round(usd * 1e6) / 1e6;

export const NO_USAGE: Usage = {
  costUsd: 0,
  turns: 0,
  tokens: { input: 0, output: 0, cacheRead: 0, cacheCreation: 0 },
  durationMs: 0,
};

/**
 * A transition, which is on the disk before anything follows from it. Times are in ms since 1970. `token` names one attempt: what
 * belongs to another attempt than the task's current one changes nothing.
 */
export type JournalRecord =
  | { kind: 'run'; schema: number; run: string; devctl: string; executor: string; tasks: string[]; atMs: number }
  /** Before its first process is spawned. `session`: of Claude Code. */
  | { kind: 'attempt'; task: string; token: string; session: string; resumes: boolean; atMs: number }
  /** Before and after each of its processes is spawned. */
  | { kind: 'spawning'; task: string; token: string; eventsFrom: number }
  | { kind: 'spawned'; task: string; token: string; host: string; pid: number; start: number; world: string }
  /** The outputs are on the disk already. */
  | { kind: 'done'; task: string; token: string; usage: Usage; branch?: string; atMs: number }
  /** It will be tried again, not before that. `counts`: against its retries. */
  | {
      kind: 'retry';
      task: string;
      token: string;
      failure: TaskFailure;
      usage: Usage;
      counts: boolean;
      notBeforeMs: number;
      atMs: number;
    }
  | { kind: 'failed'; task: string; token: string; failure: TaskFailure; usage: Usage; branch?: string; atMs: number }
  /** Ended from outside: by a person's second Ctrl-C, or because nobody gets through. It is as ready as before. */
  | { kind: 'put-back'; task: string; token: string; usage: Usage; atMs: number }
  | { kind: 'skipped'; task: string; because: string; atMs: number }
  | { kind: 'cancelled'; task: string; usage?: Usage; atMs: number }
  /** A person wants it once more. */
  | { kind: 'reopened'; task: string; atMs: number };
