import type { Usage } from '../journal/records.ts';
import type { ClaudeEvent } from '../spoke/events.ts';
import type { TaskFailure } from '../spoke/judge.ts';
import type { SpokeProgress } from '../spoke/progress.ts';
import type { Task } from '../tasks/task.ts';

/** One attempt at a task: a value that another machine can read. */
export interface AttemptRequest {
  run: string;
  /** Nobody else's. */
  token: string;
  task: Task;
  /** With the results of other tasks in it. */
  prompt: string;
  /** Of Claude Code; the same in every attempt at a task. */
  session: string;
  /** An earlier attempt has begun the conversation. */
  resumes: boolean;
  /** What the conversation has cost so far. */
  knownUsd: number;
  /** What is left of everybody's budget. */
  budgetUsd: number | undefined;
  dangerouslySkipPermissions: boolean;
}

/** What an earlier hub has left of an attempt. */
export interface LeftAttempt {
  /** In ms since 1970. */
  beganMs: number;
  eventsFrom: number | undefined;
  spawned: { host: string; pid: number; start: number; world: string } | undefined;
}

export type Outcome =
  /** `patch`: what another machine has changed, as git am(1) takes it, in base64. */
  | { kind: 'done'; text: string; usage: Usage; branch?: string; patch?: string }
  | { kind: 'failed'; failure: TaskFailure; usage: Usage; branch?: string }
  /** Ended by us. */
  | { kind: 'ended'; usage: Usage };

/** What an attempt tells while it runs. */
export interface AttemptObserver {
  onSpawning: (eventsFrom: number) => void;
  onSpawned: (spawned: NonNullable<LeftAttempt['spawned']>) => void;
  onProgress: (progress: SpokeProgress) => void;
  onEvent: (event: ClaudeEvent) => void;
}

export interface RunningAttempt {
  /** Never rejects but for a bug. */
  outcome: Promise<Outcome>;
  /** Ends it; its outcome comes all the same. */
  end: () => void;
}

/** Who carries attempts out: on this machine, on others, or nobody at all. */
export interface Executor {
  kind: 'direct' | 'redis' | 'mock';
  begin(request: AttemptRequest, observer: AttemptObserver, left?: LeftAttempt): RunningAttempt;
  /** The API wants to be left alone until then, in ms since 1970. */
  slowDown(untilMs: number): void;
  /** Can it hand out and hear at the moment? */
  isConnected(): boolean;
  /** Attempts that nobody works on yet end. */
  withdraw(): void;
  /** Ends attempts of an earlier hub that nobody goes on with. */
  abandon(run: string, tokens: string[]): Promise<void>;
  /** Attempts of an earlier hub that are over, and of which it may not have been rid. */
  forget(tokens: string[]): void;
  close(): Promise<void>;
}

/** In the environment of all that an attempt starts. `performer`: whose it is, where there are several. */
export const markOf = ({ run, task, token }: Pick<AttemptRequest, 'run' | 'task' | 'token'>, performer?: string): string =>
  `${run}/${task.id}/${token}${performer === undefined ? '' : `/${performer}`}`;
export const isMarkOfTask = (mark: string, { run, task }: Pick<AttemptRequest, 'run' | 'task'>): boolean =>
  mark.startsWith(`${run}/${task.id}/`);
export const isMarkOfAttempt = (mark: string, run: string, token: string): boolean => {
  const [itsRun, , itsToken] = mark.split('/');
  return itsRun === run && itsToken === token;
};
export const isMarkOfPerformer = (mark: string, performer: string): boolean => mark.endsWith(`/${performer}`);
