export interface CommandRequest {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** How a command ended; `code` is 128 + n after signal n. */
export type CommandEnd = { kind: 'ended'; code: number } | { kind: 'missing'; reason: string };

export interface RunningCommand {
  /** `undefined` where it could not be started. */
  pid: number | undefined;
  end: Promise<CommandEnd>;
}

/** Runs a command in our place: it has our terminal and our standard streams, and our signals go to it. */
export interface Commands {
  run(request: CommandRequest): RunningCommand;
  /** Whoever started us wants us deaf to these: `nohup`. */
  ignored: readonly NodeJS.Signals[];
  /** Every executable of that name on a PATH, the first one first. */
  locate(name: string, path: string): string[];
  isExecutable(path: string): boolean;
  /** Runs the command if we end without having dismissed it: killed, say. Costs a waiting `sh`. */
  afterUs(command: string[]): { dismiss: () => void };
  /** Stops us as Ctrl-Z does, where a shell waits for us on a terminal; returns when we are continued. */
  suspendSelf(): void;
  /** Calls this before a Ctrl-Z of the terminal stops us. */
  onSuspend(act: () => void): void;
}
