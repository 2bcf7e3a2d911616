import { definedIn } from '../../project/environment.ts';
import { fail, ok } from '../../result.ts';
import type { CommandRun } from '../context.ts';
import { flagText } from '../flags.ts';
import { environmentOf } from './env.ts';

/** `devctl run command...`: the environment only, no cookie and no mark: what a person runs is the person's, and `stop` leaves it alone. */
export const run: CommandRun = async (context, [file, ...args], flags) => {
  const name = flagText(flags, 'service');
  const found = await environmentOf(context, name, { ...flags, mode: 'tmux' });
  if (!found.ok) return found;
  if (file === undefined || file === '') return fail({ code: 'NO_COMMAND', command: '', reason: 'no command was given' });
  const env = Object.fromEntries(
    [...found.value.env].filter(([variable]) => variable !== 'DEVCTL_SESSION').map(([variable, { value }]) => [variable, value]),
  );
  const { TERM, TMUX, TMUX_PANE } = context.machine.env;
  const terminal = definedIn({ TERM, TMUX, TMUX_PANE });
  const ended = await context.machine.commands.run({ file, args, cwd: context.cwd, env: { ...env, ...terminal } }).end;
  if (ended.kind === 'missing') {
    context.say(`devctl run: ${file}: ${ended.reason}\n`);
    return ok({
      exit: ended.reason === 'not executable' ? 126 : 127,
      schema: 'devctl.run-command/1',
      data: {},
      text: '',
      isPrinted: true,
    });
  }
  return ok({ exit: ended.code, schema: 'devctl.run-command/1', data: {}, text: '', isPrinted: true });
};
