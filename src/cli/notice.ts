import type { Context } from './context.ts';

const NOTICE_MS = 10_000;
const CTRL_C = '\x03';

/** Says something for ten seconds on a terminal; any key ends it at once, Ctrl-C everything. Without one it is said, and that is all. */
export async function notice(context: Context, text: string): Promise<'go-on' | 'interrupted'> {
  if (!context.terminal.canAsk) {
    context.say(`devctl: ${text}\n`);
    return 'go-on';
  }
  context.say(`devctl: ${text}\n        Starts in ${String(NOTICE_MS / 1000)} s; any key starts it now, Ctrl-C ends.\n`);
  const { stdin } = process;
  stdin.setRawMode(true);
  const key = await new Promise<string | undefined>((resolve) => {
    const timer = setTimeout(resolve, NOTICE_MS, undefined);
    stdin.once('data', (typed: Buffer) => {
      clearTimeout(timer);
      resolve(typed.toString('latin1'));
    });
  });
  stdin.setRawMode(false);
  stdin.removeAllListeners('data');
  // Nothing that is typed from now on is ours.
  stdin.pause();
  return key?.includes(CTRL_C) === true ? 'interrupted' : 'go-on';
}
