import type { Machine } from '../machine/machine.ts';
import type { Owned } from '../ownership/owned.ts';
import type { Suspect } from '../ownership/suspect.ts';
import type { Project } from '../project/project.ts';
import type { ProjectPort } from '../project/ports.ts';
import type { RunRecord } from '../project/run-record.ts';
import { commandOf } from '../services/command-of.ts';
import { observe, type Sight } from '../services/observe.ts';
import { findSuspects } from '../services/suspects.ts';

/** One process with whose it is, and why. */
export interface ProcessReport {
  pid: number;
  service?: string;
  role: Owned['role'];
  class: Owned['class'] | Suspect['class'];
  evidence: string[];
  /** Ports that it listens on; of one that is not ours, those of the project's. */
  ports: number[];
  ageSeconds: number;
  command: string;
  cwd?: string;
  user?: string;
}

/** Every process of the project, and the probable and foreign ones that matter: holders of its ports. */
export function reportProcesses(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  ports: ProjectPort[],
): ProcessReport[] {
  const sight = observe(machine, project, record);
  const names = [...sight.services.keys()];
  const rank = ({ service = '' }: ProcessReport) => (names.includes(service) ? names.indexOf(service) : names.length);
  const certain = sight.owned
    .map((owned) => reportOwned(machine, sight, owned))
    .sort((a, b) => rank(a) - rank(b) || Number(b.role === 'keeper') - Number(a.role === 'keeper') || a.pid - b.pid);
  const suspects = findSuspects(machine, project.root, sight, ports).map((suspect) => reportSuspect(machine, suspect));
  return [...certain, ...suspects];
}

function reportOwned(machine: Machine, sight: Sight, owned: Owned): ProcessReport {
  const { process, role, service, evidence } = owned;
  const listeners = [...sight.services.values()].flatMap((one) => one.listeners).filter(({ pid }) => pid === process.pid);
  return {
    pid: process.pid,
    ...(service === undefined ? {} : { service }),
    role,
    class: owned.class,
    evidence,
    ports: [...new Set(listeners.map(({ port }) => port))],
    ageSeconds: machine.processes.ageSeconds(process),
    command: commandOf(machine, owned),
  };
}

function reportSuspect(
  { processes }: Machine,
  { process, service, evidence, ports, command, cwd, class: kind }: Suspect,
): ProcessReport {
  return {
    pid: process.pid,
    ...(service === undefined ? {} : { service }),
    role: 'service',
    class: kind,
    evidence,
    ports,
    ageSeconds: processes.ageSeconds(process),
    command,
    user: processes.userName(process.uid),
    ...(cwd === undefined ? {} : { cwd }),
  };
}
