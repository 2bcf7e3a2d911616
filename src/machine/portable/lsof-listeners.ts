import type { Listener, Listeners } from '../listeners.ts';
import { parseEndpoint, parseLsof } from './lsof-text.ts';
import { portableTools, type RunNow } from './tools.ts';

/** Listeners by lsof, which tells holder and socket at once; of other users only root sees them. */
export function lsofListeners({ run, path }: { run: RunNow; path: string }): Listeners {
  const { lsof } = portableTools(run, path);
  let holders = new Map<string, number[]>();
  return {
    all: () => {
      const sockets = new Map<string, Listener>();
      holders = new Map();
      for (const { pid, uid, fields } of parseLsof(lsof(['-iTCP', '-sTCP:LISTEN', '-F', 'pufdtn']))) {
        const endpoint = parseEndpoint(fields.get('n') ?? '', fields.get('t'));
        if (!endpoint) continue;
        const inode = fields.get('d') ?? `${String(pid)}:${fields.get('f') ?? ''}`;
        sockets.set(inode, { ...endpoint, uid, inode });
        holders.set(inode, [...new Set([...(holders.get(inode) ?? []), pid])]);
      }
      return [...sockets.values()];
    },
    ownedBy: (pids, listeners) => {
      const wanted = new Set(pids);
      return listeners.flatMap((listener) =>
        (holders.get(listener.inode) ?? []).filter((pid) => wanted.has(pid)).map((pid) => ({ ...listener, pid })),
      );
    },
    // lsof does not tell an empty process from a secret one.
    secret: () => [],
    anySocket: (pids) => pids.length > 0,
  };
}
