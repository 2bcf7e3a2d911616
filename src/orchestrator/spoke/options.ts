import type { ProcessIdentity } from '../../machine/process-identity.ts';
import type { ClaudeWishes, Start } from './command-line.ts';
import type { ClaudeEvent, ClaudeResult } from './events.ts';
import type { TaskFailure } from './judge.ts';
import type { SpokeProgress } from './progress.ts';

export interface ClaudeProcessOptions extends ClaudeWishes {
  /** The program; `claude` of the PATH by default. */
  claude?: string;
  /** The current folder by default. */
  cwd?: string;
  /** A UUID; a new one by default. */
  sessionId?: string;
  /** With which conversation it begins; a fresh one by default. */
  start?: Start;
  /** A process that runs already for this session, whose events stand in the file from `eventsFrom` on. */
  adopt?: { identity: ProcessIdentity | undefined; eventsFrom: number };
  /** What this session has cost already, in USD. */
  knownUsd?: number;
  /** Its standard output. In the temporary folder by default, where it stays. */
  eventsFile?: string;
  /** Its standard error; beside the events by default. */
  stderrFile?: string;
  /** What all that it starts carries in its environment. */
  mark?: string;
  /** How long it may stay when its last turn is over; 5000 ms. */
  lingerMs?: number;
  /** Between TERM and KILL; 5000 ms. */
  graceMs?: number;
  /** Called for each event, in order; what it throws is dropped, and nobody waits for it. */
  onEvent?: (event: ClaudeEvent, progress: SpokeProgress) => void;
  /** Asked before a lost process is started again: does somebody else work on it by now? */
  isDisplaced?: () => boolean;
  /** Before a process is spawned, and when it is there. */
  onSpawning?: (spawning: { sessionId: string; start: Start['kind']; eventsFrom: number }) => void;
  onSpawned?: (spawned: { identity: ProcessIdentity | undefined }) => void;
}

/** What became of a message. `lost`: it has no result, and there will be none. */
export type Turn =
  { kind: 'result'; result: ClaudeResult; failure: TaskFailure | undefined } | { kind: 'lost'; failure: TaskFailure };
