import { readdirSync, readFileSync } from 'node:fs';
import { poll } from './poll.mjs';

/** How many processes there are, zombies and all. */
export const countProcesses = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;

/**
 * Strangers that sleep, in a process group of their own: forks of one perl, 200 kB each.
 * @param {import('./workspace.mjs').Project} project
 * @param {number} count
 */
export function gather(project, count) {
  const script = 'for (2..shift) { last unless defined(my $pid = fork); if (!$pid) { sleep 3600; exit } } sleep 3600';
  const parent = project.begin(['perl', '-e', script, String(count)]);
  const group = String(parent.pid);
  const members = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOfGroup(name, group)).length;
  poll(`${String(count)} strangers`, () => members() >= count, 30_000, 50);
  return {
    end: async () => {
      process.kill(-parent.pid, 'SIGKILL');
      await parent.over;
      poll('the strangers to end', () => members() === 0, 30_000, 50);
    },
  };
}

/**
 * @param {string} pid
 * @param {string} group
 */
function isOfGroup(pid, group) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, , pgid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return pgid === group && state !== 'Z';
  } catch {
    return false;
  }
}
