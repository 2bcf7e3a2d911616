export interface CommandRequest {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** How a command ended; `code` is 128 + n after signal n. */
export type CommandEnd = { kind: 'ended'; code: number } | { kind: 'missing'; reason: string };

/** Runs a command in our place: it has our terminal and our standard streams, and our signals go to it. */
export interface Commands {
  run(request: CommandRequest): Promise<CommandEnd>;
}
