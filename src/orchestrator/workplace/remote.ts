import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Machine } from '../../machine/machine.ts';
import { underLock } from '../../project/lock.ts';
import { withoutSecrets } from '../../project/without-secrets.ts';
import { fail, ok, type Result } from '../../result.ts';
import type { AttemptRequest } from '../executors/executor.ts';
import type { Git } from './git.ts';
import { inFolder, noWorkplace, type FindWorkplace, type Left } from './workplace.ts';
import { branchFor, makeWorktrees } from './worktrees.ts';

/** A patch beyond that stays where it is. */
const MAX_PATCH_BYTES = 20 * 1024 * 1024;
/** Somebody else's first fetch of a big repository. */
const LOCK_MS = 600_000;

/**
 * On a worker: a clone of the repository that the task names, at its ref, in a worktree of its own; without a repository, an
 * empty folder. What a task has changed goes back as a patch. One at a time works on a clone, whichever worker it is of.
 */
export function remoteWorkplaces(machine: Machine, git: Git, folder: string): FindWorkplace {
  const { files } = machine;
  return async (request) => {
    const { task, run } = request;
    const place = join(folder, 'work');
    const { repository } = task;
    if (repository === undefined) return scratch(files, join(place, run, task.id), request);
    const clone = join(folder, 'repositories', `${createHash('sha256').update(repository).digest('hex').slice(0, 16)}.git`);
    const worktrees = makeWorktrees(files, git, place);
    const made = await alone(machine, clone, async () => {
      const fetched = await fetchRepository(files, git, clone, repository);
      if (!fetched.ok) return fetched;
      const commit = await resolveRef(git, clone, task.ref ?? 'HEAD');
      if (!commit.ok) return fail(`${withoutSecrets(repository)} has no ${task.ref ?? 'HEAD'}`);
      const opened = await worktrees.open({ run, id: task.id, from: clone, ref: commit.value });
      return opened.ok ? ok({ worktree: opened.value, commit: commit.value }) : opened;
    });
    // A network, somebody's lock: it may pass.
    if (!made.ok) return fail(noWorkplace(made.failure, { passes: true }));
    const { worktree, commit } = made.value;
    const inside = inFolder(files, join(worktree.top, task.cwd ?? '.'));
    if (!inside.ok) return inside;
    return ok({
      ...inside.value,
      finish: async (how): Promise<Left> => {
        const left = await alone(machine, clone, async () => {
          const branch = await worktree.finish(how);
          return ok(
            how === 'failed' || branch === undefined
              ? {}
              : await takePatch(files, git, clone, commit, branchFor({ run, id: task.id })),
          );
        });
        return left.ok ? left.value : {};
      },
    });
  };
}

async function alone<T>(machine: Machine, clone: string, work: () => Promise<Result<T, string>>): Promise<Result<T, string>> {
  const state = join(clone, '..');
  const done = await underLock(machine, { paths: { state, lock: `${clone}.lock` } }, async () => ok(await work()), LOCK_MS);
  return done.ok ? done.value : fail('somebody else works on its clone');
}

function scratch(files: Machine['files'], cwd: string, { task }: AttemptRequest): ReturnType<FindWorkplace> {
  if (task.cwd !== undefined)
    return Promise.resolve(fail(noWorkplace(`it names the folder ${task.cwd}, and no repository that it is in`)));
  files.makeFolder(cwd, { isPrivate: true });
  return Promise.resolve(
    ok({
      cwd,
      finish: (how) => {
        if (how === 'done') files.remove(cwd);
        return Promise.resolve({});
      },
    }),
  );
}

/** One clone for each repository, brought up to date for each attempt. */
async function fetchRepository(
  files: Machine['files'],
  git: Git,
  path: string,
  repository: string,
): Promise<Result<string, string>> {
  if (files.stat(join(path, 'HEAD')) === undefined) {
    const made = await git(join(path, '..'), 'init', '--quiet', '--bare', path);
    if (!made.ok) return made;
  }
  const named = await git(path, 'config', 'remote.origin.url', repository);
  if (!named.ok) return named;
  const heads = ['+refs/heads/*:refs/remotes/origin/*', '+HEAD:refs/devctl/head'];
  const fetched = await git(path, 'fetch', '--quiet', '--tags', '--prune', 'origin', ...heads);
  return fetched.ok ? fetched : fail(`${withoutSecrets(repository)} cannot be fetched: ${fetched.failure}`);
}

async function resolveRef(git: Git, path: string, ref: string): Promise<Result<string, string>> {
  const names = ref === 'HEAD' ? ['refs/devctl/head'] : [`refs/remotes/origin/${ref}`, `refs/tags/${ref}`, ref];
  for (const name of names) {
    const found = await git(path, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`);
    if (found.ok) return found;
  }
  return fail(ref);
}

/** Byte by byte: what a task has written need not be UTF-8. */
async function takePatch(files: Machine['files'], git: Git, path: string, base: string, branch: string): Promise<Left> {
  const file = `${path}.${branch.replace(/\W/g, '-')}.patch`;
  const written = await git(path, 'format-patch', '--binary', `--output=${file}`, `${base}..${branch}`);
  const size = files.stat(file)?.size ?? 0;
  const patch = size > MAX_PATCH_BYTES || size === 0 ? undefined : files.readSlice(file, 0, size).toString('base64');
  files.remove(file);
  if (!written.ok || size > MAX_PATCH_BYTES) return { branch };
  await git(path, 'branch', '--quiet', '-D', branch);
  return patch === undefined ? {} : { patch };
}

/** Where other machines find what is checked out here; nothing where this is no checkout, or has no origin. */
export async function originOf(
  git: Git,
  folder: string,
): Promise<Result<{ repository: string; ref: string } | undefined, string>> {
  const origin = await git(folder, 'remote', 'get-url', 'origin');
  const head = await git(folder, 'rev-parse', 'HEAD');
  if (!origin.ok || !head.ok) return ok(undefined);
  const pushed = await git(folder, 'branch', '--remotes', '--contains', head.value, '--list', 'origin/*');
  if (!pushed.ok || pushed.value === '')
    return fail(`HEAD (${head.value.slice(0, 8)}) is not pushed to ${withoutSecrets(origin.value)}`);
  return ok({ repository: origin.value, ref: head.value });
}
