import type { Machine } from '../machine/machine.ts';
import type { Owned } from '../ownership/owned.ts';
import { lastCodeChange, type CodeChange } from '../project/code-age.ts';
import { fileStamp, type Definitions } from '../project/definitions.ts';
import type { OpenedProject } from '../project/open.ts';
import type { RunRecord } from '../project/run-record.ts';
import type { Service } from '../project/service.ts';
import type { Result } from '../result.ts';
import { observe, type Sight } from '../services/observe.ts';
import { reach, serviceState, type Observation } from '../services/state.ts';
import { describeHeld, findHeldPorts } from '../services/suspects.ts';
import { commandOf } from '../services/command-of.ts';
import { judgeRun, standing, type ServiceReport, type StatusReport } from './report.ts';

/** Loads the definitions as they are now; only called where a file has changed since the run, or where there is no run. */
export type LoadNow = () => Promise<Result<Pick<Definitions, 'services'>>>;

/** Looks at a project and says what is there: observed, not remembered. */
export async function gatherStatus(
  machine: Machine,
  { project, record, notes }: OpenedProject,
  loadNow: LoadNow,
): Promise<Result<StatusReport>> {
  const live = record?.ended ? undefined : record;
  const sight = observe(machine, project, live);
  const isChanged = !live || live.sources.some(({ path, stamp }) => fileStamp(machine.files, path) !== stamp);
  const now = isChanged ? await loadNow() : undefined;
  if (now?.ok === false && !live) return now;
  const said = [...notes, ...(now?.ok === false ? [`the Procfile or devctl.yml has errors since the start: devctl check`] : [])];

  const defined = now?.ok === true ? now.value.services : (live?.defined ?? []);
  const change = live ? lastCodeChange(machine.files, project.root) : undefined;
  const services = serviceNames(defined, live).map((name) => reportService(machine, name, { live, sight, defined, change }));
  const strays = sight.strays.map((owned) => ({
    pid: owned.process.pid,
    ...(owned.service === undefined ? {} : { service: owned.service }),
    command: commandOf(machine, owned),
    evidence: owned.evidence.join(', '),
  }));
  return {
    ok: true,
    value: {
      root: project.root,
      ...judgeRun(services, strays),
      ...(live ? { mode: live.mode, runId: live.runId, procfile: live.procfile, startedAt: live.startedAt } : {}),
      services,
      strays,
      holders: findForeignHolders(machine, project.root, sight, services, live?.ports ?? []),
      staleFiles:
        live?.tmux && sight.infrastructure.length === 0 && machine.files.stat(live.tmux.socket) ? [live.tmux.socket] : [],
      notes: said,
    },
  };
}

function serviceNames(defined: Service[], live: RunRecord | undefined): string[] {
  return [...new Set([...defined.map((service) => service.name), ...Object.keys(live?.services ?? {})])];
}

interface View {
  live: RunRecord | undefined;
  sight: Sight;
  defined: Service[];
  change: CodeChange | undefined;
}

const NOTHING: Observation = { keeper: undefined, processes: [], exit: undefined, listeners: [], wasStarted: false };

function reportService(machine: Machine, name: string, { live, sight, defined, change }: View): ServiceReport {
  const recorded = live?.services[name];
  const definition = defined.find((service) => service.name === name);
  const service = recorded?.service ?? definition;
  const observation = sight.services.get(name) ?? NOTHING;
  const expects = service?.expects ?? ({ kind: 'nowhere' } as const);
  const tree = [...observation.processes, ...(observation.keeper ? [observation.keeper] : [])];
  const main = mainProcess(observation);
  const isWanted = live?.wanted.includes(name) ?? false;
  const startedMs = recorded?.startedAt === undefined ? undefined : Date.parse(recorded.startedAt);
  const isOld = change && startedMs !== undefined && tree.length > 0 && startedMs < change.atMs;
  const preferred =
    observation.listeners.find((listener) => 'port' in expects && listener.port === expects.port) ?? observation.listeners[0];
  return {
    name,
    state: serviceState(observation, service?.oneShot ?? false),
    isWanted,
    reach: reach(expects, observation.listeners),
    expects,
    ...(main ? { pid: main.process.pid, uptimeSeconds: machine.processes.ageSeconds(main.process) } : {}),
    listeners: distinct(observation.listeners),
    ...(preferred ? { url: `http://localhost:${String(preferred.port)}` } : {}),
    cpuSeconds: tree.reduce((sum, owned) => sum + owned.process.cpuMs, 0) / 1000,
    memoryBytes: tree.reduce((sum, owned) => sum + machine.processes.memoryBytes(owned.process), 0),
    processes: tree.length,
    ...(recorded ? { log: recorded.log.path } : {}),
    definition: !definition
      ? 'removed'
      : !live
        ? 'current'
        : !recorded
          ? live.defined.some((old) => old.name === name)
            ? 'current'
            : 'added'
          : recorded.service.fingerprint === definition.fingerprint
            ? 'current'
            : 'stale',
    ...(isOld ? { oldCode: change } : {}),
  };
}

/** One socket may be held by several processes. */
function distinct(listeners: Observation['listeners']): { port: number; address: string }[] {
  const seen = new Map(listeners.map(({ port, address }) => [`${address}:${String(port)}`, { port, address }]));
  return [...seen.values()];
}

/** The service's own shell: the keeper's child, else the oldest. */
function mainProcess({ keeper, processes }: Observation): Owned | undefined {
  const child = processes.find((owned) => keeper !== undefined && owned.process.ppid === keeper.process.pid);
  return child ?? [...processes].sort((a, b) => a.process.start - b.process.start)[0] ?? keeper;
}

/** Who holds a port that one of our services expects and does not listen on; and the project's own list of ports. */
function findForeignHolders(
  machine: Machine,
  root: string,
  sight: Sight,
  services: ServiceReport[],
  ports: number[],
): StatusReport['holders'] {
  const missing = services
    .filter((service) => standing(service) !== 'ready')
    .flatMap((service) => ('port' in service.expects ? [service.expects.port] : []));
  const elsewhere = services.flatMap((service) => (service.reach.kind === 'elsewhere' ? [service.reach.expected] : []));
  const wanted = [...new Set([...missing, ...elsewhere, ...ports])].map((port) => ({ port, why: 'expected' as const }));
  return findHeldPorts(machine, root, sight, wanted).flatMap((held) => describeHeld(machine, held));
}
