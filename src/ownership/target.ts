import type { ProcessIdentity, ProcessInfo, Target } from '../machine/processes.ts';
import type { Member } from './agent-tree.ts';
import type { Claim } from './claim.ts';
import type { Owned } from './owned.ts';
import type { Suspect } from './suspect.ts';

/** The one place where a process becomes one that may be signalled. What is spared is in no `Owned`. */
export function authorize(owned: Owned): Target {
  return { pid: owned.process.pid, start: owned.process.start } as Target;
}

/** One of an agent's work, or of those that fork or watch it: it may be stopped for a while, and continued. */
export function authorizePause({ process, role }: Member): Target | undefined {
  return role === 'work' || role === 'shell' ? authorizeRelease(process) : undefined;
}

/** One that a governor has stopped, by its own notes: it may be continued. */
export function authorizeRelease({ pid, start }: ProcessIdentity): Target {
  return { pid, start } as Target;
}

/** Who asked for the end of a process that is not ours for certain. */
export type Permission =
  /** `--force`, `nuke`: all that is probable. */
  | { kind: 'probable' }
  /** A start's preflight: orphaned servers of ours from before. */
  | { kind: 'orphaned-servers' }
  /** `--take-port`, or a yes to the question: whoever listens on these ports. */
  | { kind: 'ports'; ports: number[] };

/** Does the permission reach this process? Never devctl's ancestors, another user's, or a desktop program that it does not name. */
export function permits(permission: Permission, suspect: Suspect, { spared, uid }: Pick<Claim, 'spared' | 'uid'>): boolean {
  const { process } = suspect;
  if (process.pid <= 1 || spared.has(process.pid) || process.uid !== uid) return false;
  switch (permission.kind) {
    case 'probable':
      return suspect.class === 'probable' && !suspect.isDesktop;
    case 'orphaned-servers':
      return suspect.isOrphanedServer;
    case 'ports':
      return !suspect.isDesktop && suspect.ports.some((port) => permission.ports.includes(port));
  }
}

/** A suspect that may be ended, as one of the engine's. */
export function admit(suspect: Suspect, permission: Permission): Owned {
  return {
    process: permission.kind === 'orphaned-servers' ? suspect.top : suspect.process,
    role: 'service',
    class: permission.kind === 'ports' ? 'named' : 'probable',
    service: suspect.service,
    evidence: suspect.evidence,
  };
}

/** A process whose end was asked for by name, whoever it belongs to (`nuke --everything`). */
export function admitNamed(process: ProcessInfo, why: string): Owned {
  return { process, role: 'service', class: 'named', service: undefined, evidence: [why] };
}

/** What stands below one that is ended goes with it, and is told so. */
export function admitBelow(process: ProcessInfo, root: Owned): Owned {
  return { ...root, process, evidence: [`beneath pid ${String(root.process.pid)}`] };
}
