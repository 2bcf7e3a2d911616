import { join, relative, resolve } from 'node:path';
import type { ToolRunner } from '../machine/tool-runner.ts';
import { withoutGitPlace } from '../project/environment.ts';
import { fail, ok, type Result } from '../result.ts';
import { portions } from './portions.ts';
import type { Listed } from './source.ts';

const TIMEOUT_MS = 60_000;

/** Why git cannot be asked: `refused` is for instance a repository of somebody else. */
export type NoGit = { kind: 'no-git' } | { kind: 'no-repository' } | { kind: 'refused'; why: string };

/** git, asked from a folder of its work tree. */
export class Git {
  readonly #tools: ToolRunner;
  readonly #root: string;
  readonly #top: string;
  readonly #env: Record<string, string>;

  private constructor(tools: ToolRunner, root: string, top: string, env: Record<string, string>) {
    this.#tools = tools;
    this.#root = root;
    this.#top = top;
    this.#env = env;
  }

  /** It fails where the folder is in no repository, or there is no git. */
  static async open(
    { tools, env }: { tools: ToolRunner; env: Record<string, string | undefined> },
    { root, cwd }: { root: string; cwd: string },
  ): Promise<Result<Git, NoGit>> {
    const own = gitEnvironment(env, cwd);
    const answer = await tools.runBeside({
      file: 'git',
      args: ['rev-parse', '--show-toplevel'],
      timeoutMs: TIMEOUT_MS,
      cwd: root,
      env: own,
    });
    if (answer.outcome === 'missing') return fail({ kind: 'no-git' });
    if (answer.outcome !== 'done' && !/not a git repository|must be run in a work tree/.test(answer.stderr))
      return fail({ kind: 'refused', why: answer.stderr.trim() });
    return answer.outcome === 'done'
      ? ok(new Git(tools, root, answer.stdout.replace(/\n$/, ''), own))
      : fail({ kind: 'no-repository' });
  }

  /** What git knows and what it would add, from the root. */
  async files(scopes: string[]): Promise<Result<string[]>> {
    const pathspecs = scopes.map((scope) => `:(literal)${scope === '' ? '.' : scope}`);
    const listed = await this.#list(['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--', ...pathspecs]);
    return listed.ok ? ok([...new Set(listed.value)]) : listed;
  }

  /** What is otherwise than where the branch has left the ref, and is there; also what git does not know yet. */
  async changedSince(ref: string): Promise<Result<string[]>> {
    const base = await this.#run(['merge-base', '--end-of-options', ref, 'HEAD']);
    if (base.outcome !== 'done')
      return fail({
        code: 'USAGE',
        what: `--since "${ref}" is no commit that HEAD has grown from`,
        why: base.stderr.trim(),
        fix: ['git branch --all', '--since main'],
      });
    const changed = await this.#list([
      'diff',
      '--name-only',
      '--no-ext-diff',
      '--relative',
      '-z',
      '--diff-filter=d',
      base.stdout.trim(),
      '--',
    ]);
    if (!changed.ok) return changed;
    const others = await this.#list(['ls-files', '--others', '--exclude-standard', '-z']);
    return others.ok ? ok([...new Set([...changed.value, ...others.value])]) : others;
  }

  /** What the next commit would add or change; regular files only. */
  async staged(): Promise<Result<string[]>> {
    const raw = await this.#list([
      'diff',
      '--cached',
      '--raw',
      '--no-ext-diff',
      '--no-renames',
      '--relative',
      '-z',
      '--diff-filter=d',
    ]);
    if (!raw.ok) return raw;
    if (raw.value.some((word, index) => index % 2 === 0 && / U$/.test(word)))
      return fail({
        code: 'USAGE',
        what: 'There are conflicts that are not resolved',
        why: 'what the next commit would be is not known',
        fix: ['git status'],
      });
    // ":100644 100755 1111111 2222222 M", then the path. Source: git-diff(1), "Raw output format".
    return ok(
      raw.value.flatMap((word, index) => (index % 2 === 1 && /^:\d+ 100/.test(raw.value[index - 1] ?? '') ? [word] : [])),
    );
  }

  /** The staged texts, for the files in the folder may have been changed since. */
  async copyStaged(paths: string[], folder: string): Promise<Result<Listed[]>> {
    for (const some of portions(paths)) {
      // Its paths count from the top of the work tree wherever it is run with a prefix.
      const words = some.map((path) => relative(this.#top, join(this.#root, path)));
      const answer = await this.#run(['checkout-index', '--force', '-z', `--prefix=${folder}/`, '--', ...words], this.#top);
      if (answer.outcome !== 'done') return fail(gitFailure(answer.stderr));
    }
    return ok(paths.map((path) => ({ path, at: join(folder, relative(this.#top, join(this.#root, path))) })));
  }

  async #list(args: string[]): Promise<Result<string[]>> {
    const answer = await this.#run(args);
    return answer.outcome === 'done' ? ok(answer.stdout.split('\0').slice(0, -1)) : fail(gitFailure(answer.stderr));
  }

  #run(args: string[], cwd = this.#root) {
    return this.#tools.runBeside({ file: 'git', args, timeoutMs: TIMEOUT_MS, cwd, env: this.#env });
  }
}

const gitFailure = (stderr: string) =>
  ({ code: 'TOOL_FAILED', tool: 'git', reason: stderr.trim() || 'it did not answer' }) as const;

/** Where a hook runs does not count, for we ask from the project; the index that it names does: a commit of some files has one of its own. */
function gitEnvironment(env: Record<string, string | undefined>, cwd: string): Record<string, string> {
  const index = env['GIT_INDEX_FILE'];
  return {
    ...withoutGitPlace(env),
    ...(index === undefined ? {} : { GIT_INDEX_FILE: resolve(cwd, index) }),
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
  };
}
