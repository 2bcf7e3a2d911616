import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Machine } from '../../machine/machine.ts';
import type { ProcessIdentity } from '../../machine/processes.ts';
import { claudeArgs, claudeEnv, interruptRequest, userMessage, type Start } from './command-line.ts';
import { endAttempt, GRACE_MS } from './end-attempt.ts';
import { parseEvent, type ClaudeEvent, type ClaudeResult } from './events.ts';
import { isAuthTrouble, judgeResult, NO_TROUBLE, noteTrouble, type TaskFailure } from './judge.ts';
import { completeLoss } from './loss.ts';
import { adoptLife, beginLife, readLife, type Life, type LifeEnd } from './life.ts';
import { Meter, type SpokeProgress } from './progress.ts';
import type { ClaudeProcessOptions, Turn } from './options.ts';
import { GO_ON, recoverFrom, type Loss } from './recovery.ts';
import { Tail } from './tail.ts';

interface Message {
  text: string;
  /** Its conversation has heard it already, where it has one. */
  wasSent: boolean;
  resolve: (turn: Turn) => void;
}

type Phase = { kind: 'open' } | { kind: 'closing' } | { kind: 'ending'; failure: TaskFailure } | { kind: 'ended' };

const LINGER_MS = 5000;

/**
 * A `claude -p` with a conversation: turn after turn in one process, its standard output a file. When it is lost in the middle of
 * a turn it is started again with `--resume`, three times at most. Nothing that it has started outlives it.
 */
export class ClaudeProcess {
  readonly sessionId: string;
  readonly eventsFile: string;
  readonly #machine: Machine;
  readonly #options: ClaudeProcessOptions;
  readonly #mark: string;
  readonly #queue: Message[] = [];
  readonly #meter: Meter;
  readonly #done: Promise<void>;
  readonly #eventsFrom: number;
  #current: Message | undefined;
  #phase: Phase = { kind: 'open' };
  #life: Life | undefined;
  #trouble = NO_TROUBLE;
  #isInputOpen = false;
  /** When the last turn was over, by the clock that nobody moves. */
  #idleSinceMs: number | undefined;
  readonly #since: number;
  #stop: () => void = () => undefined;
  readonly #stopping = new Promise<void>((resolve) => (this.#stop = resolve));

  constructor(machine: Machine, options: ClaudeProcessOptions) {
    this.#machine = machine;
    this.#options = options;
    this.sessionId = options.sessionId ?? randomUUID();
    this.eventsFile = options.eventsFile ?? join(machine.home.tmp, `claude-${this.sessionId}.events.jsonl`);
    this.#mark = options.mark ?? this.sessionId;
    this.#meter = new Meter(options.knownUsd);
    this.#eventsFrom = options.adopt?.eventsFrom ?? machine.files.stat(this.eventsFile)?.size ?? 0;
    // What a dead one has left may be of any age.
    this.#since = options.adopt ? (options.adopt.identity?.start ?? 0) : machine.processes.now();
    // In a turn of its own, so that the caller's first message is there.
    this.#done = Promise.resolve().then(() => this.#conduct());
  }

  get progress(): SpokeProgress {
    return this.#meter.progress;
  }

  get pid(): number | undefined {
    return this.#life?.identity?.pid;
  }

  /**
   * Sends a message, when those before it have their results. `wasSent`: the session that is resumed has heard it, and is only told
   * to go on.
   */
  send(text: string, { wasSent = false } = {}): Promise<Turn> {
    return new Promise((resolve) => {
      if (this.#phase.kind === 'open') this.#queue.push({ text, wasSent, resolve });
      else resolve({ kind: 'lost', failure: this.#endFailure() });
      this.#deliver();
    });
  }

  /** Breaks the running turn off; its result says so, and the next message may follow. */
  interrupt(): void {
    this.#life?.write(interruptRequest(randomUUID()));
  }

  /** No more messages: it ends when those sent have their results. */
  close(): Promise<void> {
    if (this.#phase.kind === 'open') this.#phase = { kind: 'closing' };
    this.#deliver();
    return this.#done;
  }

  /** Ends it and all that it has started: TERM, then KILL. The turns that have no result by then have none. */
  async terminate(failure: TaskFailure = { class: 'other', message: 'it was terminated' }): Promise<void> {
    if (this.#phase.kind !== 'ended') this.#phase = { kind: 'ending', failure };
    this.#stop();
    await this.#endAll();
    await this.#done;
  }

  /** Its events from the first on, at the reader's pace. Ends when it has ended. */
  async *events(): AsyncGenerator<ClaudeEvent> {
    const tail = new Tail(this.#machine.files, this.eventsFile, this.#eventsFrom);
    for (;;) {
      const isOver = this.#phase.kind === 'ended';
      const { lines, isMore } = tail.read();
      for (const line of lines) yield parseEvent(line);
      if (lines.length === 0 && !isMore) {
        if (isOver) return;
        await this.#machine.clock.sleep(50);
      }
    }
  }

  async #conduct(): Promise<void> {
    const { adopt } = this.#options;
    let start: Start = this.#options.start ?? { kind: 'fresh' };
    // What is begun anew begins as a copy again, where it was one.
    const original: Start = start.kind === 'fork' ? start : { kind: 'fresh' };
    try {
      for (let losses = 0, isFirst = true; this.#isWanted(); isFirst = false) {
        if (!isFirst) await this.#endAll();
        // Whoever ended it meanwhile wants no other.
        if (!this.#isWanted()) break;
        const loss = await this.#live(isFirst && adopt ? adopt : start);
        if (!this.#isWanted() || loss === undefined) break;
        losses += 1;
        const recovery = recoverFrom(loss, losses);
        if (recovery.kind !== 'restart') {
          const message =
            recovery.kind === 'refused' ? recovery.said : `it ended ${String(recovery.times)} times in the middle of its work`;
          this.#phase = { kind: 'ending', failure: { class: recovery.kind, message } };
          break;
        }
        if (this.#options.isDisplaced?.() === true) {
          this.#phase = { kind: 'ending', failure: { class: 'displaced', message: 'somebody else works on it' } };
          break;
        }
        start = recovery.start.kind === 'fresh' ? original : recovery.start;
        if (start.kind !== 'resume') this.#meter.forget();
        await this.#machine.clock.sleepUnless(this.#stopping, recovery.delayMs);
      }
      await this.#endAll();
    } catch (error) {
      // A folder that is not there, a full disk.
      const message = error instanceof Error ? error.message : String(error);
      this.#phase = { kind: 'ending', failure: { class: 'other', message } };
      await this.#endAll().catch(() => {
        // The first failure is the one that is told.
      });
    } finally {
      const failure = this.#endFailure();
      this.#phase = { kind: 'ended' };
      for (const message of [this.#current, ...this.#queue.splice(0)]) message?.resolve({ kind: 'lost', failure });
      this.#current = undefined;
    }
  }

  /** Is there anything to run a process for? */
  #isWanted(): boolean {
    if (this.#phase.kind === 'open') return true;
    return this.#phase.kind === 'closing' && (this.#current !== undefined || this.#queue.length > 0);
  }

  /** One process, until its end; what was lost by it, where a turn was under way or more are to come. */
  async #live(how: Start | { identity: ProcessIdentity | undefined; eventsFrom: number }): Promise<Loss | undefined> {
    const saidFile = this.#options.stderrFile ?? `${this.eventsFile}.stderr`;
    const saidFrom = this.#machine.files.stat(saidFile)?.size ?? 0;
    const begins = 'kind' in how ? how.kind : 'resume';
    const loss: Loss = { begins, code: undefined, hasBegun: false, isUnknownSession: false, isSessionTaken: false, said: '' };
    this.#trouble = NO_TROUBLE;
    this.#idleSinceMs = undefined;
    const life = 'kind' in how ? this.#spawn(how, saidFile) : this.#adopt(how);
    this.#life = life;
    const end = await readLife(this.#machine, life, this.eventsFile, {
      onEvent: (event) => {
        this.#take(event, loss);
      },
      onPoll: () => {
        this.#endLinger();
      },
    });
    this.#isInputOpen = false;
    this.#life = undefined;
    return this.#lossOf(end, loss, saidFile, saidFrom);
  }

  #spawn(start: Start, stderr: string): Life {
    const { claude = 'claude', cwd = process.cwd(), onSpawning, onSpawned } = this.#options;
    const { files, env } = this.#machine;
    onSpawning?.({ sessionId: this.sessionId, start: start.kind, eventsFrom: files.stat(this.eventsFile)?.size ?? 0 });
    const life = beginLife(this.#machine, {
      file: claude,
      args: claudeArgs(this.#options, this.sessionId, start),
      cwd,
      env: claudeEnv(env, this.#options, this.#mark),
      stdout: this.eventsFile,
      stderr,
    });
    onSpawned?.({ identity: life.identity });
    this.#isInputOpen = true;
    this.#life = life;
    // What a lost process was at goes on in the conversation, where there is one.
    this.#current ??= this.#queue.shift();
    if (this.#current) this.#write(this.#current, start.kind === 'resume' && this.#current.wasSent);
    this.#deliver();
    return life;
  }

  #adopt({ identity, eventsFrom }: { identity: ProcessIdentity | undefined; eventsFrom: number }): Life {
    this.#current ??= this.#queue.shift();
    if (this.#current) this.#current.wasSent = true;
    return identity
      ? adoptLife(this.#machine, identity, eventsFrom)
      : { identity, eventsFrom, write: () => undefined, endInput: () => undefined, end: Promise.resolve({ kind: 'gone' }) };
  }

  /** Writes the next message where nothing is under way, and ends the input where none will follow. */
  #deliver(): void {
    if (!this.#life || !this.#isInputOpen) return;
    if (!this.#current) {
      this.#current = this.#queue.shift();
      if (this.#current) this.#write(this.#current, false);
    }
    if (this.#phase.kind === 'closing' && this.#queue.length === 0) {
      this.#life.endInput();
      this.#isInputOpen = false;
    }
  }

  #write(message: Message, isKnown: boolean): void {
    this.#life?.write(userMessage(isKnown ? GO_ON : message.text));
    message.wasSent = true;
    this.#idleSinceMs = undefined;
  }

  #take(event: ClaudeEvent, loss: Loss): void {
    this.#meter.add(event);
    this.#trouble = noteTrouble(this.#trouble, event, this.#machine.clock.now());
    if (event.kind === 'init') loss.hasBegun = true;
    if (event.kind === 'api-retry' && isAuthTrouble(event.error)) this.#giveUpOnLogin(event.error);
    if (event.kind === 'result') this.#settle(event.result, loss);
    try {
      this.#options.onEvent?.(event, this.progress);
    } catch {
      // Somebody else's mistake does not stop the reading.
    }
  }

  #settle(result: ClaudeResult, loss: Loss): void {
    if (result.isError && /^No conversation found with session ID/.test(result.text)) {
      loss.isUnknownSession = true;
      return;
    }
    const message = this.#current;
    this.#current = undefined;
    message?.resolve({ kind: 'result', result, failure: judgeResult(result, this.#trouble) });
    this.#trouble = NO_TROUBLE;
    this.#idleSinceMs = this.#machine.clock.elapsed();
    this.#deliver();
  }

  /** It would try for minutes, and every try is refused. */
  #giveUpOnLogin(error: string): void {
    const failure: TaskFailure = { class: 'auth', message: `the API refuses the login (${error})` };
    if (this.#phase.kind !== 'ended') this.#phase = { kind: 'ending', failure };
    void this.#endAll();
  }

  #endLinger(): void {
    const { lingerMs = LINGER_MS } = this.#options;
    if (this.#phase.kind !== 'closing' || this.#isWanted() || this.#idleSinceMs === undefined) return;
    if (this.#machine.clock.elapsed() - this.#idleSinceMs < lingerMs) return;
    this.#idleSinceMs = undefined;
    void this.#endAll();
  }

  #lossOf(end: LifeEnd, loss: Loss, saidFile: string, saidFrom: number): Loss | undefined {
    if (!this.#isWanted()) return undefined;
    if (end.kind !== 'missing') return completeLoss(this.#machine.files, loss, { end, saidFile, saidFrom });
    const message = `${this.#options.claude ?? 'claude'}: ${end.reason}`;
    this.#phase = { kind: 'ending', failure: { class: 'no-claude', message } };
    return undefined;
  }

  async #endAll(): Promise<void> {
    const { graceMs = GRACE_MS } = this.#options;
    await endAttempt(this.#machine, {
      isMeant: (mark) => mark === this.#mark,
      since: this.#since,
      spoke: this.#life?.identity,
      graceMs,
    });
  }

  #endFailure(): TaskFailure {
    return this.#phase.kind === 'ending' ? this.#phase.failure : { class: 'other', message: 'it has ended' };
  }
}
