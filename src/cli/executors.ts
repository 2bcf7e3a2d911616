import { isAbsolute } from 'node:path';
import { findClaude } from '../claude/install/find.ts';
import { planMemory } from '../claude/memory/plan.ts';
import type { Executor } from '../orchestrator/executors/executor.ts';
import { localExecutor } from '../orchestrator/executors/local.ts';
import { performMock } from '../orchestrator/executors/mock.ts';
import { performWithClaude } from '../orchestrator/executors/perform.ts';
import type { OutputPaths } from '../orchestrator/output/outputs.ts';
import type { TaskFile } from '../orchestrator/tasks/task.ts';
import { gitOf } from '../orchestrator/workplace/git.ts';
import { originOf } from '../orchestrator/workplace/remote.ts';
import { localWorkplaces } from '../orchestrator/workplace/workplace.ts';
import { makeWorktrees } from '../orchestrator/workplace/worktrees.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Context, Flags } from './context.ts';
import { flagText } from './flags.ts';

/** Who carries the tasks out. */
export type ExecutorChoice = { kind: 'direct' } | { kind: 'mock' } | RedisChoice;
export interface RedisChoice {
  kind: 'redis';
  url: string;
  queue: string;
}

const DEFAULT_QUEUE = 'tasks';
const DEFAULT_URL = 'redis://127.0.0.1:6379';
/** Tasks that are handed out at once: with Redis they wait there, and the workers limit themselves. */
const MOCK_CONCURRENCY = 100;
const REDIS_CONCURRENCY = 10_000;

/** `--redis`, else `CLAUDE_EXECUTOR_MODE` and `MOCK_CLAUDE`, as the seeds have them. */
export function chooseExecutor({ machine: { env } }: Context, flags: Flags): Result<ExecutorChoice> {
  if (flagText(flags, 'redis') !== undefined) return redisChoice(env, flags);
  if (env['MOCK_CLAUDE'] === 'true') return ok({ kind: 'mock' });
  const mode = env['CLAUDE_EXECUTOR_MODE'] ?? 'direct';
  if (mode === 'direct' || mode === 'mock') return ok({ kind: mode });
  if (mode === 'redis') return redisChoice(env, flags);
  return fail({
    code: 'USAGE',
    what: `CLAUDE_EXECUTOR_MODE "${mode}" is none of direct, redis and mock`,
    fix: ['CLAUDE_EXECUTOR_MODE=direct'],
  });
}

export function redisChoice(env: Record<string, string | undefined>, flags: Flags): Result<RedisChoice> {
  const queue = flagText(flags, 'queue') ?? DEFAULT_QUEUE;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(queue))
    return fail({
      code: 'USAGE',
      what: `--queue "${queue}" is no name`,
      why: 'letters, digits, "_" and "-"',
      fix: ['--queue tasks'],
    });
  return ok({ kind: 'redis', url: flagText(flags, 'redis') ?? env['REDIS_URL'] ?? DEFAULT_URL, queue });
}

export function defaultConcurrency({ machine }: Context, { kind }: ExecutorChoice): number {
  if (kind === 'direct') return planMemory(machine.hardware.describe()).tasks;
  return kind === 'mock' ? MOCK_CONCURRENCY : REDIS_CONCURRENCY;
}

/** The tasks as other machines can take them: each names its repository and its ref, and no folder of this machine. */
export async function tasksForOthers({ machine, cwd }: Context, file: TaskFile): Promise<Result<TaskFile>> {
  const absolute = file.tasks.find((task) => task.cwd !== undefined && isAbsolute(task.cwd));
  if (absolute)
    return fail({
      code: 'USAGE',
      what: `Task "${absolute.id}" names the folder ${absolute.cwd ?? ''}, which other machines do not have`,
      fix: ['name its cwd from the repository’s top'],
    });
  if (file.tasks.every(({ repository }) => repository !== undefined)) return ok(file);
  const origin = await originOf(gitOf(machine), cwd);
  if (!origin.ok)
    return fail({
      code: 'USAGE',
      what: 'Other machines cannot fetch what is checked out here',
      why: origin.failure,
      fix: ['git push', '"repository" and "ref" in the task file'],
    });
  const { repository, ref } = origin.value ?? {};
  return ok({
    ...file,
    tasks: file.tasks.map((task) => (task.repository === undefined ? { ...task, repository, ref: task.ref ?? ref } : task)),
  });
}

export async function openExecutor(context: Context, choice: ExecutorChoice, paths: OutputPaths): Promise<Result<Executor>> {
  const { machine, cwd, version } = context;
  if (choice.kind === 'mock') return ok(localExecutor(machine, 'mock', performMock(machine.env)));
  if (choice.kind === 'redis') {
    const { openRedisExecutor } = await import('../lazy/redis.ts');
    return openRedisExecutor({
      ...choice,
      devctl: version,
      onEvents: ({ task }, lines) => {
        const file = machine.files.openAppend(paths.events(task.id));
        file.append(lines);
        file.close();
      },
      say: (text) => {
        context.say(`${text}\n`);
      },
    });
  }
  const found = await findClaude(machine);
  if (!found.ok) return found;
  const worktrees = makeWorktrees(machine.files, gitOf(machine), paths.worktrees);
  const perform = performWithClaude(machine, {
    claude: found.value.path,
    findWorkplace: localWorkplaces(machine, cwd, worktrees),
    filesOf: ({ task: { id } }) => ({ eventsFile: paths.events(id), stderrFile: paths.stderr(id) }),
  });
  return ok(localExecutor(machine, 'direct', perform));
}
