import { join } from 'node:path';
import type { Listener, OwnedListener } from '../machine/listeners.ts';
import type { Machine } from '../machine/machine.ts';
import type { ProcessIdentity, ProcessTable } from '../machine/processes.ts';
import type { Claim } from '../ownership/claim.ts';
import { findOwned, type Owned } from '../ownership/owned.ts';
import { isMarkOf, projectMark, serviceMark } from '../project/identity.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { parseExitFile } from './exit-file.ts';
import type { Observation } from './state.ts';

/** What was seen of a project in one look. */
export interface Sight {
  table: ProcessTable;
  owned: Owned[];
  services: Map<string, Observation>;
  /** Ours for certain, and of no service that the record knows. */
  strays: Owned[];
  infrastructure: Owned[];
  listeners: Listener[];
}

type Eyes = Pick<Machine, 'processes' | 'listeners' | 'files'>;

/**
 * Looks at everything of a project: the process table, whose each is, exit files, listeners. About 5 ms, and 10 more where
 * anything listens. Services that are `asked` for are known by their mark, also where the record is lost.
 */
export function observe(machine: Eyes, project: Project, record: RunRecord | undefined, asked: string[] = []): Sight {
  const { processes, files } = machine;
  // Without a record somebody else's processes are asked for the mark alone: there is nothing else to hold them against.
  const table = processes.scan(record ? { since: record.since, evidence: 'all' } : { since: 0, evidence: 'mark' });
  const owned = findOwned(table, makeClaim(machine, project, record, table, asked));
  const listeners = listen(machine, owned);

  const names = record ? [...new Set([...record.defined.map((service) => service.name), ...Object.keys(record.services)])] : [];
  const services = new Map<string, Observation>();
  for (const name of names) {
    const own = owned.filter((candidate) => candidate.service === name && candidate.role !== 'infrastructure');
    const pids = new Set(own.map((candidate) => candidate.process.pid));
    const exit = files.readText(join(project.paths.run, `${name}.exit`));
    services.set(name, {
      keeper: own.find((candidate) => candidate.role === 'keeper'),
      processes: own.filter((candidate) => candidate.role === 'service'),
      exit: exit === undefined ? undefined : parseExitFile(exit),
      listeners: listeners.owned.filter((listener) => pids.has(listener.pid)),
      wasStarted: record?.services[name]?.startedAt !== undefined,
    });
  }
  return {
    table,
    owned,
    services,
    strays: owned.filter(
      (candidate) => candidate.role !== 'infrastructure' && (candidate.service === undefined || !services.has(candidate.service)),
    ),
    infrastructure: owned.filter((candidate) => candidate.role === 'infrastructure'),
    listeners: listeners.all,
  };
}

function listen({ listeners }: Eyes, owned: Owned[]): { all: Listener[]; owned: OwnedListener[] } {
  const pids = owned.filter((candidate) => candidate.role === 'service').map((candidate) => candidate.process.pid);
  const first = pids[0];
  if (first === undefined || !listeners.anySocket(pids)) return { all: [], owned: [] };
  const all = listeners.all(first);
  return { all, owned: listeners.ownedBy(pids, all) };
}

function makeClaim(
  { processes, files }: Eyes,
  project: Project,
  record: RunRecord | undefined,
  table: ProcessTable,
  asked: string[],
): Claim {
  const known = Object.values(record?.services ?? {});
  const marks = new Map((record?.defined ?? []).map((service) => [service.mark, service.name]));
  for (const { service } of known) marks.set(service.mark, service.name);
  for (const name of asked) marks.set(serviceMark(project.id, name), name);
  const isProjectMark = (mark: string) => isMarkOf(project.id, mark);

  const keepers: Claim['keepers'] = known.flatMap(({ keeper, service }) =>
    keeper ? [{ identity: keeper, service: service.name }] : [],
  );
  for (const process of table.all) {
    const service =
      process.mark !== undefined && process.pid === process.sid && isProjectMark(process.mark)
        ? keeperName(processes.argv(process.pid))
        : undefined;
    if (service !== undefined) keepers.push({ identity: identityOf(process), service });
  }
  const outputs = new Map<string, string>();
  for (const { service, log } of known) {
    const stat = log.ours ? files.stat(log.path) : undefined;
    if (stat) outputs.set(stat.id, service.name);
  }
  for (const { identity, service } of keepers) {
    const keeper = table.byPid.get(identity.pid);
    if (keeper?.start === identity.start && keeper.tty !== 0) outputs.set(`tty:${String(keeper.tty)}`, service);
  }
  return {
    projectId: project.id,
    uid: process.getuid?.() ?? 0,
    since: record?.since ?? 0,
    keepers,
    marks,
    projectMark: projectMark(project.id),
    isProjectMark,
    outputs,
    spared: processes.ancestors(table),
  };
}

/** `sh .../keeper.sh NAME` */
function keeperName(argv: string[]): string | undefined {
  return argv[1]?.endsWith('/keeper.sh') ? argv[2] : undefined;
}

const identityOf = ({ pid, start }: ProcessIdentity): ProcessIdentity => ({ pid, start });
