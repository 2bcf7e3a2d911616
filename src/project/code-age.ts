import { join } from 'node:path';
import type { Files } from '../machine/files.ts';
import { findCheckout } from './git.ts';

/** When the code last changed under a running service, and by what. */
export interface CodeChange {
  atMs: number;
  what: string;
}

const LOCKFILES: readonly string[] = [
  'package-lock.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'Gemfile.lock',
  'poetry.lock',
  'uv.lock',
  'Pipfile.lock',
  'Cargo.lock',
  'go.sum',
  'composer.lock',
  'mix.lock',
];
const TAIL_BYTES = 2048;

/** The last commit, checkout or pull (by git's own log of HEAD: no git process), or the last change of a lockfile; whichever is later. */
export function lastCodeChange(files: Files, root: string): CodeChange | undefined {
  const changes = LOCKFILES.flatMap((name): CodeChange[] => {
    const stat = files.stat(join(root, name));
    return stat ? [{ atMs: stat.mtimeMs, what: name }] : [];
  });
  const head = lastHeadMove(files, root);
  if (head) changes.push(head);
  return changes.sort((a, b) => b.atMs - a.atMs)[0];
}

/** Source: gitrepository-layout(5), logs; a line is "old new Name <mail> seconds zone<TAB>action". */
function lastHeadMove(files: Files, root: string): CodeChange | undefined {
  const checkout = findCheckout(files, root);
  const log = checkout && join(checkout.gitFolder, 'logs', 'HEAD');
  const size = log ? (files.stat(log)?.size ?? 0) : 0;
  if (!log || size === 0) return undefined;
  const from = Math.max(0, size - TAIL_BYTES);
  const line =
    files
      .readSlice(log, from, size - from)
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .at(-1) ?? '';
  const match = /> (\d+) [+-]\d{4}\t(\w+)/.exec(line);
  return match ? { atMs: Number(match[1]) * 1000, what: match[2] ?? 'commit' } : undefined;
}
