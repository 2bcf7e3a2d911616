import { lsofListeners } from './portable/lsof-listeners.ts';
import { psProcesses } from './portable/ps-processes.ts';
import { procListeners } from './linux/proc-listeners.ts';
import { procProcesses } from './linux/proc-processes.ts';
import type { Listeners } from './listeners.ts';
import { runNow } from './posix/execa-runner.ts';
import type { Processes } from './processes.ts';

export interface Probes {
  processes: Processes;
  listeners: Listeners;
}

/** How this system is asked for processes and listeners: /proc on Linux, else ps and lsof; DEVCTL_PROBE=portable forces these. */
export async function chooseProbes(env: Record<string, string | undefined>): Promise<Probes> {
  if (process.platform === 'linux' && env['DEVCTL_PROBE'] !== 'portable')
    return { processes: procProcesses(), listeners: procListeners() };
  const { execaSync } = await import('../lazy/execa.ts');
  const { treeKill } = await import('../lazy/tree-kill.ts');
  const parts = {
    run: (request: Parameters<typeof runNow>[1]) => runNow(execaSync, request),
    path: env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    killTree: (pid: number) =>
      new Promise<void>((resolve) => {
        treeKill(pid, 'SIGKILL', () => {
          resolve();
        });
      }),
  };
  return { processes: psProcesses(parts), listeners: lsofListeners(parts) };
}
