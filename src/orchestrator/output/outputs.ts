import { join } from 'node:path';
import type { Files } from '../../machine/files.ts';
import type { TaskFailure } from '../spoke/judge.ts';

/** Where a run's files are. All are of mode 0600, for results hold code and more. */
export interface OutputPaths {
  folder: string;
  /** Everything that is not for people: the journal, the lock, requests of other devctls. */
  state: string;
  journal: string;
  lock: string;
  cancels: string;
  worktrees: string;
  stats: string;
  result: (id: string) => string;
  error: (id: string) => string;
  events: (id: string) => string;
  patch: (id: string) => string;
  stderr: (id: string) => string;
}

export function outputPaths(folder: string): OutputPaths {
  const state = join(folder, '.devctl');
  return {
    folder,
    state,
    journal: join(state, 'journal.jsonl'),
    lock: join(state, 'lock'),
    cancels: join(state, 'cancel'),
    worktrees: join(folder, 'worktrees'),
    stats: join(folder, 'orchestration-stats.json'),
    result: (id) => join(folder, `${id}.txt`),
    error: (id) => join(folder, `${id}.error.txt`),
    events: (id) => join(folder, `${id}.events.jsonl`),
    patch: (id) => join(folder, `${id}.patch`),
    stderr: (id) => join(state, `${id}.stderr`),
  };
}

/** What tasks leave behind. */
export interface Outputs {
  paths: OutputPaths;
  /** On the disk when it returns. */
  writeResult(id: string, text: string, patch?: string): void;
  writeError(id: string, failure: TaskFailure, attempts: number): void;
  readResult(id: string): string;
}

export function openOutputs(files: Files, paths: OutputPaths): Outputs {
  return {
    paths,
    writeResult: (id, text, patch) => {
      if (patch !== undefined) files.writeAtomic(paths.patch(id), Buffer.from(patch, 'base64'), { sync: true });
      files.writeAtomic(paths.result(id), text.endsWith('\n') || text === '' ? text : `${text}\n`, { sync: true });
      if (files.stat(paths.events(id)) !== undefined) files.sync(paths.events(id));
      files.sync(paths.folder);
      files.remove(paths.error(id));
    },
    writeError: (id, { class: kind, message }, attempts) => {
      const text = `${message}\n\n(${kind}; ${String(attempts)} attempt${attempts === 1 ? '' : 's'})\n`;
      files.writeAtomic(paths.error(id), text, { sync: true });
    },
    readResult: (id) => (files.readText(paths.result(id)) ?? '').replace(/\n$/, ''),
  };
}
