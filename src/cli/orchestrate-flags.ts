import type { Intent } from '../orchestrator/run-tasks.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Context, Flags } from './context.ts';
import { flagCount, flagSet } from './flags.ts';

/** Who carries the tasks out. */
export type ExecutorChoice = { kind: 'direct' } | { kind: 'mock' };

export interface OrchestrateFlags {
  intent: Intent;
  concurrency: number | undefined;
  executor: ExecutorChoice;
}

const INTENTS: readonly { flag: string; intent: Intent }[] = [
  { flag: 'resume', intent: 'resume' },
  { flag: 'retryFailed', intent: 'retry-failed' },
  { flag: 'restart', intent: 'restart' },
];

export function readOrchestrateFlags({ machine }: Context, flags: Flags): Result<OrchestrateFlags> {
  const typed = INTENTS.filter(({ flag }) => flagSet(flags, flag));
  const [first, second] = typed;
  if (first && second)
    return fail({
      code: 'USAGE',
      what: `--${first.intent} and --${second.intent} cannot be typed together`,
      fix: [`devctl orchestrate FILE --${first.intent}`, `devctl orchestrate FILE --${second.intent}`],
    });
  const concurrency = flagCount(flags, 'concurrency', '--concurrency', 1);
  if (!concurrency.ok) return concurrency;
  const executor = chooseExecutor(machine.env);
  if (!executor.ok) return executor;
  return ok({ intent: first?.intent ?? 'begin', concurrency: concurrency.value, executor: executor.value });
}

/** `CLAUDE_EXECUTOR_MODE` and `MOCK_CLAUDE`, as the seeds have them. */
function chooseExecutor(env: Record<string, string | undefined>): Result<ExecutorChoice> {
  if (env['MOCK_CLAUDE'] === 'true') return ok({ kind: 'mock' });
  const mode = env['CLAUDE_EXECUTOR_MODE'] ?? 'direct';
  if (mode === 'direct' || mode === 'mock') return ok({ kind: mode });
  return fail({
    code: 'USAGE',
    what: `CLAUDE_EXECUTOR_MODE "${mode}" is none of direct, redis and mock`,
    fix: ['CLAUDE_EXECUTOR_MODE=direct'],
  });
}
