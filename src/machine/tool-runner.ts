/** What a short-lived tool (tmux, git, lsof, ps) answered. */
export interface ToolAnswer {
  stdout: string;
  stderr: string;
  outcome: 'done' | 'failed' | 'timed-out' | 'missing';
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
}
