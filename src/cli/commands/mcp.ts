import { fail, ok, type Result } from '../../result.ts';
import { toFailure } from '../../system-failure.ts';
import { LOADERS } from '../command-loaders.ts';
import type { Answer, CommandRun, Context } from '../context.ts';
import type { ToolCall } from '../mcp/server.ts';
import { rootFolder } from '../root-folder.ts';
import { wordFailure, type Words } from '../wording.ts';

/** `devctl mcp`: the same verbs for agents, as an MCP server on standard input and output. */
export const run: CommandRun = async (context) => {
  const { serveMcp } = await import('../../lazy/mcp.ts');
  await serveMcp({ version: context.version, call: (call) => runTool(context, call) });
  return ok({ exit: 0, schema: 'devctl.mcp/1', data: {}, text: '', isPrinted: true });
};

/** One verb, as if it were typed in that folder by somebody without a terminal. */
async function runTool(context: Context, { verb, args, flags, root }: ToolCall): Promise<Result<Answer, Words>> {
  const folder = root === undefined ? ok(context.cwd) : rootFolder(context.machine, context.cwd, root);
  if (!folder.ok) return fail(wordFailure(folder.failure));
  const quiet: Context = {
    ...context,
    cwd: folder.value,
    words: [verb, ...args],
    terminal: { ...context.terminal, isWatched: false, canAsk: false },
    json: true,
    print: () => undefined,
    say: () => undefined,
  };
  try {
    const command = await LOADERS[verb]?.();
    const result = await command?.run(quiet, args, flags);
    if (!result) throw new Error(`no verb ${verb}`);
    return result.ok ? result : fail(wordFailure(result.failure));
  } catch (error) {
    const failure = toFailure(error);
    if (!failure) throw error;
    return fail(wordFailure(failure));
  }
}
