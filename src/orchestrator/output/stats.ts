import { addUsage, type Board, type Entry } from '../hub/board.ts';
import { NO_USAGE, roundUsd } from '../journal/records.ts';
import type { Branch } from '../workplace/branches.ts';
import { percentiles, type Percentiles } from './percentiles.ts';

/** orchestration-stats.json. Times in ms, money in US dollars; tokens, turns and costs are as Claude Code has told them. */
export interface Stats {
  run: string;
  devctl: string;
  end: 'finished' | 'interrupted' | 'halted';
  startedAt: string;
  endedAt: string;
  wallMs: number;
  concurrency: number;
  tasks: { total: number; completed: number; failed: number; skipped: number; cancelled: number; left: number };
  attempts: number;
  retries: number;
  turns: number;
  tokens: { input: number; output: number; cacheRead: number; cacheCreation: number };
  costUsd: number;
  /** Of the tasks that were completed, over all their attempts. */
  durationsMs: Percentiles;
  perTask: TaskStats[];
  branches: Branch[];
}

interface TaskStats {
  id: string;
  state: string;
  attempts: number;
  retries: number;
  turns: number;
  tokens: Stats['tokens'];
  costUsd: number;
  durationMs: number;
  session?: string;
  branch?: string;
  why?: string;
}

export interface StatsInput {
  run: string;
  devctl: string;
  end: Stats['end'];
  startedMs: number;
  endedMs: number;
  concurrency: number;
  board: Board;
  branches: Branch[];
}

/** Pure. */
export function makeStats({ board, startedMs, endedMs, run, devctl, end, concurrency, branches }: StatsInput): Stats {
  const entries = [...board.entries.values()];
  const total = entries.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE);
  const { done, failed, skipped, cancelled, waiting, ready, running } = board.counts;
  return {
    run,
    devctl,
    end,
    startedAt: new Date(startedMs).toISOString(),
    endedAt: new Date(endedMs).toISOString(),
    wallMs: endedMs - startedMs,
    concurrency,
    tasks: { total: entries.length, completed: done, failed, skipped, cancelled, left: waiting + ready + running },
    attempts: entries.reduce((sum, { attempts }) => sum + attempts, 0),
    retries: entries.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
    turns: total.turns,
    tokens: total.tokens,
    costUsd: roundUsd(total.costUsd),
    durationsMs: percentiles(entries.filter(({ state }) => state.kind === 'done').map(({ usage }) => usage.durationMs)),
    perTask: entries.map(taskStats),
    branches,
  };
}

function taskStats({ task, state, attempts, usage, session, branch }: Entry): TaskStats {
  return {
    id: task.id,
    state: state.kind,
    attempts,
    retries: Math.max(0, attempts - 1),
    turns: usage.turns,
    tokens: usage.tokens,
    costUsd: roundUsd(usage.costUsd),
    durationMs: usage.durationMs,
    ...(session === undefined ? {} : { session }),
    ...(branch === undefined ? {} : { branch }),
    ...whyOf(state),
  };
}

function whyOf(state: Entry['state']): { why?: string } {
  if (state.kind === 'failed') return { why: state.failure.message };
  return state.kind === 'skipped' ? { why: state.because } : {};
}
