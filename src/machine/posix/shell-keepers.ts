import { closeSync, openSync, realpathSync } from 'node:fs';
import { closeInheritedDescriptors } from './inherited-descriptors.ts';
import type { KeeperMachine } from '../keepers.ts';
import type { Processes } from '../processes.ts';

const DEFAULT_SIGNALS = 'env --default-signal=INT,QUIT,TTIN,TTOU';

/**
 * Keepers in direct mode. (`getBuiltinModule`, as elsewhere: child_process takes 7 ms to load, and most commands spawn nothing.)
 *
 * `node:child_process` and not execa: its default pipes would tie the caller's to the service's
 * life, and it costs 90 ms to load. Each keeper is spawned from here: one launching shell with `&` would make every
 * service deaf to SIGINT.
 */
export function shellKeepers(script: string, processes: Processes): KeeperMachine {
  return {
    script,
    prepare: (fifos, mark) => {
      closeInheritedDescriptors();
      // In a pane the shell's job control gives default signals already, but for bash.
      if (fifos.length === 0 && /\/(?:dash|busybox)$/.test(realpathSync('/bin/sh'))) return { reset: '' };
      const { spawnSync } = process.getBuiltinModule('node:child_process');
      const test = `ulimit -S -w ${mark} 2>/dev/null || ulimit -S -x ${mark} 2>/dev/null; [ $# = 0 ] || mkfifo -m 600 "$@" || exit; ${DEFAULT_SIGNALS} true 2>/dev/null && echo yes`;
      const done = spawnSync('/bin/sh', ['-c', test, 'sh', ...fifos], {
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 10_000,
        encoding: 'utf8',
      });
      if (done.error) throw done.error;
      return { reset: done.stdout.includes('yes') ? DEFAULT_SIGNALS : '' };
    },
    spawn: ({ name, runFolder, logPath, cwd }) => {
      const { spawn } = process.getBuiltinModule('node:child_process');
      const log = openSync(logPath, 'a');
      try {
        const child = spawn('/bin/sh', [script, name], {
          detached: true,
          cwd,
          env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', DEVCTL_RUN_DIR: runFolder },
          stdio: ['ignore', log, log],
        });
        child.on('error', () => undefined);
        child.unref();
        return child.pid === undefined ? undefined : processes.identify(child.pid);
      } finally {
        closeSync(log);
      }
    },
  };
}
