import { join } from 'node:path';
import type { Holder } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import type { ProcessTable } from '../machine/processes.ts';
import type { Definitions } from '../project/definitions.ts';
import { readHistory, withLesson, type History } from '../project/history.ts';
import type { Project } from '../project/project.ts';
import type { Mode, RunRecord } from '../project/run-record.ts';
import type { Service } from '../project/service.ts';
import { observe } from '../services/observe.ts';
import { isUp, serviceState, type ServiceState } from '../services/state.ts';

export interface StartRequest {
  /** Those that are wanted up, with what they depend on, in the order in which they start. */
  services: Service[];
  mode: Mode;
  /** `--mode` was typed: it may not be overruled. */
  isModeExplicit: boolean;
  /** `-f` was typed. */
  isProcfileExplicit: boolean;
}

export interface StartFacts {
  definitions: Pick<Definitions, 'procfile' | 'services'>;
  /** The run that is still alive. */
  live: RunRecord | undefined;
  states: Map<string, ServiceState>;
  /** Is anything of the project alive that this start could not use? A tmux server of ours it can. */
  hasLeftovers: boolean;
  /** Who else listens on a port that one of the requested services expects. */
  holders: Holder[];
  history: History;
  isTmuxInstalled: boolean;
}

export function gatherStart(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  definitions: Definitions,
  request: StartRequest,
): StartFacts {
  const sight = observe(machine, project, record);
  const states = new Map<string, ServiceState>();
  for (const [name, observation] of sight.services) {
    const service = record?.services[name]?.service ?? definitions.services.find((candidate) => candidate.name === name);
    states.set(name, serviceState(observation, service?.oneShot ?? false));
  }
  const isLive =
    record !== undefined && record.ended === undefined && sight.owned.some((owned) => owned.role !== 'infrastructure');
  const history = readHistory(machine.files, project.paths.history);
  const ours = new Set(sight.owned.map((owned) => owned.process.pid));
  const expected = request.services
    .filter((service) => !isUp(states.get(service.name)))
    .flatMap((service) => ('port' in service.expects ? [service.expects.port] : []));
  return {
    definitions,
    live: isLive ? record : undefined,
    states,
    hasLeftovers: sight.owned.some((owned) => owned.role !== 'infrastructure' || request.mode === 'direct'),
    holders: expected.length === 0 ? [] : findHolders(machine, sight.table, expected, ours),
    history,
    isTmuxInstalled: machine.tmux.isInstalled(),
  };
}

/** Those that listen on one of the ports and are not ours. Clients of a port are nobody's business. */
export function findHolders(
  { listeners, processes }: Machine,
  table: ProcessTable,
  ports: number[],
  ours: Set<number>,
): Holder[] {
  const held = listeners.all().filter((listener) => ports.includes(listener.port));
  if (held.length === 0) return [];
  const owned = listeners.ownedBy(
    table.all.map((process) => process.pid),
    held,
  );
  const found = new Map<number, Holder>();
  for (const listener of held) {
    const owner = owned.find((candidate) => candidate.inode === listener.inode);
    if (owner && ours.has(owner.pid)) continue;
    const info = owner && table.byPid.get(owner.pid);
    const cwd = owner && processes.cwd(owner.pid);
    found.set(listener.port, {
      port: listener.port,
      user: processes.userName(listener.uid),
      ...(owner ? { pid: owner.pid, command: processes.argv(owner.pid).join(' ') } : {}),
      ...(cwd === undefined ? {} : { cwd }),
      ...(info ? { ageSeconds: processes.ageSeconds(info) } : {}),
    });
  }
  return [...found.values()];
}

export const specPath = (project: Project, name: string): string => join(project.paths.run, `${name}.spec`);
export const fifoPath = (project: Project, name: string): string => join(project.paths.run, `${name}.stdin`);
export const withHistory = (service: Service, history: History): Service => withLesson(service, history[service.name]);
