import { accessSync, constants as modes, statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { isatty } from 'node:tty';
import type { CommandEnd, CommandRequest, Commands, RunningCommand } from '../commands.ts';
import { givenDescriptors, passedOn } from './given-descriptors.ts';
import { sendSignal } from './send-signal.ts';

/** A terminal sends these to the whole foreground group: the child has them already, and we only must not die of them. */
const FROM_TERMINAL: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const TO_US_ALONE: NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

/** `watchdog` is libexec/watchdog.sh; `ignored` the signals that whoever started us wanted to be ignored, by `nohup` say. */
export function childCommands(watchdog: string, ignored: NodeJS.Signals[]): Commands {
  for (const signal of ignored) process.on(signal, () => undefined);
  const suspension = { isOver: false };
  return {
    ignored,
    run: (request) => run(request, ignored),
    locate,
    isExecutable,
    afterUs: (command) => afterUs([watchdog, ...command]),
    suspendSelf: () => {
      suspension.isOver = true;
      sendSignal(process.pid, 'SIGSTOP');
    },
    onSuspend: (act) => {
      process.on('SIGTSTP', () => {
        // Of a Ctrl-Z by which we were suspended already, and of which Node tells when we are continued.
        if (suspension.isOver) {
          suspension.isOver = false;
          return;
        }
        act();
        sendSignal(process.pid, 'SIGSTOP');
      });
    },
  };
}

/** In a session of its own, so that no terminal and no signal to our group reaches it. It waits at a pipe that ends with us. */
function afterUs(words: string[]): { dismiss: () => void } {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn('/bin/sh', words, { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  return {
    dismiss: () => {
      child.stdin.end('dismissed\n');
    },
  };
}

function run(request: CommandRequest, ignored: NodeJS.Signals[]): RunningCommand {
  const { file, args, cwd, env } = ignored.length === 0 ? request : deafTo(ignored, request);
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(file, args, { cwd, env, stdio: passedOn(givenDescriptors()) });
  const isOnTerminal = [0, 1, 2].some((fd) => isatty(fd));
  const pass = (signal: NodeJS.Signals) => ignored.includes(signal) || child.kill(signal);
  for (const signal of FROM_TERMINAL) process.on(signal, () => isOnTerminal || pass(signal));
  for (const signal of TO_US_ALONE) process.on(signal, () => pass(signal));
  const end = new Promise<CommandEnd>((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ kind: 'missing', reason: error.code === 'EACCES' ? 'not executable' : 'not found' });
    });
    child.on('exit', (code, signal) => {
      resolve({ kind: 'ended', code: code ?? 128 + (signal ? constants.signals[signal] : 0) });
    });
  });
  return { pid: child.pid, end };
}

/** Node gives every child all signals back; a shell keeps the ignored ones ignored. */
function deafTo(signals: NodeJS.Signals[], { file, args, ...rest }: CommandRequest): CommandRequest {
  const names = signals.map((signal) => signal.slice('SIG'.length)).join(' ');
  return { ...rest, file: '/bin/sh', args: ['-c', `trap '' ${names}; exec "$@"`, 'sh', file, ...args] };
}

/** Of a signal mask as the kernel writes it, those that matter to a command in our place. Source: proc(5), SigIgn. */
export function ignoredSignals(mask: string | undefined): NodeJS.Signals[] {
  const bits = /^[0-9a-f]{16}$/.test(mask ?? '') ? BigInt(`0x${mask ?? '0'}`) : 0n;
  return [...FROM_TERMINAL, ...TO_US_ALONE].filter((signal) => ((bits >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n);
}

export function locate(name: string, path: string): string[] {
  return path
    .split(delimiter)
    .map((folder) => join(folder, name))
    .filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, modes.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
