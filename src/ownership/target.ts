import type { Target } from '../machine/processes.ts';
import type { Owned } from './owned.ts';

/** The one place where a process becomes one that may be signalled: it is ours for certain, and what is spared is not in `Owned`. */
export function authorize(owned: Owned): Target {
  return { pid: owned.process.pid, start: owned.process.start } as Target;
}
