import { join } from 'node:path';
import type { Holder } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import type { ProcessIdentity } from '../machine/processes.ts';
import { withBeneath } from '../ownership/beneath.ts';
import type { Claim } from '../ownership/claim.ts';
import type { Owned } from '../ownership/owned.ts';
import type { Permission } from '../ownership/target.ts';
import { limitsOf, permitted } from '../stop/end-suspects.ts';
import { callerOf } from '../project/caller.ts';
import type { Definitions } from '../project/definitions.ts';
import { readHistory, withLesson, type History } from '../project/history.ts';
import type { Project } from '../project/project.ts';
import type { Mode, RunRecord } from '../project/run-record.ts';
import type { Service } from '../project/service.ts';
import { projectPorts, type ProjectPort } from '../project/ports.ts';
import { observe, type Sight } from '../services/observe.ts';
import { isAlive, isUp, serviceState, type ServiceState } from '../services/state.ts';
import { describeHeld, findHeldPorts, type HeldPort } from '../services/suspects.ts';
import { commandOf } from '../services/command-of.ts';
import { findFrameworkLocks, type FrameworkLock } from './framework-locks.ts';

export interface StartRequest {
  /** Those that are wanted up, with what they depend on, in the order in which they start. */
  services: Service[];
  mode: Mode;
  /** `--mode` was typed: it may not be overruled. */
  isModeExplicit: boolean;
  /** `-f` was typed. */
  isProcfileExplicit: boolean;
  /** Ports that were named with `--take-port`: whoever listens there is ended. */
  takePorts: number[];
  /** The command stays for as long as the services do. */
  isForeground?: boolean;
}

export interface SeenProcess {
  pid: number;
  command: string;
  evidence: string;
}

export interface StartFacts {
  definitions: Pick<Definitions, 'procfile' | 'services'>;
  /** The run that is still alive. */
  live: RunRecord | undefined;
  states: Map<string, ServiceState>;
  /** Living keepers, by service. */
  keepers: Map<string, ProcessIdentity>;
  /** Is anything of the project alive that this start could not use? A tmux server of ours it can. */
  hasLeftovers: boolean;
  /** Who else listens on a port that one of the requested services expects, or that is to be taken. */
  held: (HeldPort & {
    holders: Holder[];
    /** What is asked for its end, if anything is: `--take-port`, or else that it is an orphaned server of ours. */
    permission: Permission;
    /** Who would end by that, with what stands below. */
    ends: SeenProcess[];
  })[];
  /** Processes of ours that listen on such a port, of no service, or of one that the definitions no longer have. */
  straysInTheWay: Owned[];
  locks: FrameworkLock[];
  claim: Claim;
  history: History;
  isTmuxInstalled: boolean;
  /** An agent's sandbox, whose processes end with the command. */
  isSandboxed: boolean;
}

/** `ending`: services that will have been stopped by then, as a restart does; the facts are as they will be. */
export function gatherStart(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  definitions: Definitions,
  request: StartRequest,
  ending: 'all' | readonly string[] = [],
): StartFacts {
  const isEnding = (name: string | undefined) => ending === 'all' || (name !== undefined && ending.includes(name));
  const sight = observe(machine, project, record);
  const states = new Map<string, ServiceState>();
  const keepers = new Map<string, ProcessIdentity>();
  // A container of theirs that serves their port ends with them, and looks like somebody else.
  const freed = new Set<number>();
  for (const [name, observation] of sight.services) {
    const service = record?.services[name]?.service ?? definitions.services.find((candidate) => candidate.name === name);
    const state = serviceState(observation, service?.oneShot ?? false);
    states.set(name, isEnding(name) ? { kind: 'idle' } : state);
    if (isEnding(name) && isAlive(state) && service && 'port' in service.expects) freed.add(service.expects.port);
    const keeper = observation.keeper?.process;
    if (keeper) keepers.set(name, { pid: keeper.pid, start: keeper.start });
  }
  const isLive =
    record?.ended === undefined && sight.owned.some(({ role, service }) => role !== 'infrastructure' && !isEnding(service));
  const history = readHistory(machine.files, project.paths.history);
  const due = request.services.filter((service) => !isUp(states.get(service.name)));
  const ports: ProjectPort[] = [
    ...projectPorts(due, [], {}),
    ...request.takePorts.map((port) => ({ port, why: 'declared' as const })),
  ];
  return {
    definitions,
    live: isLive ? record : undefined,
    states,
    keepers,
    hasLeftovers: sight.owned.some((owned) => owned.role !== 'infrastructure' || request.mode === 'direct'),
    held: findHeldPorts(
      machine,
      project.root,
      sight,
      ports.filter(({ port }) => !freed.has(port)),
    ).map((held) => withEnds(machine, sight, held, request.takePorts)),
    straysInTheWay: straysOn(machine, sight, definitions.services, ports),
    locks: findFrameworkLocks(machine, due, new Set(sight.owned.map(({ process }) => process.pid))),
    claim: sight.claim,
    history,
    isTmuxInstalled: machine.tmux.isInstalled(),
    isSandboxed: isSandboxed(machine, sight),
  };
}

/** Source: measured, Claude Code 2.1.329: bwrap with a pid namespace of its own and --die-with-parent. */
function isSandboxed({ env }: Machine, { table }: Sight): boolean {
  return table.byPid.get(1)?.comm === 'bwrap' && callerOf(env).kind === 'agent';
}

function withEnds(machine: Machine, { table, claim }: Sight, held: HeldPort, takePorts: number[]): StartFacts['held'][number] {
  const permission: Permission = takePorts.includes(held.port)
    ? { kind: 'ports', ports: [held.port] }
    : { kind: 'orphaned-servers' };
  const ends = withBeneath(table, permitted(held.suspects, permission, claim), limitsOf(machine, claim));
  return { ...held, holders: describeHeld(machine, held), permission, ends: ends.map((owned) => seenProcess(machine, owned)) };
}

function straysOn(machine: Machine, { owned, listeners }: Sight, defined: Service[], ports: ProjectPort[]): Owned[] {
  const wanted = listeners.filter((listener) => ports.some(({ port }) => port === listener.port));
  const strays = owned.filter(({ service }) => !defined.some(({ name }) => name === service));
  const holding = machine.listeners.ownedBy(
    strays.map(({ process }) => process.pid),
    wanted,
  );
  return strays.filter(({ process }) => holding.some(({ pid }) => pid === process.pid));
}

export function seenProcess(machine: Machine, owned: Owned): SeenProcess {
  return { pid: owned.process.pid, command: commandOf(machine, owned), evidence: owned.evidence.join(', ') };
}

export const specPath = (project: Project, name: string): string => join(project.paths.run, `${name}.spec`);
export const fifoPath = (project: Project, name: string): string => join(project.paths.run, `${name}.stdin`);
export const withHistory = (service: Service, history: History): Service => withLesson(service, history[service.name]);
