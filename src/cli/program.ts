import { Command, CommanderError, Option } from 'commander';
import type { Failure } from '../failure.ts';
import { nearest } from '../project/nearest.ts';
import { fail, type Result } from '../result.ts';
import { LOADERS } from './command-loaders.ts';
import { ROOT, type CommandSpec } from './command-spec.ts';
import { COMMANDS } from './command-specs.ts';
import type { Answer, Context, Flags } from './context.ts';
import { fence, typedVerb } from './fence.ts';
import { rootFolder } from './root-folder.ts';

const EXIT_TEXT = `
Exit codes: 0 done · 1 the answer is no · 2 usage · 3 not running · 4 machine · 5 not confirmed
            6 busy · 8 degraded · 70 bug · 78 Procfile or devctl.yml · 124 out of time`;

/** What the words asked for: a command's answer, or text that commander has printed (help, version). */
export type Reply = { kind: 'answered'; result: Result<Answer> } | { kind: 'printed' };

/** Turns the words into a command and runs it. */
export async function runProgram(context: Context): Promise<Reply> {
  let result: Result<Answer> | undefined;
  const program = buildProgram(context.version, context.words, async (spec, args, flags) => {
    context.json = flags['json'] === true;
    const place: unknown = flags['root'] ?? program.opts<Flags>()['root'];
    if (typeof place === 'string') {
      const folder = rootFolder(context.machine, context.cwd, place);
      if (!folder.ok) {
        result = folder;
        return;
      }
      Object.assign(context, { cwd: folder.value, isRootGiven: true });
    }
    const command = await LOADERS[spec.name]?.();
    result = await command?.run(context, args, flags);
  });
  try {
    await program.parseAsync(fence(context.words), { from: 'user' });
    return result ? { kind: 'answered', result } : { kind: 'printed' };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'printed' };
    context.json = context.words.includes('--json');
    return { kind: 'answered', result: fail(usageFailure(error, context.words)) };
  }
}

/** The program tree. */
function buildProgram(
  version: string,
  words: string[],
  action: (spec: CommandSpec, args: string[], flags: Flags) => Promise<void>,
): Command {
  const program = new Command('devctl')
    .description('Runs the services of a Procfile: start returns when they are ready, stop means stopped.')
    .version(version, '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .enablePositionalOptions()
    .option('--json', 'print one JSON document')
    .addOption(makeOption(ROOT.flags, ROOT.text, false))
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `\nExamples:\n  devctl start          start everything, return when it is ready\n  devctl status         what runs\n  devctl logs web       the last lines of web\n  devctl stop           stop everything\n${EXIT_TEXT}`,
    );
  for (const spec of COMMANDS) {
    const isTyped = words.includes(spec.name);
    const command = program
      .command(`${spec.name} ${spec.args}`.trim(), { hidden: spec.isHidden ?? false })
      .description(spec.summary)
      .exitOverride()
      .addHelpText('after', `\nExamples:\n${spec.examples.map((line) => `  ${line}`).join('\n')}`);
    if (spec.passThrough) command.passThroughOptions();
    // Options of the other verbs would cost 3 ms, and nobody asks for them.
    if (isTyped) {
      const options = spec.isHidden ? spec.options : [...spec.options, ROOT];
      for (const { flags, text, many } of options) command.addOption(makeOption(flags, text, many));
    }
    command.action(async (...input: unknown[]) => {
      const args = input
        .slice(0, -2)
        .flat()
        .filter((word) => word !== undefined)
        .map(String);
      await action(spec, args, command.opts());
    });
  }
  program.action(async () => {
    const spec = COMMANDS.find((candidate) => candidate.name === 'status');
    if (spec) await action(spec, [], { ...program.opts(), brief: true });
  });
  return program;
}

function makeOption(flags: string, text: string, many: boolean | undefined): Option {
  const option = new Option(flags, text);
  if (many) option.argParser((word: string, before: string[] | undefined) => [...(before ?? []), word]);
  return option;
}

function usageFailure(error: CommanderError, words: string[]): Failure {
  const unknown = words.find((word) => !word.startsWith('-'));
  if (error.code === 'commander.excessArguments' && unknown !== undefined && !COMMANDS.some((spec) => spec.name === unknown)) {
    const meant = nearest(
      unknown,
      COMMANDS.map((spec) => spec.name),
    );
    return {
      code: 'USAGE',
      what: `There is no command "${unknown}"`,
      fix: [meant === undefined ? 'devctl --help' : `devctl ${[meant, ...words.slice(words.indexOf(unknown) + 1)].join(' ')}`],
    };
  }
  const message = error.message.replace(/^error: /, '').split('\n');
  const verb = typedVerb(words)?.name;
  const first = message[0] ?? '';
  return {
    code: 'USAGE',
    what: first.charAt(0).toUpperCase() + first.slice(1),
    ...(message[1] === undefined ? {} : { why: message[1].replace(/^\(|\)$/g, '') }),
    fix: [verb === undefined ? 'devctl --help' : `devctl ${verb} --help`],
  };
}
