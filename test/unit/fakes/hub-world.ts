import type {
  AttemptObserver,
  AttemptRequest,
  Executor,
  LeftAttempt,
  Outcome,
} from '../../../src/orchestrator/executors/executor.ts';
import { Board } from '../../../src/orchestrator/hub/board.ts';
import { BREAKER_LIMITS } from '../../../src/orchestrator/hub/breaker.ts';
import { Gate, type GateOptions } from '../../../src/orchestrator/hub/gate.ts';
import { Hub, type HubEnd } from '../../../src/orchestrator/hub/hub.ts';
import type { JournalRecord } from '../../../src/orchestrator/journal/records.ts';
import type { TaskFailure } from '../../../src/orchestrator/spoke/judge.ts';
import type { Task } from '../../../src/orchestrator/tasks/task.ts';
import { FakeClock } from './clock.ts';
import { usage } from './records.ts';

/** How an attempt goes. */
export interface Plan {
  /** How long it takes; 10 by default. */
  ms?: number;
  /** A failure's class, or all of it; it goes well by default. */
  failure?: TaskFailure['class'] | TaskFailure | undefined;
  usd?: number;
  text?: string;
  /** At its begin. */
  act?: (observer: AttemptObserver) => void;
  /** There is no outcome, but a bug. */
  rejects?: boolean;
  /** Its outcome when it is ended; that it was ended, by default. */
  atEnd?: TaskFailure['class'];
}

export interface Begun {
  request: AttemptRequest;
  left: LeftAttempt | undefined;
  /** Since the world began. */
  atMs: number;
}

export interface WorldOptions extends Partial<GateOptions> {
  budgetUsd?: number;
  random?: () => number;
  /** The n-th attempt (from 1) of a task in this world. */
  plan?: (id: string, nth: number) => Plan;
  /** What an earlier hub has written. */
  records?: JournalRecord[];
  /** What it has left in files. */
  results?: Map<string, string>;
  clock?: FakeClock;
  /** Before a record counts. */
  onWrite?: (record: JournalRecord) => void;
}

/** A hub with an executor, a clock and a journal of our own. */
export function hubWorld(tasks: Task[], options: WorldOptions = {}) {
  const {
    plan = (): Plan => ({}),
    records: earlier = [],
    results = new Map<string, string>(),
    clock = new FakeClock(),
  } = options;
  const { concurrency = 10, rampMs = 0, breaker = BREAKER_LIMITS } = options;
  const board = new Board(tasks);
  for (const record of earlier) board.apply(record);
  const records: JournalRecord[] = [];
  const begun: Begun[] = [];
  const errors = new Map<string, { failure: TaskFailure; attempts: number }>();
  const slowed: number[] = [];
  const state = { running: 0, peak: 0, withdrawals: 0 };

  const executor: Executor = {
    kind: 'mock',
    begin: (request, observer, left) => {
      const { id } = request.task;
      const beganMs = clock.elapsed();
      begun.push({ request, left, atMs: beganMs });
      state.running += 1;
      state.peak = Math.max(state.peak, state.running);
      const nth = begun.filter((one) => one.request.task.id === id).length;
      const { ms = 10, failure, usd = 0, text = `result of ${id}`, act, atEnd, rejects } = plan(id, nth);
      const used = () => usage({ costUsd: usd, turns: 1, durationMs: clock.elapsed() - beganMs });
      const failed = (one: TaskFailure['class'] | TaskFailure): Outcome => ({
        kind: 'failed',
        failure: typeof one === 'string' ? { class: one, message: `${one} of ${id}` } : one,
        usage: used(),
      });
      observer.onSpawning(7);
      observer.onSpawned({ host: 'h', pid: 100 + begun.length, start: 5, world: 'w' });
      act?.(observer);
      let end: () => void = () => undefined;
      const outcome = new Promise<Outcome>((resolve, reject) => {
        end = () => {
          resolve(atEnd === undefined ? { kind: 'ended', usage: used() } : failed(atEnd));
        };
        void clock.sleep(ms).then(() => {
          if (rejects === true) reject(new Error('a bug'));
          resolve(failure === undefined ? { kind: 'done', text, usage: used() } : failed(failure));
        });
      }).finally(() => {
        state.running -= 1;
      });
      return { outcome, end };
    },
    slowDown: (untilMs) => slowed.push(untilMs),
    isConnected: () => true,
    forget: () => undefined,
    withdraw: () => {
      state.withdrawals += 1;
    },
    abandon: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };

  const hub = new Hub({
    run: 'run',
    board,
    journal: {
      write: (record) => {
        options.onWrite?.(record);
        records.push(record);
      },
    },
    outputs: {
      writeResult: (id, text) => results.set(id, text),
      writeError: (id, failure, attempts) => errors.set(id, { failure, attempts }),
      readResult: (id) => results.get(id) ?? '',
    },
    executor,
    clock,
    gate: new Gate({ concurrency, rampMs, breaker }),
    budgetUsd: options.budgetUsd,
    dangerouslySkipPermissions: false,
    random: options.random ?? (() => 1),
    watcher: { onRecord: () => undefined, onProgress: () => undefined },
  });

  return {
    hub,
    board,
    clock,
    records,
    begun,
    results,
    errors,
    slowed,
    get peak() {
      return state.peak;
    },
    /** How often the executor was asked to give back what nobody works on. */
    get withdrawals() {
      return state.withdrawals;
    },
    /** "a 0", "b 10": who began, and when. */
    begins: () => begun.map(({ request, atMs }) => `${request.task.id} ${String(atMs)}`),
    /** How each task stands. */
    states: () =>
      Object.fromEntries(
        [...board.entries].map(
          ([
            id,
            {
              state: { kind },
            },
          ]) => [id, kind],
        ),
      ),
    /** Then, by the clock. */
    at: (ms: number, act: () => void) => void clock.sleep(ms).then(act),
    run: (): Promise<HubEnd> => clock.runUntil(hub.run()),
  };
}
