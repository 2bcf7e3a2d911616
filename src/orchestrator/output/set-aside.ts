import { basename, join } from 'node:path';
import type { Files } from '../../machine/files.ts';
import type { OutputPaths } from './outputs.ts';

const PREVIOUS = 'previous';

/** Makes room for another run: what the last one left goes to `previous`, and what was there goes. Worktrees stay where they are. */
export function setAside(files: Files, paths: OutputPaths): void {
  const previous = join(paths.folder, PREVIOUS);
  files.remove(previous);
  files.makeFolder(previous, { isPrivate: true });
  // The journal first: without it the rest is no run any more.
  const state = join(previous, basename(paths.state));
  files.makeFolder(state, { isPrivate: true });
  files.rename(paths.journal, join(state, basename(paths.journal)));
  const stays = new Set([PREVIOUS, basename(paths.state), basename(paths.worktrees), '.gitignore']);
  for (const name of files.list(paths.folder).filter((one) => !stays.has(one)))
    files.rename(join(paths.folder, name), join(previous, name));
}
