import type { Owned } from '../ownership/owned.ts';
import type { Suspect } from '../ownership/suspect.ts';
import type { Layer } from './options.ts';

/** Which processes a stop may signal: those of the project that are ours for certain, of all services or of some. */
export interface Selector {
  project: string;
  class: 'certain';
  services: 'all' | string[];
}

/** A process as it was when the plan was made. */
export interface Seen {
  pid: number;
  service?: string;
  role: Owned['role'];
  command: string;
  evidence: string;
}

/** One that is not ours for certain, and what the stop would do about it. */
export interface SeenSuspect extends Omit<Seen, 'role'> {
  class: Suspect['class'];
  ports: number[];
  action: 'end' | 'leave';
}

/** What a stop would do. Every signal that it then sends matches a selector, also to a process born since. */
export interface StopPlan {
  selector: Selector;
  /** Are those that are probably ours reached as well? */
  isForced: boolean;
  layers: Layer[];
  seen: Seen[];
  suspects: SeenSuspect[];
}

export interface StopRequest {
  /** Empty: everything. */
  services: string[];
  isForced: boolean;
  /** Only what is certain, as a restart has it. */
  isNarrow: boolean;
}

/** Pure. */
export function planStop(
  projectId: string,
  owned: Owned[],
  suspects: Suspect[],
  request: StopRequest,
  commandOf: (owned: Owned) => string,
): StopPlan {
  const all = request.services.length === 0;
  const selector: Selector = { project: projectId, class: 'certain', services: all ? 'all' : request.services };
  const certain: Layer[] = all ? ['graceful', 'tmux', 'socket'] : ['graceful'];
  return {
    selector,
    isForced: request.isForced,
    layers: request.isNarrow ? certain : [...certain, 'port', 'pattern'],
    seen: owned
      .filter((candidate) => matches(selector, candidate) || (all && candidate.role === 'infrastructure'))
      .map((candidate) => ({
        pid: candidate.process.pid,
        ...named(candidate),
        role: candidate.role,
        command: commandOf(candidate),
        evidence: candidate.evidence.join(', '),
      })),
    suspects: suspects.map((suspect) => ({
      pid: suspect.process.pid,
      ...named(suspect),
      command: suspect.command,
      evidence: suspect.evidence.join(', '),
      class: suspect.class,
      ports: suspect.ports,
      action: request.isForced && suspect.class === 'probable' && !suspect.isDesktop ? 'end' : 'leave',
    })),
  };
}

function named({ service }: { service: string | undefined }): { service?: string } {
  return service === undefined ? {} : { service };
}

/** May the plan's selector reach this process? Infrastructure ends by the tmux layer, not by signals. */
export function matches(selector: Selector, owned: Owned): boolean {
  if (owned.role === 'infrastructure') return false;
  return selector.services === 'all' || (owned.service !== undefined && selector.services.includes(owned.service));
}
