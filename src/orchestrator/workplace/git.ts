import type { Machine } from '../../machine/machine.ts';
import { withoutGitPlace } from '../../project/environment.ts';
import { withoutSecrets } from '../../project/without-secrets.ts';
import { fail, ok, type Result } from '../../result.ts';

/** A checkout of a big repository, or its first fetch, takes minutes. */
const GIT_MS = 600_000;

export type Git = (cwd: string, ...args: string[]) => Promise<Result<string, string>>;

/** A person's hooks judge a person's commits. */
export const NO_HOOKS: readonly string[] = ['-c', 'core.hooksPath=/dev/null'];

/** git in a folder, whatever repository the caller is at work in; it asks nobody for anything. */
export function gitOf({ tools, env }: Pick<Machine, 'tools' | 'env'>): Git {
  const quiet = { GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true', LC_ALL: 'C' };
  return async (cwd, ...args) => {
    const answer = await tools.runBeside({
      file: 'git',
      args,
      cwd,
      timeoutMs: GIT_MS,
      env: { ...withoutGitPlace(env), ...quiet },
    });
    if (answer.outcome === 'done') return ok(answer.stdout.trim());
    if (answer.outcome === 'missing') return fail('git is not installed');
    const said = answer.stderr.trim().split('\n').at(-1) ?? '';
    const verb = args.find((word) => /^[a-z]/.test(word) && !word.includes('=')) ?? '';
    return fail(withoutSecrets(`git ${verb}: ${said === '' ? answer.outcome : said}`));
  };
}
