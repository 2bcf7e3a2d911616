import type { JournalRecord } from './records.ts';

/** A run as its journal alone tells of it, whatever the task file says by now. */
export interface EarlierRun {
  run: string;
  startedMs: number;
  executor: string;
  /** Every task that it ever had. */
  tasks: string[];
  done: number;
  isOver: boolean;
  /** The tokens of attempts that are under way, by task. */
  running: Map<string, string>;
}

/** Pure. */
export function readEarlierRun(records: JournalRecord[]): EarlierRun | undefined {
  const [first] = records;
  if (first?.kind !== 'run') return undefined;
  const states = new Map<string, 'open' | 'done' | 'over'>(first.tasks.map((id) => [id, 'open']));
  const running = new Map<string, string>();
  for (const record of records) {
    if (record.kind === 'run' || record.kind === 'spawning' || record.kind === 'spawned') continue;
    if (record.kind === 'attempt') running.set(record.task, record.token);
    else running.delete(record.task);
    const isEnd = record.kind === 'failed' || record.kind === 'skipped' || record.kind === 'cancelled';
    states.set(record.task, record.kind === 'done' ? 'done' : isEnd ? 'over' : 'open');
  }
  const all = [...states.values()];
  return {
    run: first.run,
    startedMs: first.atMs,
    executor: first.executor,
    tasks: [...states.keys()],
    done: all.filter((state) => state === 'done').length,
    isOver: all.every((state) => state !== 'open'),
    running,
  };
}
