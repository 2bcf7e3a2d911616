import { join } from 'node:path';
import type { Listener, OwnedListener } from '../machine/listeners.ts';
import type { Machine } from '../machine/machine.ts';
import type { ProcessTable } from '../machine/processes.ts';
import type { Claim } from '../ownership/claim.ts';
import { findOwned, type Owned } from '../ownership/owned.ts';
import type { SetApart } from '../ownership/set-apart.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import type { Service } from '../project/service.ts';
import { parseExitFile, type ExitFile } from './exit-file.ts';
import { hiddenListeners } from './hidden-listeners.ts';
import { makeClaim } from './make-claim.ts';
import type { Observation } from './state.ts';

/** Whose each process is, as one scan of the process table has it. */
export interface ProcessSight {
  table: ProcessTable;
  claim: Claim;
  /** Ours for certain. */
  owned: Owned[];
  /** Those of them that belong to no service: the tmux server and its log writers. */
  infrastructure: Owned[];
  /** Shared daemons and desktop programs that carry our mark. */
  setApart: SetApart[];
}

/** What was seen of a project in one look. */
export interface Sight extends ProcessSight {
  services: Map<string, Observation>;
  /** Ours for certain, and of no service that the record knows. */
  strays: Owned[];
  listeners: Listener[];
}

type Eyes = Pick<Machine, 'processes' | 'listeners' | 'files'>;

/** Looks at the process table, about 5 ms. Services that are `asked` for are known by their mark, also where the record is lost. */
export function observeProcesses(
  machine: Pick<Eyes, 'processes' | 'files'>,
  project: Project,
  record: RunRecord | undefined,
  asked: string[] = [],
): ProcessSight {
  const logs = Object.values(record?.services ?? {}).flatMap(({ log }) => (log.ours ? [log.path] : []));
  // Without a record somebody else's processes are asked for the mark alone: there is nothing else to hold them against.
  const table = machine.processes.scan(
    record ? { since: record.since, evidence: 'all', logs } : { since: 0, evidence: 'mark', logs },
  );
  const claim = makeClaim(machine, project, record, table, asked);
  const { certain, setApart } = findOwned(table, claim);
  return {
    table,
    claim,
    owned: certain,
    infrastructure: certain.filter((candidate) => candidate.role === 'infrastructure'),
    setApart,
  };
}

/** A look takes some milliseconds, in which a command may leave a daemon and end: so often it is taken again. */
const MAX_LOOKS = 3;

/**
 * Looks at everything of a project: the process table, whose each is, exit files, listeners. About 5 ms, and 10 more where
 * anything listens.
 */
export function observe(machine: Eyes, project: Project, record: RunRecord | undefined, asked: string[] = []): Sight {
  const names = record ? [...new Set([...record.defined.map((service) => service.name), ...Object.keys(record.services)])] : [];
  const readExits = () => new Map(names.map((name) => [name, readExit(machine, project, name)]));
  let before = readExits();
  for (let look = 1; ; look += 1) {
    const seen = observeProcesses(machine, project, record, asked);
    const exits = readExits();
    const endedMeanwhile = (name: string) => exits.get(name)?.state === 'ended' && before.get(name)?.state !== 'ended';
    const isEmpty = (name: string) => !seen.owned.some(({ service, role }) => service === name && role === 'service');
    // It may have left a daemon that was born after the table was read.
    if (look === MAX_LOOKS || !names.some((name) => endedMeanwhile(name) && isEmpty(name)))
      return withServices(machine, seen, record, names, exits);
    before = exits;
  }
}

function withServices(
  machine: Eyes,
  seen: ProcessSight,
  record: RunRecord | undefined,
  names: string[],
  exits: Map<string, ExitFile | undefined>,
): Sight {
  const { owned } = seen;
  const listeners = listen(
    machine,
    seen,
    Object.values(record?.services ?? {}).map(({ service }) => service),
  );
  const services = new Map<string, Observation>();
  for (const name of names) {
    const own = owned.filter((candidate) => candidate.service === name && candidate.role !== 'infrastructure');
    const pids = new Set(own.map((candidate) => candidate.process.pid));
    services.set(name, {
      keeper: own.find((candidate) => candidate.role === 'keeper'),
      processes: own.filter((candidate) => candidate.role === 'service'),
      exit: exits.get(name),
      listeners: listeners.owned.filter((listener) => pids.has(listener.pid)),
      wasStarted: record?.services[name]?.startedAt !== undefined,
    });
  }
  return {
    ...seen,
    services,
    strays: owned.filter(
      (candidate) => candidate.role !== 'infrastructure' && (candidate.service === undefined || !services.has(candidate.service)),
    ),
    listeners: listeners.all,
  };
}

function readExit({ files }: Pick<Eyes, 'files'>, project: Project, name: string): ExitFile | undefined {
  const text = files.readText(join(project.paths.run, `${name}.exit`));
  return text === undefined ? undefined : parseExitFile(text);
}

function listen(
  { listeners }: Eyes,
  { owned, table, claim }: ProcessSight,
  services: Service[],
): { all: Listener[]; owned: OwnedListener[] } {
  const working = owned.filter((candidate) => candidate.role === 'service');
  const pids = working.map((candidate) => candidate.process.pid);
  const first = pids[0];
  if (first === undefined || !listeners.anySocket(pids)) return { all: [], owned: [] };
  const all = listeners.all(first);
  const known = listeners.ownedBy(pids, all);
  return { all, owned: [...known, ...hiddenListeners(listeners, working, { table, uid: claim.uid, all, known, services })] };
}
