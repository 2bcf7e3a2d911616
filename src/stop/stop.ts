import { join } from 'node:path';
import type { Survivor } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import type { Owned } from '../ownership/owned.ts';
import type { Project } from '../project/project.ts';
import { writeRecord, type RunRecord } from '../project/run-record.ts';
import { observe } from '../services/observe.ts';
import { endProcesses, type Patience } from './apply.ts';
import { planStop, type StopPlan, type StopRequest } from './plan.ts';
import { endTmuxServer, type TmuxLayerOutcome } from './tmux-layer.ts';

export interface StopFacts {
  record: RunRecord | undefined;
  owned: Owned[];
}

export interface LayerReport {
  layer: 'graceful' | 'tmux' | 'socket';
  found: number;
  done: string;
  left: number;
}

export interface StopOutcome {
  layers: LayerReport[];
  survivors: Survivor[];
  seconds: number;
}

export interface ApplyOptions extends Patience {
  by: string;
  /** A restart goes on in the same panes. */
  keepServer?: boolean;
}

export function gatherStop(machine: Machine, project: Project, record: RunRecord | undefined): StopFacts {
  return { record, owned: observe(machine, project, record).owned };
}

export function makeStopPlan(machine: Machine, project: Project, facts: StopFacts, request: StopRequest): StopPlan {
  return planStop(project.id, facts.owned, request, (owned) => commandOf(machine, owned));
}

export interface Stopped {
  plan: StopPlan;
  outcome: StopOutcome;
}

/** Looks, plans and carries the stop out. The caller holds the lock. */
export async function stopProject(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  services: string[],
  options: ApplyOptions,
): Promise<Stopped> {
  const live = record?.ended ? undefined : record;
  const plan = makeStopPlan(machine, project, gatherStop(machine, project, live), { services });
  return { plan, outcome: await applyStop(machine, project, live, plan, options) };
}

/** Carries a stop out: mark as stopping, graceful layer, tmux layer, socket layer, and the record. */
async function applyStop(
  machine: Machine,
  project: Project,
  record: RunRecord | undefined,
  plan: StopPlan,
  options: ApplyOptions,
): Promise<StopOutcome> {
  const { files, clock } = machine;
  const start = clock.now();
  const { services } = plan.selector;
  const all = services === 'all';
  if (record || plan.seen.length > 0)
    withoutSpace(() => {
      markStopping(machine, project, services);
    });

  const graceful = await endProcesses(machine, project, record, plan.selector, options);
  const layers: LayerReport[] = [
    {
      layer: 'graceful',
      found: graceful.found,
      done: graceful.killed > 0 ? `ended, ${String(graceful.killed)} by KILL` : 'ended',
      left: graceful.left.length,
    },
  ];
  const survivors = graceful.left.map((owned) => describeSurvivor(machine, owned));

  if (all && survivors.length === 0 && !options.keepServer) {
    const server = await endTmuxServer(machine, project, record, options.by);
    layers.push(tmuxReport(server));
    if (server.kind === 'left') survivors.push(...server.owned.map((owned) => describeSurvivor(machine, owned)));
    else layers.push(removeLeftovers(machine, project, record, server));
  }
  if (survivors.length === 0 && record) {
    if (all && !options.keepServer) files.remove(project.paths.run);
    withoutSpace(() => {
      forget(machine, project, record, services, options);
    });
  }
  return { layers, survivors, seconds: (clock.now() - start) / 1000 };
}

/** A stop stops, also where nothing can be written down: the record then speaks of processes that nobody will find. */
function withoutSpace(write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EROFS') throw error;
  }
}

/** Keepers look for these before they start anything again. */
function markStopping({ files }: Machine, project: Project, services: 'all' | string[]): void {
  files.makeFolder(project.paths.run, { isPrivate: true });
  const names = services === 'all' ? ['stopping'] : services.map((name) => `${name}.stopping`);
  for (const name of names) files.createNew(join(project.paths.run, name), '');
}

function tmuxReport(outcome: TmuxLayerOutcome): LayerReport {
  switch (outcome.kind) {
    case 'nothing':
      return { layer: 'tmux', found: 0, done: 'nothing to do', left: 0 };
    case 'ended':
      return { layer: 'tmux', found: 1, done: 'server ended', left: 0 };
    case 'kept':
      return {
        layer: 'tmux',
        found: 1,
        done: `our panes ended; the server stays, for it has ${String(outcome.foreignPanes)} pane(s) that devctl did not open`,
        left: 0,
      };
    case 'left':
      return { layer: 'tmux', found: 1, done: 'server did not end', left: outcome.owned.length };
  }
}

function removeLeftovers(
  { files }: Machine,
  project: Project,
  record: RunRecord | undefined,
  server: TmuxLayerOutcome,
): LayerReport {
  const sockets = server.kind === 'kept' ? [] : [record?.tmux?.socket ?? project.paths.tmuxSocket];
  const stale = sockets.filter((path) => files.stat(path) !== undefined);
  for (const path of stale) files.remove(path);
  return { layer: 'socket', found: stale.length, done: stale.length > 0 ? 'stale socket removed' : 'nothing to do', left: 0 };
}

/** The record says what is true now: nothing of these services is alive. */
function forget(
  { files, clock }: Machine,
  project: Project,
  record: RunRecord,
  services: 'all' | string[],
  options: ApplyOptions,
): void {
  const gone = (name: string) => services === 'all' || services.includes(name);
  const rest = Object.fromEntries(Object.entries(record.services).filter(([name]) => !gone(name)));
  record.services = rest;
  record.wanted = record.wanted.filter((name) => !gone(name));
  for (const name of files.list(project.paths.run)) {
    const [service = ''] = /^(.+)\.(?:spec|stdin|exit|stopping)$/.exec(name)?.slice(1) ?? [];
    if (service !== '' && gone(service)) files.remove(join(project.paths.run, name));
  }
  if (services === 'all' && !options.keepServer) {
    delete record.tmux;
    record.ended = { at: new Date(clock.now()).toISOString(), by: options.by };
  }
  writeRecord(files, project.paths.record, record);
}

export function commandOf({ processes }: Pick<Machine, 'processes'>, { process }: Owned): string {
  const command = processes.argv(process.pid).join(' ');
  return command === '' ? `[${process.comm}]` : command;
}

function describeSurvivor(machine: Machine, owned: Owned): Survivor {
  return {
    pid: owned.process.pid,
    ...(owned.service === undefined ? {} : { service: owned.service }),
    command: commandOf(machine, owned),
    evidence: owned.evidence.join(', '),
  };
}
