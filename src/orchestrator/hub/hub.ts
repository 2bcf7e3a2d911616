import { randomUUID } from 'node:crypto';
import type { Clock } from '../../machine/clock.ts';
import type { AttemptObserver, AttemptRequest, Executor, LeftAttempt, Outcome, RunningAttempt } from '../executors/executor.ts';
import type { Journal } from '../journal/journal.ts';
import { NO_USAGE, roundUsd, type JournalRecord } from '../journal/records.ts';
import type { Outputs } from '../output/outputs.ts';
import type { ClaudeEvent } from '../spoke/events.ts';
import type { TaskFailure } from '../spoke/judge.ts';
import type { SpokeProgress } from '../spoke/progress.ts';
import { fillIn } from '../tasks/template.ts';
import type { Board, Entry } from './board.ts';
import type { Gate } from './gate.ts';
import { steadyClock } from './steady-clock.ts';
import { verdictOn } from './verdict.ts';

export interface HubParts {
  run: string;
  board: Board;
  journal: Pick<Journal, 'write'>;
  outputs: Pick<Outputs, 'writeResult' | 'writeError' | 'readResult'>;
  executor: Executor;
  clock: Clock;
  gate: Gate;
  budgetUsd: number | undefined;
  dangerouslySkipPermissions: boolean;
  random?: () => number;
  watcher: HubWatcher;
}

/** Who looks on: a table, a metric, an event stream. */
export interface HubWatcher {
  onRecord(record: JournalRecord): void;
  onProgress(id: string, progress: SpokeProgress): void;
}

/** How the hub's work came to its end. `halted`: nobody gets through, and nothing more was tried. */
export type HubEnd = { kind: 'finished' } | { kind: 'interrupted' } | { kind: 'halted'; failure: TaskFailure };

type Phase =
  | { kind: 'open' }
  | { kind: 'draining' }
  | { kind: 'ending' }
  | { kind: 'halted'; failure: TaskFailure }
  /** Nothing can be written down any more: a full disk, say. */
  | { kind: 'broken'; error: unknown };

/** A look around when nothing wakes us: a clock that somebody moved. */
const MAX_WAIT_MS = 1000;
const BEGINS_AT_ONCE = 50;
/** Claude Code wants a budget above 0. */
const LEAST_USD = 0.01;

/**
 * Owns the graph: hands out tasks whose dependencies are done, and records one result for each. Whatever it decides is in the
 * journal before anything follows from it.
 */
export class Hub {
  readonly board: Board;
  readonly gate: Gate;
  readonly #parts: HubParts;
  readonly #clock: Clock;
  readonly #running = new Map<string, RunningAttempt>();
  readonly #cancelled = new Set<string>();
  #phase: Phase = { kind: 'open' };
  #wake: () => void = () => undefined;

  constructor(parts: HubParts) {
    this.#parts = parts;
    this.#clock = steadyClock(parts.clock);
    this.board = parts.board;
    this.gate = parts.gate;
  }

  get running(): number {
    return this.#running.size;
  }

  get isConnected(): boolean {
    return this.#parts.executor.isConnected();
  }

  get isDraining(): boolean {
    return this.#phase.kind !== 'open';
  }

  /** Throws what kept it from writing its journal or a result, when all that ran has ended. */
  async run(): Promise<HubEnd> {
    this.#safely(() => {
      this.#goOn();
    });
    for (let looks = 0; ; looks += 1) {
      const waitMs = this.#safely(() => this.#step(this.#clock.now())) ?? (this.#running.size === 0 ? undefined : Infinity);
      if (waitMs === undefined) break;
      // Thousands that begin at once let others have a turn.
      if (waitMs === 0 && looks % BEGINS_AT_ONCE === 0) await this.#clock.sleep(0);
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      if (waitMs > 0) await this.#clock.sleepUnless(woken, Math.min(waitMs, MAX_WAIT_MS));
    }
    switch (this.#phase.kind) {
      case 'halted':
        return { kind: 'halted', failure: this.#phase.failure };
      case 'draining':
      case 'ending':
        return this.board.isOver ? { kind: 'finished' } : { kind: 'interrupted' };
      case 'broken':
        throw this.#phase.error;
      case 'open':
        return { kind: 'finished' };
    }
  }

  /** Where an earlier hub was; it may have been killed before it had said who is lost, or the file has new tasks. */
  #goOn(): void {
    for (const entry of this.board.entries.values())
      if (entry.state.kind === 'running') this.#pickUp(entry, entry.state.token, entry.state.left);
    for (const entry of this.board.entries.values()) this.#skipLostWith(entry);
  }

  /** Where something cannot be written down, all is ended. */
  #safely<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (this.#phase.kind !== 'broken') this.#phase = { kind: 'broken', error };
      this.#endAll();
      return undefined;
    }
  }

  /** The first time lets what runs come to its end; the second time ends it. */
  interrupt(): 'draining' | 'ending' {
    if (this.#phase.kind === 'open') {
      this.#phase = { kind: 'draining' };
      this.#parts.executor.withdraw();
      this.#wake();
      return 'draining';
    }
    if (this.#phase.kind === 'draining') this.#phase = { kind: 'ending' };
    this.#endAll();
    return 'ending';
  }

  /** Ends one task, or keeps it from beginning. */
  cancel(id: string): 'cancelled' | 'over' | 'unknown' {
    return this.#safely(() => this.#cancel(id)) ?? 'unknown';
  }

  #cancel(id: string): 'cancelled' | 'over' | 'unknown' {
    const entry = this.board.entries.get(id);
    if (!entry) return 'unknown';
    switch (entry.state.kind) {
      case 'running':
        this.#cancelled.add(id);
        this.#running.get(id)?.end();
        return 'cancelled';
      case 'waiting':
      case 'ready':
        this.#record({ kind: 'cancelled', task: id, atMs: this.#clock.now() });
        this.#skipLostWith(entry);
        this.#wake();
        return 'cancelled';
      case 'done':
      case 'failed':
      case 'skipped':
      case 'cancelled':
        return 'over';
    }
  }

  /** Begins one where that may be; how long to wait until the next look, and nothing when all is over. */
  #step(nowMs: number): number | undefined {
    this.#skipBeyondBudget();
    const runs = this.#running.size;
    if (this.#phase.kind !== 'open') return runs === 0 ? undefined : Infinity;
    if (this.board.isOver) return undefined;
    const closedMs = this.gate.closedMs(runs, nowMs);
    if (closedMs > 0) return closedMs;
    const entry = this.board.first(nowMs);
    if (!entry)
      return runs > 0 && this.board.counts.ready === 0 ? Infinity : Math.max(1, (this.board.nextMs() ?? Infinity) - nowMs);
    this.#begin(entry, nowMs);
    return 0;
  }

  #begin(entry: Entry, nowMs: number): void {
    const token = randomUUID();
    const session = entry.session ?? randomUUID();
    const resumes = entry.session !== undefined;
    this.#record({ kind: 'attempt', task: entry.task.id, token, session, resumes, atMs: nowMs });
    this.gate.begin(token, nowMs);
    this.#start(entry, { token, session, resumes }, undefined);
  }

  /** What an earlier hub has begun goes on where it is. */
  #pickUp(entry: Entry, token: string, left: LeftAttempt): void {
    this.#start(entry, { token, session: entry.session ?? randomUUID(), resumes: entry.attempts > 1 }, left);
  }

  #start(entry: Entry, attempt: Pick<AttemptRequest, 'token' | 'session' | 'resumes'>, left: LeftAttempt | undefined): void {
    const { run, outputs, executor, budgetUsd, dangerouslySkipPermissions } = this.#parts;
    const { id } = entry.task;
    const request: AttemptRequest = {
      ...attempt,
      run,
      task: entry.task,
      prompt: fillIn(entry.task.prompt, (name) => outputs.readResult(name)),
      knownUsd: entry.usage.costUsd,
      budgetUsd: budgetUsd === undefined ? undefined : roundUsd(Math.max(LEAST_USD, budgetUsd - this.board.spentUsd)),
      dangerouslySkipPermissions,
    };
    const running = executor.begin(request, this.#observe(id, attempt.token), left);
    this.#running.set(id, running);
    void running.outcome
      .catch((error: unknown): Outcome => ({
        kind: 'failed',
        failure: { class: 'other', message: String(error) },
        usage: NO_USAGE,
      }))
      .then((outcome) => {
        this.#running.delete(id);
        this.#safely(() => {
          this.#settle(entry, attempt.token, outcome);
        });
        this.#wake();
      });
  }

  #observe(task: string, token: string): AttemptObserver {
    return {
      onSpawning: (eventsFrom) => {
        this.#safely(() => {
          this.#record({ kind: 'spawning', task, token, eventsFrom });
        });
      },
      onSpawned: (spawned) => {
        this.#safely(() => {
          this.#record({ kind: 'spawned', task, token, ...spawned });
        });
      },
      onProgress: (progress) => {
        this.#parts.watcher.onProgress(task, progress);
      },
      onEvent: (event) => {
        this.#hear(event);
      },
    };
  }

  /** What one spoke hears of the API's limits holds for all. */
  #hear(event: ClaudeEvent): void {
    const nowMs = this.#clock.now();
    if (event.kind === 'api-retry' && event.error === 'rate_limit') this.#slowDown(nowMs, nowMs + event.delayMs);
    if (event.kind === 'rate-limit' && event.status === 'rejected') this.#slowDown(nowMs, event.resetsAtMs);
  }

  #slowDown(nowMs: number, retryAtMs: number | undefined): void {
    this.gate.slowDown(nowMs, retryAtMs);
    this.#parts.executor.slowDown(this.gate.pausedUntilMs);
  }

  #settle(entry: Entry, token: string, outcome: Outcome): void {
    const { outputs, random = Math.random } = this.#parts;
    const { id } = entry.task;
    const nowMs = this.#clock.now();
    if (entry.state.kind !== 'running' || entry.state.token !== token) return;
    this.gate.end(token, outcome, nowMs);
    const isCancelled = this.#cancelled.delete(id);
    const { record, halts } = verdictOn({ entry, token, outcome, isCancelled, nowMs, random: random() });
    if (outcome.kind === 'done') outputs.writeResult(id, outcome.text, outcome.patch);
    if (outcome.kind === 'failed' && outcome.failure.class === 'rate-limit') this.#slowDown(nowMs, outcome.failure.retryAtMs);
    if (record.kind === 'failed') outputs.writeError(id, record.failure, entry.attempts);
    this.#record(record);
    this.#skipLostWith(entry);
    if (!halts) return;
    if (this.#phase.kind !== 'halted') this.#phase = { kind: 'halted', failure: halts };
    this.#endAll();
  }

  /** Nobody who depends on it can begin any more. */
  #skipLostWith({ task: { id }, state }: Entry): void {
    if (state.kind !== 'failed' && state.kind !== 'cancelled' && state.kind !== 'skipped') return;
    const because = state.kind === 'failed' ? `"${id}" has failed` : `"${id}" was ${state.kind}`;
    for (const task of this.board.lostWith(id)) this.#record({ kind: 'skipped', task, because, atMs: this.#clock.now() });
  }

  #skipBeyondBudget(): void {
    const { budgetUsd } = this.#parts;
    if (budgetUsd === undefined || this.board.spentUsd < budgetUsd || this.#phase.kind !== 'open') return;
    const because = `the budget of ${String(budgetUsd)} USD is spent`;
    for (const { task, state } of this.board.entries.values())
      if (state.kind === 'ready' || state.kind === 'waiting')
        this.#record({ kind: 'skipped', task: task.id, because, atMs: this.#clock.now() });
  }

  #endAll(): void {
    for (const running of this.#running.values()) running.end();
    this.#wake();
  }

  #record(record: JournalRecord): void {
    this.#parts.journal.write(record);
    this.board.apply(record);
    this.#parts.watcher.onRecord(record);
  }
}
