import { spawnSync } from 'node:child_process';

/** The words that run a command in namespaces of its own: `--net`, `--pid --fork --mount-proc`. Without rights, by a user namespace. */
export function unshare(...flags: string[]): string[] {
  return ['unshare', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']), ...flags];
}

export const OWN_PIDS = ['--pid', '--fork', '--kill-child', '--mount-proc'];

/** Does this machine let us? Says so where it does not. */
export function canUnshare(...flags: string[]): boolean {
  const [file = '', ...args] = unshare(...flags);
  const isAllowed = spawnSync(file, [...args, 'true']).status === 0;
  if (!isAllowed) console.warn(`unshare ${flags.join(' ')} is not allowed here: tests that need it are skipped`);
  return isAllowed;
}
