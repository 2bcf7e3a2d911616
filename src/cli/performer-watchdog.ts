import { join } from 'node:path';
import type { Machine } from '../machine/machine.ts';

/** Ends the spokes of a worker or an executor that is killed: nobody would go on with them. */
export function watchOver(
  { commands, libexec }: Pick<Machine, 'commands' | 'libexec'>,
  performer: string,
): { dismiss: () => void } {
  return commands.afterUs([process.execPath, libexec(join('..', 'bin', 'devctl.js')), 'end-tasks', performer]);
}
