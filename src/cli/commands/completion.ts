import { fail, ok } from '../../result.ts';
import type { CommandRun } from '../context.ts';

const SHELLS: readonly string[] = ['bash', 'zsh', 'fish'];

/** `devctl completion bash|zsh|fish`: the script; it asks `devctl complete -- words` for suggestions. */
export const run: CommandRun = async (_context, [shell = '']) => {
  if (!SHELLS.includes(shell))
    return fail({
      code: 'USAGE',
      what: `There is no completion for "${shell}"`,
      fix: SHELLS.map((name) => `devctl completion ${name}`),
    });
  const { printScript } = await import('../../lazy/completion.ts');
  printScript(shell);
  return ok({ exit: 0, schema: 'devctl.completion/1', data: {}, text: '', isPrinted: true });
};
