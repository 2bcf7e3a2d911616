import { join } from 'node:path';
import type { Files } from '../machine/files.ts';
import { statOf } from './scopes.ts';

/** What packages and tools put there, and nobody writes. */
const NOT_OURS: readonly string[] = ['node_modules', '.git', 'dist', 'build', 'coverage'];

/** Without git: all files below some places, and the folders that may not be read. A folder that links lead to once more is seen once. */
export function walk(files: Files, root: string, scopes: string[]): { found: string[]; unreadable: string[] } {
  const seen = new Set<string>();
  const found: string[] = [];
  const unreadable: string[] = [];
  const visit = (path: string) => {
    const stat = statOf(files, join(root, path));
    if (stat?.kind !== 'folder') {
      if (stat) found.push(path);
      // Its name is none that could be opened.
      else if (path.includes('\uFFFD')) unreadable.push(path);
      return;
    }
    if (seen.has(stat.id)) return;
    seen.add(stat.id);
    const names = listFolder(files, join(root, path));
    if (!names) unreadable.push(path);
    for (const name of names ?? []) if (!NOT_OURS.includes(name)) visit(path === '' ? name : `${path}/${name}`);
  };
  for (const scope of scopes.length === 0 ? [''] : scopes) visit(scope);
  return { found, unreadable };
}

function listFolder(files: Files, path: string): string[] | undefined {
  try {
    return files.list(path);
  } catch (error) {
    if (['EACCES', 'EPERM', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
