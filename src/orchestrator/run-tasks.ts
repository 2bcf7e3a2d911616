import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';
import { underLock } from '../project/lock.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Executor } from './executors/executor.ts';
import { Board } from './hub/board.ts';
import { BREAKER_LIMITS } from './hub/breaker.ts';
import { Gate } from './hub/gate.ts';
import { Hub, type HubEnd, type HubWatcher } from './hub/hub.ts';
import { beginRun, type Begun, type Intent } from './begin-run.ts';
import { openJournal } from './journal/journal.ts';
import { openOutputs, outputPaths, type OutputPaths } from './output/outputs.ts';
import { makeStats, type Stats } from './output/stats.ts';
import type { TaskFile } from './tasks/task.ts';
import { surveyBranches } from './workplace/branches.ts';
import { gitOf } from './workplace/git.ts';

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
/** Enough to set a dead hub's lock aside; a living one works for hours. */
const LOCK_MS = 500;

/** One run of a task file, from its lock to its statistics. */
export async function runTasks(machine: Machine, request: RunRequest): Promise<Result<RunAnswer>> {
  const { files } = machine;
  const paths = outputPaths(request.outputFolder);
  const place = claimFolder(files, paths, request.cwd);
  if (!place.ok) return place;
  const done = await underLock(machine, { paths }, () => runUnderLock(machine, request, paths), LOCK_MS);
  return !done.ok && done.failure.code === 'BUSY' ? fail({ ...done.failure, folder: paths.folder }) : done;
}

/** A folder of our own: what is in it is moved, and removed, by the names of tasks. */
function claimFolder(files: Machine['files'], { folder, state }: OutputPaths, cwd: string): Result<void> {
  const isAround = cwd === folder || cwd.startsWith(`${folder === '/' ? '' : folder}/`);
  // Another devctl may have begun this very moment.
  const inside = files.list(folder).filter((name) => name !== '.gitignore');
  const isTheirs = files.stat(state) === undefined && inside.length > 0;
  if (isAround || isTheirs)
    return fail({
      code: 'USAGE',
      what: `${folder} cannot hold the outputs`,
      why: isAround
        ? 'it is the folder that devctl was typed in, or one around it'
        : 'there is something in it that is not devctl’s',
      fix: ['outputDir: .orchestrator-output'],
    });
  if (files.stat(folder) === undefined) files.makeFolder(folder, { isPrivate: true });
  files.createNew(join(folder, '.gitignore'), '*\n');
  return ok(undefined);
}

async function runUnderLock(machine: Machine, request: RunRequest, paths: OutputPaths): Promise<Result<RunAnswer>> {
  // Before anything is set aside: without it there is no run.
  const opened = await request.openExecutor(paths);
  if (!opened.ok) return opened;
  const executor = opened.value;
  try {
    const board = new Board(request.file.tasks);
    const begun = beginRun(machine, request, { paths, board, executor: executor.kind });
    return begun.ok ? ok(await carryOut(machine, request, { paths, executor, board, begun: begun.value })) : begun;
  } finally {
    await executor.close();
  }
}

/** Asked for while nobody was there to hear it. */
function forgetRequests({ files }: Pick<Machine, 'files'>, { cancels }: OutputPaths): void {
  files.remove(cancels);
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
    forgetRequests(machine, paths);
    const hub = new Hub({
      ...{ run, board, journal, executor, clock, watcher },
      outputs: openOutputs(files, paths),
      gate: new Gate({ concurrency, rampMs: request.rampMs, breaker: BREAKER_LIMITS }),
      budgetUsd: file.maxBudgetUsd,
      dangerouslySkipPermissions: file.dangerouslySkipPermissions,
    });
    const stopWatching = request.onHub(hub, paths);
    const requests = setInterval(() => {
      try {
        obeyRequests(machine, paths, hub);
      } catch {
        // A disk that cannot be written: the hub says so when it writes next.
      }
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

/** `devctl orchestrate FILE --cancel ID`, typed elsewhere. */
function obeyRequests({ files }: Machine, { cancels }: OutputPaths, hub: Hub): void {
  for (const id of files.list(cancels)) {
    files.remove(join(cancels, id));
    hub.cancel(id);
  }
}
