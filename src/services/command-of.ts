import type { Machine } from '../machine/machine.ts';
import type { ProcessInfo } from '../machine/processes.ts';

/** A process's command line; its name in brackets where it has none. */
export function commandOf({ processes }: Pick<Machine, 'processes'>, { process }: { process: ProcessInfo }): string {
  return processes.argv(process.pid).join(' ') || `[${process.comm}]`;
}
