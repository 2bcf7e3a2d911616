import type { Intent } from '../orchestrator/begin-run.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Context, Flags } from './context.ts';
import { chooseExecutor, type ExecutorChoice } from './executors.ts';
import { flagCount, flagPort, flagSet } from './flags.ts';

export interface OrchestrateFlags {
  intent: Intent;
  concurrency: number | undefined;
  httpPort: number | undefined;
  executor: ExecutorChoice;
}

const INTENTS: readonly { flag: string; intent: Intent }[] = [
  { flag: 'resume', intent: 'resume' },
  { flag: 'retryFailed', intent: 'retry-failed' },
  { flag: 'restart', intent: 'restart' },
];

export function readOrchestrateFlags(context: Context, flags: Flags): Result<OrchestrateFlags> {
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
  const port = flagPort(flags, 'http', '--http');
  if (!port.ok) return port;
  const executor = chooseExecutor(context, flags);
  if (!executor.ok) return executor;
  return ok({ intent: first?.intent ?? 'begin', concurrency: concurrency.value, httpPort: port.value, executor: executor.value });
}
