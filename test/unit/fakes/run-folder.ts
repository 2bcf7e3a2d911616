import type { Machine } from '../../../src/machine/machine.ts';
import { localExecutor } from '../../../src/orchestrator/executors/local.ts';
import type { Executor, Outcome } from '../../../src/orchestrator/executors/executor.ts';
import { readJournal } from '../../../src/orchestrator/journal/line.ts';
import type { Intent } from '../../../src/orchestrator/begin-run.ts';
import { runTasks, type RunRequest } from '../../../src/orchestrator/run-tasks.ts';
import type { TaskFailure } from '../../../src/orchestrator/spoke/judge.ts';
import type { Task } from '../../../src/orchestrator/tasks/task.ts';
import { ok } from '../../../src/result.ts';
import { FakeClock } from './clock.ts';
import { memoryFiles } from './memory-files.ts';
import { usage } from './records.ts';
import { makeTasks } from './tasks.ts';

export const JOURNAL = '/o/.devctl/journal.jsonl';

/** A folder for outputs, in which runs follow each other. */
export function folder() {
  const clock = new FakeClock();
  const files = memoryFiles();
  const list = files.list.bind(files);
  files.list = (path) => [...new Set(list(path).map((name) => name.split('/')[0] ?? ''))];
  const remove = files.remove.bind(files);
  files.remove = (path) => {
    for (const name of list(path)) remove(`${path}/${name}`);
    remove(path);
  };
  const rename = files.rename.bind(files);
  files.rename = (from, to) => {
    const inside = list(from);
    for (const name of inside) rename(`${from}/${name}`, `${to}/${name}`);
    if (inside.length === 0) rename(from, to);
  };
  const processes = {
    self: () => ({ pid: 50, start: 1 }),
    world: () => ({ bootId: 'boot', pidNamespace: 'pid:[1]' }),
    isAlive: ({ pid }: { pid: number }) => pid === 60,
    argv: () => ['node', 'devctl', 'orchestrate', 't.json'],
    ageSeconds: () => 7,
  };
  const machine = { files, clock, processes, env: {} } as unknown as Machine;
  const begun: string[] = [];
  const abandoned: { run: string; tokens: string[] }[] = [];

  /** Tasks that fail, and when the person interrupts. */
  const run = (
    tasks: Task[],
    intent: Intent,
    fails: Record<string, TaskFailure['class']> = {},
    over: Partial<RunRequest> = {},
  ) => {
    const local = localExecutor(machine, 'mock', ({ task: { id } }) => {
      begun.push(id);
      const kind = fails[id];
      const outcome: Outcome =
        kind === undefined
          ? { kind: 'done', text: `result of ${id}`, usage: usage({ turns: 1 }) }
          : { kind: 'failed', failure: { class: kind, message: 'no' }, usage: usage() };
      return { outcome: Promise.resolve(outcome), end: () => undefined };
    });
    const executor: Executor = {
      ...local,
      abandon: (id, tokens) => {
        abandoned.push({ run: id, tokens });
        return Promise.resolve();
      },
    };
    const none = { concurrency: undefined, maxBudgetUsd: undefined, notify: undefined };
    return clock.runUntil(
      runTasks(machine, {
        file: { tasks, outputDir: 'o', dangerouslySkipPermissions: false, ...none },
        ...{ name: 't.json', cwd: '/work', outputFolder: '/o', intent, concurrency: 1, rampMs: 0, version: '1.0.0' },
        openExecutor: () => Promise.resolve(ok(executor)),
        watcher: { onRecord: () => undefined, onProgress: () => undefined },
        onHub: () => () => undefined,
        ...over,
      }),
    );
  };
  const kinds = (path = JOURNAL) => {
    const read = readJournal(files.readText(path) ?? '');
    return read.kind === 'read'
      ? read.records.map((record) => ('task' in record ? `${record.kind} ${record.task}` : record.kind))
      : [];
  };
  return { clock, files, begun, abandoned, run, kinds };
}

export const TASKS = makeTasks({ id: 'a' }, { id: 'b', dependsOn: ['a'] });
/** Interrupts before the first begins. */
export const INTERRUPTED: Partial<RunRequest> = {
  onHub: (hub) => {
    hub.interrupt();
    return () => undefined;
  },
};
