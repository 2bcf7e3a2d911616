import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Failure } from '../failure.ts';
import type { Files, FileStat } from '../machine/files.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Selection } from './selection.ts';

/** Files and folders that were named, from the root; '' is the root. */
export function findScopes(files: Files, { root, cwd, paths, change }: Selection): Result<string[]> {
  const scopes: string[] = [];
  for (const word of paths) {
    if (word === '') return fail(usage('There is an empty path', 'a variable that is not set, perhaps'));
    const path = relative(root, resolve(cwd, word));
    if (path === '..' || path.startsWith('../') || isAbsolute(path))
      return fail({
        ...usage(`${word} lies outside of the project`, `which is ${root}`),
        fix: [`devctl --root ${word} validate`],
      });
    // What is staged may be gone from the folder.
    if (change.kind !== 'staged' && lookAt(files, join(root, path)) === undefined) return fail(usage(`There is no ${word}`));
    scopes.push(path);
  }
  return ok(scopes);
}

const usage = (what: string, why?: string): Failure & { code: 'USAGE' } => ({
  code: 'USAGE',
  what,
  ...(why === undefined ? {} : { why }),
  fix: ['devctl validate'],
});

/** What stands there. A link that leads to itself, or where one may not look: something that is no file. */
export function lookAt(files: Files, path: string): FileStat['kind'] | undefined {
  return statOf(files, path)?.kind;
}

export function statOf(files: Files, path: string): FileStat | undefined {
  try {
    return files.stat(path);
  } catch (error) {
    if (['ELOOP', 'EACCES', 'EPERM', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return { kind: 'other', size: 0, mtimeMs: 0, id: path };
    throw error;
  }
}
