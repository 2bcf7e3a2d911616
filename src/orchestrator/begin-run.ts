import { randomBytes } from 'node:crypto';
import type { Machine } from '../machine/machine.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Executor } from './executors/executor.ts';
import type { Board } from './hub/board.ts';
import { readEarlierRun, type EarlierRun } from './journal/earlier-run.ts';
import { loadJournal } from './journal/journal.ts';
import { JOURNAL_SCHEMA, type JournalRecord } from './journal/records.ts';
import type { OutputPaths } from './output/outputs.ts';
import { setAside } from './output/set-aside.ts';
import { orderOf } from './tasks/graph.ts';
import type { Task, TaskFile } from './tasks/task.ts';

/** What to do with what an earlier run has left. */
export type Intent = 'begin' | 'restart' | 'resume' | 'retry-failed';

export interface BeginRequest {
  intent: Intent;
  /** The task file's, as it was typed. */
  name: string;
  file: TaskFile;
  version: string;
  outputFolder: string;
}

export interface Begun {
  run: string;
  /** What nobody goes on with is ended. */
  abandoned: { run: string; tokens: string[] } | undefined;
  startedMs: number;
  /** The last of its attempts that are over. */
  over: string[];
  /** Records to write before the hub begins. */
  fresh: JournalRecord[];
}

interface Place {
  paths: OutputPaths;
  /** Where what is known of the run is put. */
  board: Board;
  executor: Executor['kind'];
}

/** A hub is rid of its attempts within seconds: of more than these an earlier one has left nothing. */
const MAX_FORGOTTEN = 500;

/** A new run, or the one that is there. */
export function beginRun(machine: Machine, request: BeginRequest, place: Place): Result<Begun> {
  const { intent } = request;
  const loaded = loadJournal(machine.files, place.paths.journal);
  if (!loaded.ok && intent !== 'restart') return loaded;
  const records = loaded.ok ? loaded.value : [];
  const earlier = readEarlierRun(records);
  return intent === 'resume' || intent === 'retry-failed'
    ? goOn(machine, request, place, { earlier, records })
    : beginAnew(machine, request, place, earlier);
}

function goOn(
  { clock }: Pick<Machine, 'clock'>,
  { intent, file, outputFolder }: BeginRequest,
  { board, executor }: Place,
  { earlier, records }: { earlier: EarlierRun | undefined; records: JournalRecord[] },
): Result<Begun> {
  if (!earlier) return fail({ code: 'USAGE', what: `There is no run in ${outputFolder}`, fix: ['devctl orchestrate FILE'] });
  // What another executor has under way this one cannot take up.
  if (earlier.running.size > 0 && earlier.executor !== executor)
    return fail({
      code: 'USAGE',
      what: `Tasks of this run are under way by another executor (${earlier.executor}, not ${executor})`,
      fix: [earlier.executor === 'redis' ? '--redis URL' : `CLAUDE_EXECUTOR_MODE=${earlier.executor}`],
    });
  for (const record of records) board.apply(record);
  const gone = [...earlier.running].filter(([task]) => !board.entries.has(task)).map(([, token]) => token);
  const running = new Set(earlier.running.values());
  const over = records.flatMap((record) => (record.kind === 'attempt' && !running.has(record.token) ? [record.token] : []));
  return ok({
    run: earlier.run,
    abandoned: leftOf(earlier.run, gone),
    over: over.slice(-MAX_FORGOTTEN),
    startedMs: earlier.startedMs,
    fresh: intent === 'resume' ? [] : reopen(board, file.tasks, clock.now()),
  });
}

function beginAnew(
  { files, clock }: Machine,
  { intent, name, file, version, outputFolder }: BeginRequest,
  { paths, executor }: Place,
  earlier: EarlierRun | undefined,
): Result<Begun> {
  if (intent === 'begin' && earlier && !earlier.isOver)
    return fail({ code: 'UNFINISHED_RUN', file: name, folder: outputFolder, done: earlier.done, total: earlier.tasks.length });
  if (files.stat(paths.journal) !== undefined) setAside(files, paths, earlier?.tasks ?? []);
  const atMs = clock.now();
  const run = randomBytes(8).toString('hex');
  const tasks = file.tasks.map(({ id }) => id);
  return ok({
    run,
    abandoned: earlier && leftOf(earlier.run, [...earlier.running.values()]),
    over: [],
    startedMs: atMs,
    fresh: [{ kind: 'run', schema: JOURNAL_SCHEMA, run, devctl: version, executor, tasks, atMs }],
  });
}

const leftOf = (run: string, tokens: string[]): Begun['abandoned'] => (tokens.length === 0 ? undefined : { run, tokens });

/** Dependencies first: one that was killed in the middle of this leaves nobody waiting for one that has failed. */
function reopen(board: Board, tasks: Task[], atMs: number): JournalRecord[] {
  return orderOf(tasks)
    .filter((id) => ['failed', 'skipped', 'cancelled'].includes(board.entries.get(id)?.state.kind ?? ''))
    .map((task) => ({ kind: 'reopened', task, atMs }));
}
