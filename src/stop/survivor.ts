import type { Survivor } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import type { Owned } from '../ownership/owned.ts';
import { commandOf } from '../services/command-of.ts';

/** One that a stop could not end, and why. */
export function describeSurvivor(machine: Machine, owned: Owned): Survivor {
  const uid = machine.processes.uid(owned.process.pid);
  const isOthers = uid !== undefined && uid !== process.getuid?.();
  return {
    pid: owned.process.pid,
    ...(owned.service === undefined ? {} : { service: owned.service }),
    command: commandOf(machine, owned),
    class: owned.class,
    evidence: owned.evidence.join(', '),
    why: isOthers ? 'not-permitted' : owned.process.state === 'D' ? 'uninterruptible' : 'outlived-kill',
    ...(isOthers ? { user: machine.processes.userName(uid) } : {}),
  };
}
