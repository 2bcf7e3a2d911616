import { dirname } from 'node:path';
import { findClaude } from './claude/install/find.ts';
import { realMachine } from './machine/real-machine.ts';
import { ClaudeProcess as Spoke } from './orchestrator/spoke/claude-process.ts';
import type { ClaudeEvent } from './orchestrator/spoke/events.ts';
import type { ClaudeProcessOptions, Turn } from './orchestrator/spoke/options.ts';
import type { SpokeProgress } from './orchestrator/spoke/progress.ts';

export type { ClaudeProcessOptions, Turn } from './orchestrator/spoke/options.ts';
export type { Block, ClaudeEvent, ClaudeResult, Tokens } from './orchestrator/spoke/events.ts';
export type { FailureClass, TaskFailure } from './orchestrator/spoke/judge.ts';
export type { SpokeProgress } from './orchestrator/spoke/progress.ts';
export type { ExecuteAnswer, ExecuteOptions } from './orchestrator/redis/executor-client.ts';
export { ClaudeExecutorClient, ClaudeExecutorError } from './orchestrator/redis/executor-client.ts';

/**
 * `import { ClaudeProcess } from 'devctl/claude'`: a `claude -p` with a conversation, turn after turn in one process. When it is
 * lost in the middle of a turn it is started again with `--resume`, three times at most; nothing that it has started outlives it.
 *
 * ```js
 * const claude = await ClaudeProcess.start({ cwd: '/my/project', allowedTools: ['Read'] });
 * const turn = await claude.send('What does this project do?');
 * if (turn.kind === 'result' && !turn.failure) console.log(turn.result.text);
 * await claude.close();
 * ```
 */
export class ClaudeProcess {
  readonly #spoke: Spoke;

  private constructor(spoke: Spoke) {
    this.#spoke = spoke;
  }

  /** Starts it. Throws where there is no Claude Code on this machine. */
  static async start(options: ClaudeProcessOptions = {}): Promise<ClaudeProcess> {
    const machine = await realMachine(dirname(__dirname));
    if (options.claude !== undefined) return new ClaudeProcess(new Spoke(machine, options));
    const found = await findClaude(machine);
    if (!found.ok) throw new Error('there is no Claude Code on this machine: https://claude.ai/install.sh installs it');
    return new ClaudeProcess(new Spoke(machine, { ...options, claude: found.value.path }));
  }

  /** Of Claude Code; `claude --resume` takes it. */
  get sessionId(): string {
    return this.#spoke.sessionId;
  }

  /** Its standard output: every event, one JSON document a line. */
  get eventsFile(): string {
    return this.#spoke.eventsFile;
  }

  get pid(): number | undefined {
    return this.#spoke.pid;
  }

  get progress(): SpokeProgress {
    return this.#spoke.progress;
  }

  /** Sends a message, when those before it have their results. Never rejects: a lost turn says why. */
  send(text: string): Promise<Turn> {
    return this.#spoke.send(text);
  }

  /** Breaks the running turn off; its result says so, and the next message may follow. */
  interrupt(): void {
    this.#spoke.interrupt();
  }

  /** Its events from the first on, at the reader's pace: a slow one loses nothing. Ends when it has ended. */
  events(): AsyncGenerator<ClaudeEvent> {
    return this.#spoke.events();
  }

  /** No more messages: resolves when those sent have their results and the process has ended. */
  close(): Promise<void> {
    return this.#spoke.close();
  }

  /** TERM, then KILL after the grace, for it and all that it has started; resolves when nobody is left. */
  terminate(): Promise<void> {
    return this.#spoke.terminate();
  }
}
