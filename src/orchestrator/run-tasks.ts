import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import { underLock } from '../project/lock.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Executor } from './executors/executor.ts';
import { Board } from './hub/board.ts';
import { BREAKER_LIMITS } from './hub/breaker.ts';
import { Gate } from './hub/gate.ts';
import { Hub, type HubEnd, type HubWatcher } from './hub/hub.ts';
import { loadJournal, openJournal } from './journal/journal.ts';
import { JOURNAL_SCHEMA, type JournalRecord } from './journal/records.ts';
import { openOutputs, outputPaths, type OutputPaths } from './output/outputs.ts';
import { setAside } from './output/set-aside.ts';
import { makeStats, type Stats } from './output/stats.ts';
import { orderOf } from './tasks/graph.ts';
import type { Task, TaskFile } from './tasks/task.ts';
import { surveyBranches } from './workplace/branches.ts';
import { gitOf } from './workplace/git.ts';

/** What to do with what an earlier run has left. */
export type Intent = 'begin' | 'restart' | 'resume' | 'retry-failed';

export interface RunRequest {
  /** The task file's, as it was typed. */
  name: string;
  file: TaskFile;
  /** Where it was typed. */
  cwd: string;
  /** Absolute. */
  outputFolder: string;
  intent: Intent;
  concurrency: number;
  rampMs: number;
  version: string;
  openExecutor: (paths: OutputPaths) => Promise<Result<Executor>>;
  watcher: HubWatcher;
  /** The hub is at work; what it returns is called when the work is over. */
  onHub: (hub: Hub, paths: OutputPaths) => () => void;
}

export interface RunAnswer {
  end: HubEnd;
  stats: Stats;
}

/** How often other devctls' requests are looked for. */
const REQUESTS_MS = 200;
/** A hub is rid of its attempts within seconds: of more than these an earlier one has left nothing. */
const MAX_FORGOTTEN = 500;
/** Enough to set a dead hub's lock aside; a living one works for hours. */
const LOCK_MS = 500;

/** One run of a task file, from its lock to its statistics. */
export async function runTasks(machine: Machine, request: RunRequest): Promise<Result<RunAnswer>> {
  const { files } = machine;
  const paths = outputPaths(request.outputFolder);
  files.makeFolder(paths.folder, { isPrivate: true });
  files.createNew(join(paths.folder, '.gitignore'), '*\n');
  const done = await underLock(machine, { paths }, () => runUnderLock(machine, request, paths), LOCK_MS);
  return !done.ok && done.failure.code === 'BUSY' ? fail({ ...done.failure, folder: paths.folder }) : done;
}

async function runUnderLock(machine: Machine, request: RunRequest, paths: OutputPaths): Promise<Result<RunAnswer>> {
  // Before anything is set aside: without it there is no run.
  const opened = await request.openExecutor(paths);
  if (!opened.ok) return opened;
  const executor = opened.value;
  try {
    const board = new Board(request.file.tasks);
    const begun = beginRun(machine, request, paths, board);
    return begun.ok ? ok(await carryOut(machine, request, { paths, executor, board, begun: begun.value })) : begun;
  } finally {
    await executor.close();
  }
}

async function carryOut(
  machine: Machine,
  request: RunRequest,
  { paths, executor, board, begun }: { paths: OutputPaths; executor: Executor; board: Board; begun: Begun },
): Promise<RunAnswer> {
  const { files, clock } = machine;
  const { file, watcher, version, concurrency } = request;
  const { run, startedMs, abandoned } = begun;
  const journal = openJournal(files, paths.journal);
  try {
    if (abandoned) await executor.abandon(abandoned.run, abandoned.tokens);
    executor.forget(begun.over);
    for (const record of begun.fresh) {
      journal.write(record);
      board.apply(record);
    }
    const hub = new Hub({
      ...{ run, board, journal, executor, clock, watcher },
      outputs: openOutputs(files, paths),
      gate: new Gate({ concurrency, rampMs: request.rampMs, breaker: BREAKER_LIMITS }),
      budgetUsd: file.maxBudgetUsd,
      dangerouslySkipPermissions: file.dangerouslySkipPermissions,
    });
    const stopWatching = request.onHub(hub, paths);
    const requests = setInterval(() => {
      obeyRequests(machine, paths, hub);
    }, REQUESTS_MS);
    const end = await hub.run().finally(() => {
      clearInterval(requests);
      stopWatching();
    });
    const made = [...board.entries.values()].flatMap(({ task, branch }) =>
      branch === undefined ? [] : [{ task: task.id, branch }],
    );
    const branches = made.length === 0 ? [] : await surveyBranches(gitOf(machine), request.cwd, made);
    const stats = makeStats({
      run,
      devctl: version,
      end: end.kind,
      startedMs,
      endedMs: clock.now(),
      concurrency,
      board,
      branches,
    });
    files.writeAtomic(paths.stats, `${JSON.stringify(stats, undefined, 2)}\n`);
    return { end, stats };
  } finally {
    journal.close();
  }
}

interface Begun {
  run: string;
  /** One that was set aside before its end: what it has left is ended. */
  abandoned?: { run: string; tokens: string[] };
  startedMs: number;
  /** The last of its attempts that are over. */
  over: string[];
  /** Records to write before the hub begins. */
  fresh: JournalRecord[];
}

/** A new run, or the one that is there, on the board. */
function beginRun(
  machine: Machine,
  { intent, name, file, version, outputFolder }: RunRequest,
  paths: OutputPaths,
  board: Board,
): Result<Begun> {
  const { files, clock } = machine;
  const loaded = loadJournal(files, paths.journal);
  if (!loaded.ok && intent !== 'restart') return loaded;
  const records = loaded.ok ? loaded.value : [];
  const [first] = records;
  const atMs = clock.now();
  if (intent === 'resume' || intent === 'retry-failed') {
    if (first?.kind !== 'run')
      return fail({ code: 'USAGE', what: `There is no run in ${outputFolder}`, fix: ['devctl orchestrate FILE'] });
    for (const record of records) board.apply(record);
    const running = new Set(tokensOf(board));
    const over = records
      .flatMap((record) => (record.kind === 'attempt' && !running.has(record.token) ? [record.token] : []))
      .slice(-MAX_FORGOTTEN);
    return ok({ run: first.run, over, startedMs: first.atMs, fresh: intent === 'resume' ? [] : reopen(board, file.tasks, atMs) });
  }
  let abandoned: Begun['abandoned'];
  if (files.stat(paths.journal) !== undefined) {
    const before = new Board(file.tasks);
    for (const record of records) before.apply(record);
    if (intent === 'begin' && first !== undefined && !before.isOver)
      return fail({
        code: 'UNFINISHED_RUN',
        file: name,
        folder: outputFolder,
        done: before.counts.done,
        total: before.entries.size,
      });
    setAside(files, paths);
    if (first?.kind === 'run' && !before.isOver) abandoned = { run: first.run, tokens: tokensOf(before) };
  }
  const run = randomBytes(8).toString('hex');
  return ok({
    run,
    over: [],
    ...(abandoned ? { abandoned } : {}),
    startedMs: atMs,
    fresh: [{ kind: 'run', schema: JOURNAL_SCHEMA, run, devctl: version, atMs }],
  });
}

function tokensOf(board: Board): string[] {
  return [...board.entries.values()].flatMap(({ state }) => (state.kind === 'running' ? [state.token] : []));
}

/** Dependencies first: one that was killed in the middle of this leaves nobody waiting for one that has failed. */
function reopen(board: Board, tasks: Task[], atMs: number): JournalRecord[] {
  return orderOf(tasks)
    .filter((id) => ['failed', 'skipped', 'cancelled'].includes(board.entries.get(id)?.state.kind ?? ''))
    .map((task) => ({ kind: 'reopened', task, atMs }));
}

/** `devctl orchestrate FILE --cancel ID`, typed elsewhere. */
function obeyRequests({ files }: Machine, { cancels }: OutputPaths, hub: Hub): void {
  for (const id of files.list(cancels)) {
    files.remove(join(cancels, id));
    hub.cancel(id);
  }
}
