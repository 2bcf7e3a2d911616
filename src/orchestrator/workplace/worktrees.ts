import { dirname, join } from 'node:path';
import type { Files } from '../../machine/files.ts';
import { fail, ok, type Result } from '../../result.ts';
import { NO_HOOKS, type Git } from './git.ts';

export interface WorktreeRequest {
  run: string;
  id: string;
  /** A folder of the repository. */
  from: string;
  /** Where its branch begins. */
  ref: string;
}

export interface Worktree {
  top: string;
  finish: (how: 'done' | 'failed') => Promise<string | undefined>;
}

/** Git worktrees of tasks, each on a branch of its own. */
export interface Worktrees {
  open(request: WorktreeRequest): Promise<Result<Worktree, string>>;
}

/** Enough to tell the runs of one folder apart. */
const shortRun = ({ run }: Pick<WorktreeRequest, 'run'>): string => run.slice(0, 8);
export const branchFor = (request: Pick<WorktreeRequest, 'run' | 'id'>): string => `devctl/${shortRun(request)}/${request.id}`;

/** Below that folder. One is made at a time: git locks what they share. */
export function makeWorktrees(files: Files, git: Git, folder: string): Worktrees {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    open: (request) =>
      inTurn(async () => {
        const top = join(folder, shortRun(request), request.id);
        const made = await add(files, git, top, request);
        if (!made.ok) return made;
        return ok({ top, finish: (how) => inTurn(() => close(files, git, top, how, request)) });
      }),
  };
}

/** A later attempt goes on in what the earlier one has left. */
async function add(files: Files, git: Git, top: string, request: WorktreeRequest): Promise<Result<unknown, string>> {
  if (files.stat(join(top, '.git')) !== undefined) return ok(undefined);
  const branch = branchFor(request);
  const inside = await git(request.from, 'rev-parse', '--git-dir');
  if (!inside.ok) return fail(`a worktree needs a git repository: ${inside.failure}`);
  // Of a folder that somebody removed by hand.
  await git(request.from, 'worktree', 'prune');
  const isThere = (await git(request.from, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`)).ok;
  return isThere
    ? git(request.from, ...NO_HOOKS, 'worktree', 'add', '--quiet', top, branch)
    : git(request.from, ...NO_HOOKS, 'worktree', 'add', '--quiet', '--no-track', '-b', branch, top, request.ref);
}

/**
 * Done: what is not committed yet is, the folder goes and the branch stays, or goes as well where nothing is on it. Failed:
 * all stays as it is.
 */
async function close(
  files: Files,
  git: Git,
  top: string,
  how: 'done' | 'failed',
  request: WorktreeRequest,
): Promise<string | undefined> {
  const branch = branchFor(request);
  if (how === 'failed') return branch;
  const dirty = await git(top, 'status', '--porcelain');
  if (!dirty.ok) return branch;
  if (dirty.value !== '') {
    const isSaved = (await git(top, 'add', '--all')).ok && (await commit(git, top, request.id)).ok;
    // Then the folder is the only place where the work is.
    if (!isSaved) return branch;
  }
  // It may have gone to a branch of its own, or to none.
  const head = await git(top, 'rev-parse', 'HEAD');
  const own = await git(top, 'rev-parse', `refs/heads/${branch}`);
  if (!head.ok || (head.value !== (own.ok ? own.value : '') && !(await git(top, 'branch', '--force', branch, head.value)).ok))
    return branch;
  const commits = await git(request.from, 'rev-list', '--count', `${request.ref}..${branch}`);
  const removed = await git(request.from, 'worktree', 'remove', '--force', top);
  if (removed.ok && files.list(dirname(top)).length === 0) files.remove(dirname(top));
  if (!commits.ok || commits.value !== '0' || !removed.ok) return branch;
  await git(request.from, 'branch', '--quiet', '-D', branch);
  return undefined;
}

/** In the person's name; where git knows none, in ours. No hooks: they judge a person's commits. */
async function commit(git: Git, top: string, id: string): Promise<Result<string, string>> {
  const words = ['commit', '--quiet', '--no-verify', '--no-gpg-sign', '--message', `devctl: task ${id}`];
  const known = await git(top, 'config', 'user.email');
  const name = known.ok ? [] : ['-c', 'user.name=devctl', '-c', 'user.email=devctl@localhost'];
  return git(top, ...NO_HOOKS, ...name, ...words);
}
