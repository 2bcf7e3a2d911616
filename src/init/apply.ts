import { dirname, join } from 'node:path';
import type { Files } from '../machine/files.ts';
import type { Project } from '../project/project.ts';
import type { Change, Remembered } from './plan.ts';

/** Writes the changes, each whole; a folder that has become empty by a removal goes. */
export function applyChanges(files: Files, root: string, changes: Change[]): void {
  for (const { file, after } of changes) {
    const path = files.realpath(join(root, file)) ?? join(root, file);
    if (after !== undefined) {
      files.makeFolder(dirname(path));
      files.writeShared(path, after);
      continue;
    }
    files.remove(path);
    if (dirname(file) !== '.' && files.list(dirname(path)).length === 0) files.remove(dirname(path));
  }
}

const memoryOf = ({ paths }: Project): string => join(paths.state, 'init.json');

export function readRemembered(files: Files, project: Project): Remembered[] {
  try {
    const value: unknown = JSON.parse(files.readText(memoryOf(project)) ?? '[]');
    return Array.isArray(value) ? (value as Remembered[]) : [];
  } catch {
    return [];
  }
}

export function writeRemembered(files: Files, project: Project, remembered: Remembered[]): void {
  if (remembered.length === 0) {
    files.remove(memoryOf(project));
    return;
  }
  files.makeFolder(project.paths.state, { isPrivate: true });
  files.writeAtomic(memoryOf(project), `${JSON.stringify(remembered)}\n`);
}
