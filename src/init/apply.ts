import { dirname, join, resolve } from 'node:path';
import type { Problem } from '../failure.ts';
import type { Files } from '../machine/files.ts';
import type { Project } from '../project/project.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Change, Remembered } from './plan.ts';

/** What stands in one of the project's files. A problem where that cannot be changed as a text. */
export function readOne(files: Files, root: string, file: string): Result<string | undefined, Problem> {
  const wrong = (name: string, what: string) => fail<Problem>({ place: { file: name, line: 1, column: 1 }, what });
  const folder = dirname(file);
  const kind = files.stat(join(root, folder))?.kind;
  if (kind !== undefined && kind !== 'folder') return wrong(folder, 'it is no folder');
  try {
    const text = files.readText(join(root, file));
    return text?.includes('\uFFFD') === true ? wrong(file, 'it is not UTF-8') : ok(text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') return wrong(file, 'it is a folder');
    if (code === 'EACCES' || code === 'EPERM') return wrong(file, 'you may not read it');
    throw error;
  }
}

/** Writes the changes, each whole. A link stays one; what it leads to is written. */
export function applyChanges(files: Files, root: string, changes: Change[], known: Remembered[]): void {
  for (const { file, after } of changes) {
    const path = targetOf(files, join(root, file));
    if (after !== undefined) {
      files.makeFolder(dirname(path));
      files.writeShared(path, after);
      continue;
    }
    files.remove(path);
    if (known.find((one) => one.file === file)?.madeFolder ?? true) removeEmpty(files, dirname(join(root, file)), root);
  }
}

/** The folder, and those above it, where nothing is left in them. */
function removeEmpty(files: Files, folder: string, root: string): void {
  if (folder === root || files.list(folder).length > 0) return;
  files.remove(folder);
  removeEmpty(files, dirname(folder), root);
}

/** What a link leads to, also where nothing is there yet. */
function targetOf(files: Files, path: string, depth = 0): string {
  try {
    const target = files.readSymlink(path);
    return target === undefined || depth > 20 ? path : targetOf(files, resolve(dirname(path), target), depth + 1);
  } catch {
    // It is no link.
    return path;
  }
}

/** The same, with what must be known of the folders before anything is written. */
export function withFolders(files: Files, root: string, remembered: Remembered[], changes: Change[]): Remembered[] {
  return remembered.map((one) =>
    changes.some(({ file }) => file === one.file) && one.madeFolder === undefined
      ? { ...one, madeFolder: files.stat(dirname(join(root, one.file))) === undefined }
      : one,
  );
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
