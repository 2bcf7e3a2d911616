import type { RunRecord } from '../../../src/project/run-record.ts';
import type { Service } from '../../../src/project/service.ts';
import type { ServiceState } from '../../../src/services/state.ts';
import type { StartFacts, StartRequest } from '../../../src/start/facts.ts';
import { makeClaim } from './claim.ts';
import { makeService } from './services.ts';

export const web = makeService({ name: 'web' });
export const worker = makeService({ name: 'worker' });
export const release = makeService({ name: 'release', oneShot: true });

export const UP: ServiceState = { kind: 'up', restarts: 0 };
export function makeRecord(services: Service[], over: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: 'devctl.run/1',
    runId: 'run-1',
    root: '/app',
    projectId: 'abc',
    mode: 'direct',
    bootId: 'boot',
    pidNamespace: 'pid:[1]',
    since: 0,
    startedAt: '2026-01-01T00:00:00.000Z',
    procfile: '/app/Procfile.dev',
    formation: {},
    sources: [],
    defined: services,
    services: Object.fromEntries(
      services.map((service) => [
        service.name,
        { service, log: { path: `/app/log/${service.name}.log`, ours: true, fromByte: 0 } },
      ]),
    ),
    wanted: services.map((service) => service.name),
    ports: [],
    logKeep: 3,
    ...over,
  };
}

export function factsOf(states: Record<string, ServiceState>, over: Partial<StartFacts> = {}): StartFacts {
  const isLive = Object.keys(states).length > 0;
  return {
    definitions: { procfile: '/app/Procfile.dev', services: [web, worker, release] },
    live: isLive ? makeRecord([web, worker, release]) : undefined,
    states: new Map(Object.entries(states)),
    keepers: new Map(),
    hasLeftovers: isLive,
    held: [],
    straysInTheWay: [],
    locks: [],
    claim: makeClaim(),
    history: {},
    isTmuxInstalled: true,
    isSandboxed: false,
    ...over,
  };
}

export const request = (over: Partial<StartRequest> = {}): StartRequest => ({
  services: [web, worker],
  mode: 'direct',
  isModeExplicit: false,
  isProcfileExplicit: false,
  takePorts: [],
  ...over,
});
