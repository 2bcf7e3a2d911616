import type { ProcessTable } from './processes.ts';

/** A process and all above it. */
export function ancestorsOf(pid: number, table: ProcessTable): Set<number> {
  const found = new Set<number>();
  for (
    let next: number | undefined = pid;
    next !== undefined && next > 0 && !found.has(next);
    next = table.byPid.get(next)?.ppid
  ) {
    found.add(next);
  }
  return found;
}
