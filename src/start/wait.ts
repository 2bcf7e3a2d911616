import type { Failure } from '../failure.ts';
import type { OwnedListener } from '../machine/listeners.ts';
import type { Machine } from '../machine/machine.ts';
import type { Definitions } from '../project/definitions.ts';
import type { RecordedService } from '../project/run-record.ts';
import type { Service } from '../project/service.ts';
import { findCrashSign } from '../services/crash-signs.ts';
import { passesChecks, uncheckedYet } from '../services/checks.ts';
import { observe, type Sight } from '../services/observe.ts';
import { serviceState } from '../services/state.ts';
import { findHeldPorts } from '../services/suspects.ts';
import type { Suspect } from '../ownership/suspect.ts';
import { dueServices, waitsForNobody } from './dependencies.ts';
import { judge, type Memory, type Verdict } from './judge.ts';
import type { Progress } from './progress.ts';
import type { Result } from '../result.ts';
import type { SpawnContext } from './spawn.ts';

/** The run that is waited for. */
export type WaitContext = Pick<SpawnContext, 'machine' | 'project' | 'record'> & { definitions: Pick<Definitions, 'services'> };

export interface WaitRequest {
  /** Services that this start brings up. */
  services: Service[];
  /** Those of them that were up before: what they showed until now counts. */
  kept: string[];
  timeoutMs: number;
  /** Wait only until everything is spawned. */
  spawnOnly: boolean;
  /** Told after every look. */
  onProgress: (progress: Progress[]) => void;
  /** Is the run still ours? Somebody else may have stopped it. */
  stillWanted: () => string | undefined;
  /** Starts what waited for others; nothing if that is not (or no longer) ours to do. */
  spawn: (services: Service[]) => Promise<Result<void> | undefined>;
}

export type WaitOutcome =
  | { kind: 'up'; services: Progress[] }
  | { kind: 'failed'; services: Progress[] }
  | { kind: 'stopped'; by: string }
  /** What waited for others could not be spawned. */
  | { kind: 'broken'; failure: Failure };

const FIRST_INTERVAL_MS = 15;
const LAST_INTERVAL_MS = 100;

/** Looks again and again until every service is up, one has failed, or somebody stopped the run; spawns what waited for others. */
export async function waitUntilUp(context: WaitContext, request: WaitRequest): Promise<WaitOutcome> {
  const { machine } = context;
  const { clock } = machine;
  const memories = new Map<string, Memory>();
  const spawned = new Set(
    request.services
      .filter(({ name }) => request.kept.includes(name) || context.record.services[name]?.startedAt !== undefined)
      .map((service) => service.name),
  );
  const begin = clock.elapsed();
  for (let interval = FIRST_INTERVAL_MS; ; interval = Math.min(interval * 1.3, LAST_INTERVAL_MS)) {
    machine.checkpoints.reach('start.waiting');
    const by = request.stillWanted();
    if (by !== undefined) return { kind: 'stopped', by };
    const sight = observe(machine, context.project, context.record);
    const progress: Progress[] = [];
    for (const service of request.services) {
      if (!spawned.has(service.name)) {
        progress.push({ kind: 'pending', service: service.name, after: Object.keys(service.dependsOn) });
        continue;
      }
      const memory = memories.get(service.name) ?? firstMemory(context, sight, service, request.kept.includes(service.name));
      memories.set(service.name, memory);
      // Of a service that was up before, the wait counts from now.
      const grownMs = Math.max(0, begin - memory.startedMs);
      progress.push(await look(context, sight, service, memory, request.timeoutMs + grownMs));
    }
    request.onProgress(progress);
    if (progress.some((one) => one.kind === 'failed')) {
      // A stop in between looks like a death.
      const stopper = request.stillWanted();
      return stopper === undefined ? { kind: 'failed', services: progress } : { kind: 'stopped', by: stopper };
    }
    const hopeless = progress.map((one) =>
      one.kind === 'pending' && waitsForNobody(context, request.services, one.service, progress, sight) ? blocked(one, 0) : one,
    );
    if (hopeless.some((one) => one.kind === 'failed')) return { kind: 'failed', services: hopeless };
    const due = dueServices(context, request.services, progress, sight);
    const done = due.length > 0 ? await request.spawn(due) : undefined;
    if (done?.ok === false) return { kind: 'broken', failure: done.failure };
    if (done) {
      for (const service of due) spawned.add(service.name);
    } else if (progress.every((one) => one.kind === 'up' || (request.spawnOnly && one.kind === 'waiting'))) {
      return { kind: 'up', services: progress };
    } else if (
      progress.every((one) => one.kind === 'up' || one.kind === 'pending') &&
      clock.elapsed() - begin > request.timeoutMs
    ) {
      return {
        kind: 'failed',
        services: progress.map((one) => (one.kind === 'pending' ? blocked(one, clock.elapsed() - begin) : one)),
      };
    }
    await clock.sleep(interval);
  }
}

/** A service that was up before has shown itself for as long as its keeper lives; by the kernel's clock, for the wall's may have moved. */
function firstMemory({ machine }: WaitContext, sight: Sight, service: Service, wasUp: boolean): Memory {
  const nowMs = machine.clock.elapsed();
  const keeper = wasUp ? sight.services.get(service.name)?.keeper?.process : undefined;
  const startedMs = keeper ? nowMs - machine.processes.ageSeconds(keeper) * 1000 : nowMs;
  const fresh = { startedMs, checked: uncheckedYet() };
  return wasUp ? { ...fresh, upSinceMs: startedMs, listeningSinceMs: startedMs } : fresh;
}

function blocked(pending: Progress & { kind: 'pending' }, waitedMs: number): Progress {
  return {
    kind: 'failed',
    service: pending.service,
    mishap: { kind: 'blocked', by: pending.after.join(', ') },
    seconds: waitedMs / 1000,
  };
}

async function look(context: WaitContext, sight: Sight, service: Service, memory: Memory, timeoutMs: number): Promise<Progress> {
  const { machine, record } = context;
  const recorded = record.services[service.name];
  const observation = sight.services.get(service.name);
  if (!recorded || !observation) return { kind: 'pending', service: service.name, after: [] };
  const state = serviceState(observation, service.oneShot);
  const verdict = judge(
    service,
    {
      nowMs: machine.clock.elapsed(),
      state,
      listeners: observation.listeners,
      cpuMs: observation.processes.reduce((sum, owned) => sum + owned.process.cpuMs, 0),
      published: isPublished(machine, context.project.root, sight, service),
      checksPassed: await passesChecks(machine, service, recorded, observation.listeners, memory.checked),
      crashSign: observation.listeners.length === 0 ? crashSign(machine, recorded) : undefined,
      timeoutMs,
    },
    memory,
  );
  const seconds = (machine.clock.elapsed() - memory.startedMs) / 1000;
  if (verdict.kind === 'up') memory.upAfterSeconds ??= seconds;
  return toProgress(
    service.name,
    verdict,
    verdict.kind === 'up' ? (memory.upAfterSeconds ?? seconds) : seconds,
    observation.listeners,
  );
}

function toProgress(service: string, verdict: Verdict, seconds: number, listeners: OwnedListener[]): Progress {
  switch (verdict.kind) {
    case 'waiting':
      return { kind: 'waiting', service, for: verdict.for, seconds };
    case 'up':
      return {
        kind: 'up',
        service,
        how: verdict.how,
        seconds,
        listeners,
        ...(verdict.note === undefined ? {} : { note: verdict.note }),
      };
    case 'failed':
      return { kind: 'failed', service, mishap: verdict.mishap, seconds };
  }
}

/** A container's port is served by docker-proxy or dockerd, never by our tree. */
function isPublished(machine: Machine, root: string, sight: Sight, service: Service): boolean {
  if (!('port' in service.expects) || !/\b(?:docker|podman)\b/.test(service.command)) return false;
  const [held] = findHeldPorts(machine, root, sight, [{ port: service.expects.port, why: 'expected' }]);
  const isContainers = ({ command }: Suspect) => /docker|podman|rootlessport/.test(command);
  return held !== undefined && (held.suspects.length === 0 || held.suspects.some(isContainers));
}

function crashSign({ files }: Machine, { log }: RecordedService): string | undefined {
  const size = files.stat(log.path)?.size ?? 0;
  const from = Math.max(log.fromByte, size - 8192);
  return size > from ? findCrashSign(files.readSlice(log.path, from, size - from).toString('utf8')) : undefined;
}
