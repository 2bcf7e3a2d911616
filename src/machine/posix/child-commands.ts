import { accessSync, constants as modes, statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { isatty } from 'node:tty';
import type { CommandEnd, CommandRequest, Commands, RunningCommand } from '../commands.ts';
import { sendSignal } from './send-signal.ts';

/** A terminal sends these to the whole foreground group: the child has them already, and we only must not die of them. */
const FROM_TERMINAL: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const TO_US_ALONE: NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

/** `watchdog` is libexec/watchdog.sh. */
export function childCommands(watchdog: string): Commands {
  return {
    run,
    locate,
    isExecutable,
    afterUs: (command) => afterUs([watchdog, ...command]),
    suspendSelf: () => {
      sendSignal(process.pid, 'SIGSTOP');
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

function run({ file, args, cwd, env }: CommandRequest): RunningCommand {
  const child = process.getBuiltinModule('node:child_process').spawn(file, args, { cwd, env, stdio: 'inherit' });
  const isOnTerminal = [0, 1, 2].some((fd) => isatty(fd));
  for (const signal of FROM_TERMINAL) process.on(signal, () => isOnTerminal || child.kill(signal));
  for (const signal of TO_US_ALONE) process.on(signal, () => child.kill(signal));
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
