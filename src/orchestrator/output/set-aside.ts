import { basename, join } from 'node:path';
import type { Files } from '../../machine/files.ts';
import type { OutputPaths } from './outputs.ts';

const PREVIOUS = 'previous';

/**
 * Makes room for another run: what the last one left of these tasks goes to `previous`, and what it had there goes. Nobody else's file
 * is touched; worktrees stay where they are.
 */
export function setAside(files: Files, paths: OutputPaths, tasks: string[]): void {
  const previous = join(paths.folder, PREVIOUS);
  const state = join(previous, basename(paths.state));
  // Only one that we have made.
  if (files.stat(state) !== undefined) files.remove(previous);
  files.makeFolder(state, { isPrivate: true });
  const theirs = tasks.flatMap((id) => [paths.result(id), paths.error(id), paths.events(id), paths.patch(id)]);
  const moved = [...theirs, paths.stats].filter((path) => files.stat(path) !== undefined);
  for (const path of moved) files.rename(path, join(previous, basename(path)));
  // The journal last: killed before that, there is a run still, and this is done once more.
  files.rename(paths.journal, join(state, basename(paths.journal)));
}
