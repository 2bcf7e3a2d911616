import type { Owned } from '../ownership/owned.ts';

/** Which processes a stop may signal: those of the project that are ours for certain, of all services or of some. */
export interface Selector {
  project: string;
  class: 'certain';
  services: 'all' | string[];
}

/** What a stop would do. Every signal that it then sends matches the selector, also to a process born since. */
export interface StopPlan {
  selector: Selector;
  layers: ('graceful' | 'tmux' | 'socket')[];
  /** The processes as they were when the plan was made. */
  seen: { pid: number; service?: string; role: Owned['role']; command: string; evidence: string }[];
}

export interface StopRequest {
  /** Empty: everything. */
  services: string[];
}

/** Pure. */
export function planStop(projectId: string, owned: Owned[], request: StopRequest, commandOf: (owned: Owned) => string): StopPlan {
  const all = request.services.length === 0;
  const selector: Selector = { project: projectId, class: 'certain', services: all ? 'all' : request.services };
  return {
    selector,
    layers: all ? ['graceful', 'tmux', 'socket'] : ['graceful'],
    seen: owned
      .filter((candidate) => matches(selector, candidate) || (all && candidate.role === 'infrastructure'))
      .map((candidate) => ({
        pid: candidate.process.pid,
        ...(candidate.service === undefined ? {} : { service: candidate.service }),
        role: candidate.role,
        command: commandOf(candidate),
        evidence: candidate.evidence.join(', '),
      })),
  };
}

/** May the plan's selector reach this process? Infrastructure ends by the tmux layer, not by signals. */
export function matches(selector: Selector, owned: Owned): boolean {
  if (owned.role === 'infrastructure') return false;
  return selector.services === 'all' || (owned.service !== undefined && selector.services.includes(owned.service));
}
