import type { Listener, Listeners, OwnedListener } from '../machine/listeners.ts';
import type { ProcessTable } from '../machine/processes.ts';
import type { Owned } from '../ownership/owned.ts';
import type { Service } from '../project/service.ts';

interface View {
  table: ProcessTable;
  uid: number;
  /** All listeners, and those that are known to be ours. */
  all: Listener[];
  known: OwnedListener[];
  services: Service[];
}

/**
 * Listeners of processes that keep their descriptors secret, as a program does that has a capability (a node that may bind
 * port 80). Such a one is taken for the holder of its service's port where that port is held by our user and nobody who
 * shows what he holds has it. Source: prctl(2), PR_SET_DUMPABLE; proc(5).
 */
export function hiddenListeners(
  listeners: Listeners,
  owned: Owned[],
  { table, uid, all, known, services }: View,
): OwnedListener[] {
  const secret = new Set(listeners.secret(owned.map(({ process }) => process.pid)));
  if (secret.size === 0) return [];
  const isKnown = ({ inode }: Listener) => known.some((listener) => listener.inode === inode);
  const unknown = all.filter((listener) => listener.uid === uid && !isKnown(listener));
  const shown = listeners.ownedBy(
    table.all.map(({ pid }) => pid),
    unknown,
  );
  const hidden = unknown.filter(({ inode }) => !shown.some((listener) => listener.inode === inode));
  return hidden.flatMap((listener) => {
    const service = services.find(({ expects }) => 'port' in expects && expects.port === listener.port)?.name;
    const holder = owned.find((one) => service !== undefined && one.service === service && secret.has(one.process.pid));
    return holder ? [{ ...listener, pid: holder.process.pid }] : [];
  });
}
