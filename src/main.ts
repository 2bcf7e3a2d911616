import { dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { releaseLeftBehind } from './claude/governor/notes.ts';
import { ask } from './cli/ask.ts';
import type { Context } from './cli/context.ts';
import { EXIT } from './cli/exit-codes.ts';
import { runProgram } from './cli/program.ts';
import { printFailure, printReply } from './cli/print.ts';
import { realMachine } from './machine/real-machine.ts';
import { toFailure } from './system-failure.ts';

let isReaderGone = false;
let isOutputLost = false;

const PACKAGE = join(dirname(__dirname));

/** Where it was typed. A folder that was removed under the caller has still its name: by the shell, or by the kernel. */
function currentFolder(name: string | undefined): string {
  try {
    return process.cwd();
  } catch (error) {
    if (name?.startsWith('/') && !existsSync(name)) return name;
    if (process.platform !== 'linux') throw error;
    // Source: proc(5).
    return readlinkSync('/proc/self/cwd').replace(/ \(deleted\)$/, '');
  }
}

async function realContext(version: string): Promise<Context> {
  const { stdout, env } = process;
  const isWatched = stdout.isTTY && env['TERM'] !== undefined && env['TERM'] !== '' && env['TERM'] !== 'dumb';
  return {
    machine: await realMachine(PACKAGE),
    version,
    cwd: currentFolder(env['PWD']),
    isRootGiven: false,
    words: process.argv.slice(2),
    terminal: { isWatched, canAsk: isWatched && isatty(0), columns: stdout.columns || 200, rows: stdout.rows || 50 },
    json: false,
    ask,
    isReaderGone: () => isReaderGone,
    print: (text) => stdout.write(text),
    say: (text) => process.stderr.write(text),
  };
}

/** Where to speak when not even the current folder is there. */
const BARE = {
  json: process.argv.includes('--json'),
  print: (text: string) => process.stdout.write(text),
  say: (text: string) => process.stderr.write(text),
};

async function main(): Promise<number> {
  // A reader that has gone (`devctl start | head -1`) must not abort a start half way.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    isReaderGone = true;
    // A full disk: what was asked for is not there. Whoever has closed a pipe has read enough.
    isOutputLost ||= error.code !== 'EPIPE';
    if (isOutputLost && process.exitCode === EXIT.OK) process.exitCode = EXIT.MACHINE;
  });
  process.stderr.on('error', () => undefined);
  let context: Context | undefined;
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  try {
    context = await realContext(version);
    releaseLeftBehind(context.machine);
    return printReply(context, await runProgram(context));
  } catch (error) {
    const failure = toFailure(error);
    if (failure) return printFailure(context ?? BARE, failure);
    process.stderr.write(
      `devctl: this is a bug in devctl\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return EXIT.DEFECT;
  }
}

void main().then((code) => {
  process.exitCode = code === EXIT.OK && isOutputLost ? EXIT.MACHINE : code;
  // Nothing should be left to wait for; if something is, the command ends all the same.
  setTimeout(() => process.exit(), 500).unref();
});
