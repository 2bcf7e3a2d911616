import { ok } from '../../result.ts';
import type { CommandRun } from '../context.ts';
import { rootFolder } from '../root-folder.ts';

/** `devctl mcp`: the same verbs for agents, as an MCP server on standard input and output. */
export const run: CommandRun = async (context) => {
  const { serveMcp } = await import('../../lazy/mcp.ts');
  await serveMcp({
    version: context.version,
    call: async ({ root, ...question }) => {
      if (root === undefined) return context.ask(context, question);
      const folder = rootFolder(context.machine, context.cwd, root);
      return folder.ok ? context.ask(context, { ...question, cwd: folder.value }) : folder;
    },
  });
  return ok({ exit: 0, schema: 'devctl.mcp/1', data: {}, text: '', isPrinted: true });
};
