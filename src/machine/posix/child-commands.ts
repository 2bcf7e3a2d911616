import { constants } from 'node:os';
import type { Commands } from '../commands.ts';

/** A terminal sends these to the whole foreground group: the child has them already, and we only must not die of them. */
const FROM_TERMINAL: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const TO_US_ALONE: NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

export function childCommands(): Commands {
  return {
    run: ({ file, args, cwd, env }) =>
      new Promise((resolve) => {
        const child = process.getBuiltinModule('node:child_process').spawn(file, args, { cwd, env, stdio: 'inherit' });
        const ignore = () => undefined;
        for (const signal of FROM_TERMINAL) process.on(signal, ignore);
        for (const signal of TO_US_ALONE) process.on(signal, () => child.kill(signal));
        child.on('error', (error: NodeJS.ErrnoException) => {
          resolve({ kind: 'missing', reason: error.code === 'EACCES' ? 'not executable' : 'not found' });
        });
        child.on('exit', (code, signal) => {
          resolve({ kind: 'ended', code: code ?? 128 + (signal ? constants.signals[signal] : 0) });
        });
      }),
  };
}
