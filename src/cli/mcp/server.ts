import { McpServer, type CallToolResult } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Result } from '../../result.ts';
import type { Answer, Flags } from '../context.ts';
import { wordFailure } from '../wording.ts';
import { boundData } from './bound.ts';
import { TOOLS, type ToolSpec } from './tools.ts';

export interface ToolCall {
  verb: string;
  args: string[];
  flags: Flags;
  root: string | undefined;
}

export interface McpRequest {
  version: string;
  /** Runs one verb of the program, which prints nothing. */
  call: (call: ToolCall) => Promise<Result<Answer>>;
}

const INSTRUCTIONS = `devctl runs this project's services (web server, bundler, workers) from its Procfile.
Start them with "start" (safe at any time; it returns when they are ready, or with the reason and the log lines), read them with "status" and "logs", end them with "stop". Never start a server yourself and never kill by name or port.
In another worktree or project give its folder as "root": this server keeps the folder that it was started in.`;

/** Serves the tools on standard input and output until the input ends; standard output carries nothing but the protocol. */
export async function serveMcp(request: McpRequest): Promise<void> {
  const handle = serveStdio(() => makeServer(request));
  await new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, resolve);
  });
  await handle.close();
}

function makeServer({ version, call }: McpRequest): McpServer {
  const server = new McpServer({ name: 'devctl', title: 'devctl', version }, { instructions: INSTRUCTIONS });
  for (const tool of TOOLS) {
    const { name, title, description, input, output, hints, isAlwaysLoaded, toCall } = tool;
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: input,
        ...(output ? { outputSchema: output } : {}),
        annotations: { ...hints, openWorldHint: false },
        // Source: measured, Claude Code 2.1.329.
        ...(isAlwaysLoaded ? { _meta: { 'anthropic/alwaysLoad': true } } : {}),
      },
      async (given: Record<string, unknown>) => {
        const root = typeof given['root'] === 'string' ? given['root'] : undefined;
        return toResult(tool, await call({ verb: name, root, ...toCall(given) }));
      },
    );
  }
  return server;
}

/** An error's text is all that the model sees of it: it holds the fix. */
function toResult({ output }: ToolSpec, result: Result<Answer>): CallToolResult {
  if (!result.ok) {
    const { what, why, fix } = wordFailure(result.failure);
    return { isError: true, content: [{ type: 'text', text: [what, ...why, ...fix.map((line) => `fix: ${line}`)].join('\n') }] };
  }
  const { text, data } = result.value;
  const content: CallToolResult['content'] = [{ type: 'text', text }];
  return output ? { content, structuredContent: boundData(data as Record<string, unknown>) } : { content };
}
