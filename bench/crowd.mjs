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
  // It ends and reaps them itself: where pid 1 is slow to, thousands of zombies would stand in the next look.
  const script = `my @pids; $SIG{TERM} = sub { kill 'KILL', @pids; 1 while wait > 0; exit };
    for (2..shift) { last unless defined(my $pid = fork); if ($pid) { push @pids, $pid; next } $SIG{TERM} = 'DEFAULT'; sleep 3600; exit }
    sleep 3600 while 1`;
  const parent = project.begin(['perl', '-e', script, String(count)]);
  const group = String(parent.pid);
  const members = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOfGroup(name, group)).length;
  poll(`${String(count)} strangers`, () => members() >= count, 30_000, 50);
  return {
    end: async () => {
      process.kill(parent.pid, 'SIGTERM');
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
