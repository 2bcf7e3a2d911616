import { readdirSync, readFileSync } from 'node:fs';

/** A process as the kernel shows it; pid and start name it. */
export interface Seen {
  pid: number;
  ppid: number;
  state: string;
  start: number;
  comm: string;
  /** As `ps` shows it. */
  command: string;
}

export function readProcess(pid: number): Seen | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    const end = text.lastIndexOf(')');
    const field = text.slice(end + 2).split(' ');
    const comm = text.slice(text.indexOf('(') + 1, end);
    return { pid, state: field[0] ?? '', ppid: Number(field[1]), start: Number(field[19]), comm, command: `[${comm}]` };
  } catch {
    return undefined;
  }
}

function isLiving(seen: Pick<Seen, 'state'> | undefined): boolean {
  return seen !== undefined && seen.state !== 'Z' && seen.state !== 'X';
}

/** Is it this process, and no later one with its pid? */
export function livesOn({ pid, start }: Pick<Seen, 'pid' | 'start'>): boolean {
  const now = readProcess(pid);
  return isLiving(now) && now?.start === start;
}

/** A signal for one that was seen a moment ago, and may have ended since. */
export function send(signal: NodeJS.Signals, seen: Pick<Seen, 'pid' | 'start'>): void {
  if (!livesOn(seen)) return;
  try {
    process.kill(seen.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** All living descendants of a process, the oldest first. */
export function descendants(root: number): Seen[] {
  const found = new Map<number, Seen>();
  // A parent may end between the reading of a child and its own: a second look then sees the child elsewhere.
  for (let look = 0; look < 2; look += 1) for (const seen of oneLook(root)) found.set(seen.pid, seen);
  const living = [...found.values()].filter(livesOn);
  return living.map((seen) => ({ ...seen, command: commandLine(seen) })).sort((a, b) => a.start - b.start || a.pid - b.pid);
}

function oneLook(root: number): Seen[] {
  const children = new Map<number, Seen[]>();
  for (const name of readdirSync('/proc')) {
    const seen = /^\d/.test(name) ? readProcess(Number(name)) : undefined;
    if (!seen) continue;
    const siblings = children.get(seen.ppid);
    if (siblings) siblings.push(seen);
    else children.set(seen.ppid, [seen]);
  }
  const below: Seen[] = [];
  const pending = [root];
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    for (const child of children.get(pid) ?? []) {
      below.push(child);
      pending.push(child.pid);
    }
  }
  return below;
}

function commandLine({ pid, command }: Seen): string {
  try {
    return (
      readFileSync(`/proc/${String(pid)}/cmdline`, 'latin1')
        .replace(/\0+$/, '')
        .replace(/\0/g, ' ') || command
    );
  } catch {
    return command;
  }
}
