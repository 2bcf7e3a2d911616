import { accessSync, constants, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Listener, Listeners, OwnedListener } from '../listeners.ts';
import { parseNetTcp } from './proc-text.ts';

/** Listeners of Linux: /proc/PID/net/tcp{,6} names the sockets, /proc/PID/fd says who holds them. */
export function procListeners(): Listeners {
  return {
    all: (pid) =>
      ['tcp', 'tcp6'].flatMap((name) => parseNetTcp(read(`/proc/${pid === undefined ? 'self' : String(pid)}/net/${name}`))),
    ownedBy: (pids, listeners) => ownedBy(pids, listeners),
    secret: (pids) => pids.filter((pid) => isSecret(pid)),
    anySocket: (pids) => pids.some((pid) => socketsOf(pid).next().done !== true || isSecret(pid)),
  };
}

function ownedBy(pids: number[], listeners: Listener[]): OwnedListener[] {
  if (listeners.length === 0) return [];
  const byInode = new Map(listeners.map((listener) => [listener.inode, listener]));
  const owned: OwnedListener[] = [];
  for (const pid of pids) {
    const seen = new Set<string>();
    for (const inode of socketsOf(pid)) {
      const listener = byInode.get(inode);
      if (listener && !seen.has(inode)) owned.push({ ...listener, pid });
      seen.add(inode);
    }
  }
  return owned;
}

function* socketsOf(pid: number): Generator<string> {
  const folder = `/proc/${String(pid)}/fd`;
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.[1];
      if (inode !== undefined) yield inode;
    } catch {
      continue;
    }
  }
}

function isSecret(pid: number): boolean {
  try {
    accessSync(`/proc/${String(pid)}/fd`, constants.R_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
