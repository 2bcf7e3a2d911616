/** What a short-lived tool (tmux, git, lsof, ps) answered. */
export interface ToolAnswer {
  stdout: string;
  stderr: string;
  /** `killed`: by a signal that was not ours. */
  outcome: 'done' | 'failed' | 'timed-out' | 'missing' | 'killed';
  exitCode: number;
}

export interface ToolRequest {
  file: string;
  args: string[];
  timeoutMs: number;
  cwd?: string;
  /** The whole environment; the caller's where absent. */
  env?: Record<string, string>;
}

/** Runs a tool to its end, or to its timeout, with pipes of its own: never with ours. */
export interface ToolRunner {
  run(request: ToolRequest): Promise<ToolAnswer>;
  /** The same while everything else goes on; for tools that start no server. */
  runBeside(request: ToolRequest): Promise<ToolAnswer>;
}
