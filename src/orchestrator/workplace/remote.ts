import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Machine } from '../../machine/machine.ts';
import { fail, ok, type Result } from '../../result.ts';
import type { AttemptRequest } from '../executors/executor.ts';
import type { Git } from './git.ts';
import { inFolder, type FindWorkplace, type Left } from './workplace.ts';
import { branchFor, makeWorktrees } from './worktrees.ts';

/** A patch beyond that stays where it is. */
const MAX_PATCH_BYTES = 20 * 1024 * 1024;

/**
 * On a worker: a clone of the repository that the task names, at its ref, in a worktree of its own; without a repository, an
 * empty folder. What a task has changed goes back as a patch.
 */
export function remoteWorkplaces({ files }: Pick<Machine, 'files'>, git: Git, folder: string): FindWorkplace {
  return async (request) => {
    const { task, run } = request;
    const place = join(folder, 'work');
    if (task.repository === undefined) return scratch(files, join(place, run, task.id), request);
    const cloned = await fetchRepository(files, git, join(folder, 'repositories'), task.repository);
    if (!cloned.ok) return cloned;
    const commit = await resolveRef(git, cloned.value, task.ref ?? 'HEAD');
    if (!commit.ok) return fail(`${task.repository} has no ${task.ref ?? 'HEAD'}`);
    const worktrees = makeWorktrees(files, git, place);
    const made = await worktrees.open({ run, id: task.id, from: cloned.value, ref: commit.value });
    if (!made.ok) return made;
    const inside = inFolder(files, join(made.value.top, task.cwd ?? '.'));
    if (!inside.ok) return inside;
    return ok({
      ...inside.value,
      finish: async (how): Promise<Left> => {
        const branch = await made.value.finish(how);
        return how === 'failed' || branch === undefined
          ? {}
          : takePatch(git, cloned.value, commit.value, branchFor({ run, id: task.id }));
      },
    });
  };
}

function scratch(files: Machine['files'], cwd: string, { task }: AttemptRequest): ReturnType<FindWorkplace> {
  if (task.cwd !== undefined) return Promise.resolve(fail(`it names the folder ${task.cwd}, and no repository that it is in`));
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
  folder: string,
  repository: string,
): Promise<Result<string, string>> {
  files.makeFolder(folder, { isPrivate: true });
  const path = join(folder, `${createHash('sha256').update(repository).digest('hex').slice(0, 16)}.git`);
  if (files.stat(join(path, 'HEAD')) === undefined) {
    const made = await git(folder, 'init', '--quiet', '--bare', path);
    if (!made.ok) return made;
    await git(path, 'remote', 'add', 'origin', repository);
  }
  const fetched = await git(
    path,
    'fetch',
    '--quiet',
    '--tags',
    '--prune',
    'origin',
    '+refs/heads/*:refs/remotes/origin/*',
    '+HEAD:refs/devctl/head',
  );
  return fetched.ok ? ok(path) : fail(`${repository} cannot be fetched: ${fetched.failure}`);
}

async function resolveRef(git: Git, path: string, ref: string): Promise<Result<string, string>> {
  const names = ref === 'HEAD' ? ['refs/devctl/head'] : [`refs/remotes/origin/${ref}`, `refs/tags/${ref}`, ref];
  for (const name of names) {
    const found = await git(path, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`);
    if (found.ok) return found;
  }
  return fail(ref);
}

async function takePatch(git: Git, path: string, base: string, branch: string): Promise<Left> {
  const patch = await git(path, 'format-patch', '--stdout', '--binary', `${base}..${branch}`);
  if (!patch.ok || patch.value.length > MAX_PATCH_BYTES) return { branch };
  await git(path, 'branch', '--quiet', '-D', branch);
  return patch.value === '' ? {} : { patch: `${patch.value}\n` };
}

/** Where other machines find what is checked out here; nothing where this is no checkout, or has no origin. */
export async function originOf(
  git: Git,
  folder: string,
): Promise<Result<{ repository: string; ref: string } | undefined, string>> {
  const origin = await git(folder, 'remote', 'get-url', 'origin');
  const head = await git(folder, 'rev-parse', 'HEAD');
  if (!origin.ok || !head.ok) return ok(undefined);
  const pushed = await git(folder, 'branch', '--remotes', '--contains', head.value);
  if (!pushed.ok || pushed.value === '') return fail(`HEAD (${head.value.slice(0, 8)}) is not pushed to ${origin.value}`);
  return ok({ repository: origin.value, ref: head.value });
}
