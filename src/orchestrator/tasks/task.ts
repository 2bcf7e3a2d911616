/** One `claude -p` request, as a task file asks for it. Times are in ms. */
export interface Task {
  id: string;
  /** With the results of other tasks still to be filled in. */
  prompt: string;
  /** Lower goes first. */
  priority: number;
  dependsOn: string[];
  /** So many attempts may fail for a reason that can pass, before the task fails. */
  maxRetries: number;
  timeoutMs: number;
  /** From the folder where `devctl orchestrate` was typed, or from the repository's top. */
  cwd: string | undefined;
  /** It works in a git worktree of its own, on a branch of its own. */
  worktree: boolean;
  env: Record<string, string>;
  model: string | undefined;
  maxTurns: number | undefined;
  maxBudgetUsd: number | undefined;
  allowedTools: string[];
  permissionMode: PermissionMode | undefined;
  /** A session of an earlier `claude`, whose conversation goes on here. */
  resumeFrom: string | undefined;
  /** Where another machine finds the code. */
  repository: string | undefined;
  ref: string | undefined;
}

/** Source: `claude --help`, 2.1.329. */
export const PERMISSION_MODES = ['default', 'acceptEdits', 'auto', 'bypassPermissions', 'dontAsk', 'manual', 'plan'] as const;
export type PermissionMode = (typeof PERMISSION_MODES)[number];

/** Who is told at the end. */
export type Notify = { kind: 'command'; command: string } | { kind: 'webhook'; url: string };

/** A whole task file. */
export interface TaskFile {
  tasks: Task[];
  /** At once; from the machine where absent. */
  concurrency: number | undefined;
  /** As it is written; from the folder where `devctl orchestrate` was typed. */
  outputDir: string;
  /** Of all tasks together. */
  maxBudgetUsd: number | undefined;
  dangerouslySkipPermissions: boolean;
  notify: Notify | undefined;
}

export const TASK_DEFAULTS = {
  priority: 100,
  maxRetries: 3,
  timeoutMs: 600_000,
  outputDir: '.orchestrator-output',
} as const;
