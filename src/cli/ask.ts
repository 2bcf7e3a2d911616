import { fail, type Result } from '../result.ts';
import { toFailure } from '../system-failure.ts';
import { LOADERS } from './command-loaders.ts';
import type { Answer, Context, Question } from './context.ts';

/** Runs a verb for another one: as if it were typed by somebody without a terminal, and without printing anything. */
export async function ask(context: Context, { verb, args, flags, cwd }: Question): Promise<Result<Answer>> {
  const quiet: Context = {
    ...context,
    ...(cwd === undefined ? {} : { cwd, isRootGiven: true }),
    words: [verb, ...args],
    terminal: { ...context.terminal, isWatched: false, canAsk: false },
    json: true,
    print: () => undefined,
    say: () => undefined,
  };
  try {
    const command = await LOADERS[verb]?.();
    if (!command) throw new Error(`no verb ${verb}`);
    return await command.run(quiet, args, flags);
  } catch (error) {
    const failure = toFailure(error);
    if (!failure) throw error;
    return fail(failure);
  }
}
