import type { Machine } from '../../machine/machine.ts';
import { fail, ok, type Result } from '../../result.ts';

/** A checkout of a big repository, or its first fetch, takes minutes. */
const GIT_MS = 600_000;

export type Git = (cwd: string, ...args: string[]) => Promise<Result<string, string>>;

/** git, which is never asked by a hook or an editor, and asks nobody. */
export function gitOf({ tools, env }: Pick<Machine, 'tools' | 'env'>): Git {
  const quiet = { GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true', LC_ALL: 'C' };
  const defined = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return async (cwd, ...args) => {
    const answer = await tools.runBeside({ file: 'git', args, cwd, timeoutMs: GIT_MS, env: { ...defined, ...quiet } });
    if (answer.outcome === 'done') return ok(answer.stdout.trim());
    if (answer.outcome === 'missing') return fail('git is not installed');
    const said = answer.stderr.trim().split('\n').at(-1) ?? '';
    return fail(withoutSecrets(`git ${args[0] ?? ''}: ${said === '' ? answer.outcome : said}`));
  };
}

/** Tokens stand in the URLs of repositories. */
export const withoutSecrets = (text: string): string => text.replace(/:\/\/[^/\s@]*@/g, '://***@');
