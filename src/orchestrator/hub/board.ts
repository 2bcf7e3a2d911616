import { NO_USAGE, type JournalRecord, type Usage } from '../journal/records.ts';
import type { LeftAttempt } from '../executors/executor.ts';
import type { TaskFailure } from '../spoke/judge.ts';
import { addTokens } from '../spoke/progress.ts';
import { dependentsOf, reach } from '../tasks/graph.ts';
import type { Task } from '../tasks/task.ts';
import { ReadyQueue } from './ready-queue.ts';

export type TaskState =
  /** For tasks that it depends on. */
  | { kind: 'waiting' }
  /** `notBeforeMs`: since 1970. */
  | { kind: 'ready'; notBeforeMs: number }
  | { kind: 'running'; token: string; left: LeftAttempt }
  | { kind: 'done' }
  | { kind: 'failed'; failure: TaskFailure }
  | { kind: 'skipped'; because: string }
  | { kind: 'cancelled' };

export interface Entry {
  task: Task;
  index: number;
  state: TaskState;
  /** Failures that counted. */
  retries: number;
  attempts: number;
  /** Of Claude Code, from its first attempt on. */
  session: string | undefined;
  usage: Usage;
  branch: string | undefined;
}

export type StateName = TaskState['kind'];

/**
 * What is known of every task. It changes by journal records alone, so that a journal that is read again gives the same board.
 * No results are in it: they are files.
 */
export class Board {
  readonly entries = new Map<string, Entry>();
  readonly counts: Record<StateName, number> = { waiting: 0, ready: 0, running: 0, done: 0, failed: 0, skipped: 0, cancelled: 0 };
  #spentUsd = 0;
  readonly #ready = new ReadyQueue();
  readonly #dependents: Map<string, string[]>;

  constructor(tasks: Task[]) {
    this.#dependents = dependentsOf(tasks);
    tasks.forEach((task, index) => {
      const state: TaskState = { kind: 'waiting' };
      const fresh = { session: undefined, branch: undefined };
      this.entries.set(task.id, { task, index, state, retries: 0, attempts: 0, usage: NO_USAGE, ...fresh });
      this.counts.waiting += 1;
    });
    for (const entry of this.entries.values()) this.#release(entry);
  }

  /** Nothing runs and nothing can begin any more. */
  get isOver(): boolean {
    return this.counts.waiting + this.counts.ready + this.counts.running === 0;
  }

  get spentUsd(): number {
    return this.#spentUsd;
  }

  /** Which task begins next. */
  first(nowMs: number): Entry | undefined {
    const id = this.#ready.first(nowMs);
    return id === undefined ? undefined : this.entries.get(id);
  }

  nextMs(): number | undefined {
    return this.#ready.nextMs();
  }

  /** Those that can never begin because this one did not go well. */
  lostWith(id: string): string[] {
    return [...reach(id, (one) => this.#dependents.get(one) ?? [])].filter(
      (one) => this.entries.get(one)?.state.kind === 'waiting',
    );
  }

  apply(record: JournalRecord): void {
    if (record.kind === 'run') return;
    const entry = this.entries.get(record.task);
    // A task that is in the file no more, or an attempt that is not the current one.
    if (!entry || ('token' in record && record.kind !== 'attempt' && !isCurrent(entry, record.token))) return;
    const { state } = entry;
    switch (record.kind) {
      case 'attempt':
        entry.session = record.session;
        entry.attempts += 1;
        this.#set(entry, {
          kind: 'running',
          token: record.token,
          left: { beganMs: record.atMs, eventsFrom: undefined, spawned: undefined },
        });
        return;
      case 'spawning':
        if (state.kind === 'running')
          state.left = { ...state.left, eventsFrom: state.left.eventsFrom ?? record.eventsFrom, spawned: undefined };
        return;
      case 'spawned': {
        const { host, pid, start, world } = record;
        if (state.kind === 'running') state.left = { ...state.left, spawned: { host, pid, start, world } };
        return;
      }
      case 'retry':
        entry.retries += record.counts ? 1 : 0;
        this.#use(entry, record);
        this.#set(entry, { kind: 'ready', notBeforeMs: record.notBeforeMs });
        return;
      case 'put-back':
        this.#use(entry, record);
        this.#set(entry, { kind: 'ready', notBeforeMs: 0 });
        return;
      case 'done':
        this.#use(entry, record);
        this.#set(entry, { kind: 'done' });
        for (const id of this.#dependents.get(entry.task.id) ?? []) this.#releaseId(id);
        return;
      case 'failed':
        this.#use(entry, record);
        this.#set(entry, { kind: 'failed', failure: record.failure });
        return;
      case 'skipped':
        this.#set(entry, { kind: 'skipped', because: record.because });
        return;
      case 'cancelled':
        if (record.usage) this.#use(entry, { ...record, usage: record.usage });
        this.#set(entry, { kind: 'cancelled' });
        return;
      case 'reopened':
        entry.retries = 0;
        this.#set(entry, { kind: 'waiting' });
        this.#release(entry);
    }
  }

  #use(entry: Entry, { usage, branch }: { usage: Usage; branch?: string }): void {
    entry.usage = addUsage(entry.usage, usage);
    this.#spentUsd += usage.costUsd;
    entry.branch = branch ?? entry.branch;
  }

  #releaseId(id: string): void {
    const entry = this.entries.get(id);
    if (entry) this.#release(entry);
  }

  /** Ready, where all that it depends on is done. */
  #release(entry: Entry): void {
    if (entry.state.kind !== 'waiting') return;
    const isDone = (id: string) => this.entries.get(id)?.state.kind === 'done';
    if (entry.task.dependsOn.every(isDone)) this.#set(entry, { kind: 'ready', notBeforeMs: 0 });
  }

  #set(entry: Entry, state: TaskState): void {
    const { task, index } = entry;
    this.counts[entry.state.kind] -= 1;
    this.counts[state.kind] += 1;
    if (entry.state.kind === 'ready') this.#ready.remove(task.id);
    if (state.kind === 'ready') this.#ready.add({ id: task.id, priority: task.priority, index, notBeforeMs: state.notBeforeMs });
    entry.state = state;
  }
}

export function addUsage(one: Usage, other: Usage): Usage {
  return {
    costUsd: one.costUsd + other.costUsd,
    turns: one.turns + other.turns,
    tokens: addTokens(one.tokens, other.tokens),
    durationMs: one.durationMs + other.durationMs,
  };
}

function isCurrent({ state }: Entry, token: string): boolean {
  return state.kind === 'running' && state.token === token;
}
