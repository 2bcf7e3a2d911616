import type { InitFacts } from './facts.ts';
import type { JsonFile } from './json-file.ts';

const SERVERS = {
  global: { type: 'stdio', command: 'devctl', args: ['mcp'] },
  // The server is started in the folder of the session. Source: measured, Claude Code 2.1.329.
  local: { type: 'stdio', command: './node_modules/.bin/devctl', args: ['mcp'] },
};

/** The MCP server, unless one of that name is there. */
export function putServer(json: JsonFile, install: InitFacts['install']): void {
  if (json.get(['mcpServers', 'devctl']) === undefined) json.set(['mcpServers', 'devctl'], SERVERS[install]);
}

export function takeServer(json: JsonFile, had: JsonFile | undefined): void {
  const server = JSON.stringify(json.get(['mcpServers', 'devctl']));
  const isOurs = Object.values(SERVERS).some((ours) => JSON.stringify(ours) === server);
  if (!isOurs || had?.get(['mcpServers', 'devctl']) !== undefined) return;
  json.remove(['mcpServers', 'devctl']);
  if (had?.get(['mcpServers']) === undefined) json.dropEmpty(['mcpServers']);
}
