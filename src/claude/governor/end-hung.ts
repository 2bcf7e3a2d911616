import type { Machine } from '../../machine/machine.ts';
import { admitNamed } from '../../ownership/target.ts';
import { DEFAULTS } from '../../project/settings.ts';
import { endProcesses } from '../../stop/end.ts';
import type { Hung } from './hung.ts';

/** Ends a hung tool, and nobody else: TERM, and KILL after its grace. */
export async function endHung(machine: Machine, { process, program, idleMs }: Hung): Promise<boolean> {
  const why = `${program} has stood still for ${String(Math.round(idleMs / 1000))} s`;
  const { left } = await endProcesses(machine, {
    look: () => (machine.processes.isAlive(process) ? [admitNamed(process, why)] : []),
    graceMs: () => DEFAULTS.graceMs,
    signal: () => 'TERM',
  });
  return left.length === 0;
}
