import { basename, dirname, join, resolve } from 'node:path';
import type { Files } from '../machine/files.ts';

/** A git checkout, as its files tell it: no git process is asked. Source: gitrepository-layout(5). */
export interface Checkout {
  /** The folder that holds `.git`. */
  top: string;
  /** This checkout's own git folder, with its HEAD. */
  gitFolder: string;
  /** The repository's git folder, which all its worktrees share. */
  commonFolder: string;
  /** The main checkout, or a worktree that `git worktree add` made beside it. */
  kind: 'main' | 'worktree';
}

/** The checkout that a folder lies in. */
export function findCheckout(files: Files, folder: string): Checkout | undefined {
  for (let top = folder; ; top = dirname(top)) {
    const path = join(top, '.git');
    const stat = files.stat(path);
    if (stat?.kind === 'folder') return { top, gitFolder: path, commonFolder: path, kind: 'main' };
    if (stat?.kind === 'file') return linkedCheckout(files, top, files.readText(path) ?? '');
    if (top === dirname(top)) return undefined;
  }
}

/** A file `.git` points to the git folder of a worktree, or to that of a submodule, which shares with nobody. */
function linkedCheckout(files: Files, top: string, text: string): Checkout | undefined {
  const target = /^gitdir: (.+)$/m.exec(text)?.[1];
  if (target === undefined) return undefined;
  const gitFolder = resolve(top, target);
  const shared = files.readText(join(gitFolder, 'commondir'))?.trim();
  if (shared === undefined) return { top, gitFolder, commonFolder: gitFolder, kind: 'main' };
  const common = resolve(gitFolder, shared);
  return { top, gitFolder, commonFolder: files.realpath(common) ?? common, kind: 'worktree' };
}

/** The branch that is checked out, or the first digits of a commit that is not on one. */
export function branchOf(files: Files, { gitFolder }: Checkout): string | undefined {
  const head = files.readText(join(gitFolder, 'HEAD'))?.trim();
  if (head === undefined || head === '') return undefined;
  return /^ref: refs\/heads\/(.+)$/.exec(head)?.[1] ?? head.slice(0, 8);
}

/** The main checkout of a worktree's repository; a bare repository has none. */
export function mainCheckout({ commonFolder }: Checkout): string | undefined {
  return basename(commonFolder) === '.git' ? dirname(commonFolder) : undefined;
}
