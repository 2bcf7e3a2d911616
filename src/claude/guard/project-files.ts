import { dirname, join } from 'node:path';

/** What the guard reads of a project, by path; `undefined` where there is no such file. */
export type ReadText = (path: string) => string | undefined;

/** The scripts of a package.json; nothing where it is none. */
export function readScripts(readText: ReadText, folder: string): Record<string, string> | undefined {
  try {
    const value = JSON.parse(readText(join(folder, 'package.json')) ?? '') as { scripts?: Record<string, unknown> } | null;
    const scripts = Object.entries(value?.scripts ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return Object.fromEntries(scripts);
  } catch {
    return undefined;
  }
}

/** The folder whose package.json npm would take: the nearest from here upwards. Source: npm, folders(5). */
export function packageFolder(readText: ReadText, cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (readText(join(folder, 'package.json')) !== undefined) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** A workspace by its folder or by its name in a folder of that name. */
export function workspaceFolder(readText: ReadText, root: string, name: string): string | undefined {
  const base = name.split('/').at(-1) ?? name;
  return [name, base, `packages/${base}`, `apps/${base}`]
    .map((folder) => join(root, folder))
    .find((folder) => readText(join(folder, 'package.json')) !== undefined);
}
