import type { Failure } from '../failure.ts';
import type { Context } from './context.ts';
import { EXIT, EXIT_OF } from './exit-codes.ts';
import { typedVerb } from './fence.ts';
import type { Reply } from './program.ts';
import { err } from './render/colors.ts';
import { wordFailure } from './wording.ts';

/** Prints what a command answered, as text or as the one JSON document, and says with which code to exit. */
export function printReply(context: Context, reply: Reply): number {
  if (reply.kind === 'printed') return EXIT.OK;
  if (!reply.result.ok) {
    const exit = printFailure(context, reply.result.failure);
    // The verb that was typed may say otherwise.
    return exit === EXIT.USAGE ? (typedVerb(context.words)?.usageExit ?? exit) : exit;
  }
  const { exit, schema, data, text, isPrinted } = reply.result.value;
  if (isPrinted) return exit;
  if (context.json) context.print(`${JSON.stringify({ schema, ok: true, data })}\n`);
  else if (text !== '') context.print(`${text}\n`);
  return exit;
}

export function printFailure(context: Pick<Context, 'json' | 'print' | 'say'>, failure: Failure): number {
  const words = wordFailure(failure);
  if (context.json) {
    const code = failure.code;
    const data = Object.fromEntries(Object.entries(failure).filter(([key]) => !['code', 'what', 'why', 'fix'].includes(key)));
    context.print(
      `${JSON.stringify({ schema: 'devctl.failure/1', ok: false, failure: { code, what: words.what, why: words.why.join('\n'), fix: words.fix, data } })}\n`,
    );
  } else {
    const why = words.why.map((line, index) => `  ${index === 0 ? err.dim('why') : '   '}  ${line}`);
    const fix = words.fix.map((line, index) => `  ${index === 0 ? err.dim('fix') : '   '}  ${err.cyan(line)}`);
    context.say(`${[`${err.red('error')}: ${words.what}`, ...why, ...fix].join('\n')}\n`);
  }
  return EXIT_OF[failure.code];
}
