import { randomUUID } from 'node:crypto';
import type { AttemptRequest } from '../executors/executor.ts';
import { TASK_DEFAULTS, type Task } from '../tasks/task.ts';
import type { ChannelRequest } from './channel.ts';

/** A request as an attempt at a task of its own. */
export function attemptFor({ id, prompt, cwd, wishes, timeoutMs }: ChannelRequest, maxTimeoutMs: number): AttemptRequest {
  const task: Task = {
    ...{ id, prompt, cwd, priority: TASK_DEFAULTS.priority, dependsOn: [], maxRetries: 0, worktree: false },
    timeoutMs: Math.min(timeoutMs, maxTimeoutMs),
    env: wishes.env ?? {},
    model: wishes.model,
    maxTurns: wishes.maxTurns,
    maxBudgetUsd: wishes.maxBudgetUsd,
    allowedTools: wishes.allowedTools ?? [],
    permissionMode: wishes.permissionMode,
    ...{ resumeFrom: undefined, repository: undefined, ref: undefined },
  };
  return {
    ...{ run: 'executor', token: randomUUID(), task, prompt, session: randomUUID(), resumes: false, knownUsd: 0 },
    budgetUsd: undefined,
    dangerouslySkipPermissions: wishes.dangerouslySkipPermissions === true,
  };
}
