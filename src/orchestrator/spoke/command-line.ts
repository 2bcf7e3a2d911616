import { callerVariables, withoutGitPlace } from '../../project/environment.ts';
import type { PermissionMode } from '../tasks/task.ts';

/** What a `claude -p` is told beside its prompt. */
export interface ClaudeWishes {
  model?: string | undefined;
  maxTurns?: number | undefined;
  maxBudgetUsd?: number | undefined;
  allowedTools?: string[] | undefined;
  permissionMode?: PermissionMode | undefined;
  dangerouslySkipPermissions?: boolean | undefined;
  /** Beside the caller's. */
  env?: Record<string, string> | undefined;
}

/** With which conversation a process begins. */
export type Start =
  | { kind: 'fresh' }
  | { kind: 'resume' }
  /** A copy of another session, under our own id. */
  | { kind: 'fork'; from: string };

/** Its words. Prompts go through its standard input, where no `ps` shows them and no limit cuts them. Pure. */
export function claudeArgs(wishes: ClaudeWishes, sessionId: string, start: Start): string[] {
  const { allowedTools = [], model, maxTurns, maxBudgetUsd, permissionMode } = wishes;
  return [
    '-p',
    // A list that takes all words up to the next option.
    ...(allowedTools.length === 0 ? [] : ['--allowedTools', ...allowedTools]),
    ...['--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'],
    ...sessionWords(sessionId, start),
    ...(model === undefined ? [] : ['--model', model]),
    ...(maxTurns === undefined ? [] : ['--max-turns', String(maxTurns)]),
    ...(maxBudgetUsd === undefined ? [] : ['--max-budget-usd', String(maxBudgetUsd)]),
    ...(permissionMode === undefined ? [] : ['--permission-mode', permissionMode]),
    ...(wishes.dangerouslySkipPermissions === true ? ['--dangerously-skip-permissions'] : []),
  ];
}

/** Never `--continue`: it takes the newest session of the folder, which may be another spoke's. */
function sessionWords(sessionId: string, start: Start): string[] {
  switch (start.kind) {
    case 'fresh':
      return ['--session-id', sessionId];
    case 'resume':
      return ['--resume', sessionId];
    case 'fork':
      return ['--resume', start.from, '--fork-session', '--session-id', sessionId];
  }
}

/** Set in a spoke and inherited by all that it starts: which attempt they belong to. */
export const TASK_VARIABLE = 'DEVCTL_TASK';

/**
 * Its environment: the caller's without what a Claude Code around us has set, which would make it believe that it is a child.
 * No background tasks: with one alive it prints its result, and exits ten minutes later. Few retries of its own, for ours would
 * multiply with them. Source: measured, Claude Code 2.1.329. Pure.
 */
export function claudeEnv(
  caller: Record<string, string | undefined>,
  { env = {} }: ClaudeWishes,
  mark: string,
): Record<string, string> {
  return {
    CLAUDE_CODE_MAX_RETRIES: '2',
    ...withoutGitPlace(callerVariables({ caller, keepEnv: [], dropEnv: [], mode: 'direct' })),
    ...env,
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
    [TASK_VARIABLE]: mark,
  };
}

/** A message of the person's, as `--input-format stream-json` wants it. */
export function userMessage(text: string): string {
  return `${JSON.stringify({ type: 'user', message: { role: 'user', content: [{ type: 'text', text }] } })}\n`;
}

export function interruptRequest(id: string): string {
  return `${JSON.stringify({ type: 'control_request', request_id: id, request: { subtype: 'interrupt' } })}\n`;
}
