import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../src/project/run-record.ts';
import type { Service } from '../../../src/project/service.ts';
import type { ServiceState } from '../../../src/services/state.ts';
import type { StartFacts, StartRequest } from '../../../src/start/facts.ts';
import type { Suspect } from '../../../src/ownership/suspect.ts';
import { planStart } from '../../../src/start/plan.ts';
import { failureOf, valueOf } from '../fakes/expect-ok.ts';
import { makeProcess, makeSuspect } from '../fakes/processes.ts';
import { makeService } from '../fakes/services.ts';

const web = makeService({ name: 'web' });
const worker = makeService({ name: 'worker' });
const release = makeService({ name: 'release', oneShot: true });

const UP: ServiceState = { kind: 'up', restarts: 0 };
const ENDED: ServiceState = { kind: 'ended', code: 1, seconds: 1, restarts: 0 };
const DONE: ServiceState = { kind: 'done' };
const UNKEPT: ServiceState = { kind: 'unkept' };
const IDLE: ServiceState = { kind: 'idle' };

function makeRecord(services: Service[], over: Partial<RunRecord> = {}): RunRecord {
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

function factsOf(states: Record<string, ServiceState>, over: Partial<StartFacts> = {}): StartFacts {
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
    claim: { uid: 1000, spared: new Set() },
    history: {},
    isTmuxInstalled: true,
    ...over,
  };
}

const request = (over: Partial<StartRequest> = {}): StartRequest => ({
  services: [web, worker],
  mode: 'direct',
  isModeExplicit: false,
  isProcfileExplicit: false,
  takePorts: [],
  ...over,
});

describe('what is kept, cleaned and spawned', () => {
  test.each<[string, Record<string, ServiceState>, Partial<StartFacts>, object]>([
    ['nothing is there: all are spawned', {}, {}, { keep: [], clean: 'nothing', spawn: ['web', 'worker'] }],
    ['all are up: nothing is touched', { web: UP, worker: UP }, {}, { keep: ['web', 'worker'], clean: 'nothing', spawn: [] }],
    ['partly up: only what is missing', { web: UP, worker: ENDED }, {}, { keep: ['web'], clean: 'nothing', spawn: ['worker'] }],
    ['a new service', { web: UP, worker: IDLE }, {}, { keep: ['web'], clean: 'nothing', spawn: ['worker'] }],
    ['one that daemonized is up', { web: { kind: 'daemonized' }, worker: UP }, {}, { keep: ['web', 'worker'], spawn: [] }],
    [
      'one without its keeper is cleaned first',
      { web: UP, worker: UNKEPT },
      {},
      { keep: ['web'], clean: ['worker'], spawn: ['worker'] },
    ],
    [
      'one in its nap is cleaned first',
      { web: UP, worker: { kind: 'backoff', code: 1, restarts: 1 } },
      {},
      { keep: ['web'], clean: ['worker'], spawn: ['worker'] },
    ],
    [
      'what a crash left is cleaned first',
      { web: UP, worker: { kind: 'crashed', code: 1, seconds: 1, restarts: 0 } },
      {},
      { keep: ['web'], clean: ['worker'], spawn: ['worker'] },
    ],
    [
      'one that gave up is spawned',
      { web: UP, worker: { kind: 'gave-up', code: 1, restarts: 6 } },
      {},
      { keep: ['web'], clean: 'nothing', spawn: ['worker'] },
    ],
    ['one that is lost is spawned', { web: UP, worker: { kind: 'lost' } }, {}, { clean: 'nothing', spawn: ['worker'] }],
    [
      'nothing is up and something is left: all is cleaned',
      { web: UNKEPT, worker: ENDED },
      {},
      { clean: 'all', spawn: ['web', 'worker'] },
    ],
    ['strays of a run without a record', {}, { hasLeftovers: true }, { clean: 'all', spawn: ['web', 'worker'] }],
  ])('%s', (_, states, over, expected) => {
    expect(valueOf(planStart(factsOf(states, over), request()))).toMatchObject(expected);
  });

  test('a one-shot that is done is done again by the next run only', () => {
    const wanted = request({ services: [release, web] });
    expect(valueOf(planStart(factsOf({ web: UP, release: DONE }), wanted)).keep).toEqual(['release', 'web']);
    expect(valueOf(planStart(factsOf({ release: DONE }, { live: undefined, hasLeftovers: false }), wanted)).spawn).toEqual([
      'release',
      'web',
    ]);
  });

  test('what is cleaned with all the rest is not kept', () => {
    const plan = valueOf(planStart(factsOf({ release: DONE, web: UNKEPT }), request({ services: [release, web] })));
    expect(plan.clean === 'all' ? plan.keep : []).toEqual([]);
  });

  test('every wanted service is either kept or spawned, in its order', () => {
    const { keep, spawn } = valueOf(planStart(factsOf({ web: ENDED, worker: UP }), request()));
    expect([...keep, ...spawn].sort()).toEqual(['web', 'worker']);
  });
});

describe('conflicts with the live run', () => {
  const live = makeRecord([web, worker]);

  test('another mode is refused where it was typed, and else the run’s own', () => {
    const facts = factsOf({ web: UP }, { live });
    expect(failureOf(planStart(facts, request({ mode: 'tmux', isModeExplicit: true })))).toMatchObject({
      code: 'CONFLICT',
      flag: '--mode',
    });
    expect(valueOf(planStart(facts, request({ mode: 'tmux' }))).mode).toBe('direct');
  });

  test('another Procfile is refused where it was typed', () => {
    const definitions = { procfile: '/app/Procfile.x', services: [web] };
    const facts = factsOf({ web: UP }, { live, definitions });
    expect(failureOf(planStart(facts, request({ isProcfileExplicit: true })))).toMatchObject({ code: 'CONFLICT', flag: '-f' });
    expect(planStart(facts, request()).ok).toBe(true);
  });

  test('without a live run there is none', () => {
    expect(planStart(factsOf({}), request({ isModeExplicit: true, isProcfileExplicit: true })).ok).toBe(true);
  });
});

describe('ports that somebody else holds', () => {
  const declared = makeService({ name: 'api', expects: { kind: 'declared', port: 3000 } });
  const inferred = makeService({ name: 'web', expects: { kind: 'inferred', port: 3000, from: '-p 3000' } });
  const holders = [
    { port: 3000, pid: 77, command: 'python x.py', class: 'foreign' as const, evidence: 'its folder is elsewhere' },
  ];
  const held = [{ port: 3000, uid: 1000, suspects: [makeSuspect(77)], holders }];
  const planOf = (suspects: Suspect[], services: Service[], over: Partial<StartRequest> = {}) =>
    planStart(factsOf({}, { held: [{ port: 3000, uid: 1000, suspects, holders }] }), request({ services, ...over }));
  const orphan = makeSuspect(77, { class: 'probable', evidence: ['listens on 3000', 'orphaned'], isOrphanedServer: true });

  test('a declared one stops the start, and the holder is named', () => {
    expect(failureOf(planStart(factsOf({}, { held }), request({ services: [declared] })))).toEqual({
      code: 'PORT_HELD',
      service: 'api',
      holder: holders[0],
    });
  });

  test('the service that declares it is named, not one that only seems to want it', () => {
    const failure = failureOf(planStart(factsOf({}, { held }), request({ services: [declared, inferred] })));
    expect(failure).toMatchObject({ code: 'PORT_HELD', service: 'api' });
  });

  test('an inferred one is a note, which names the holder and the flag that would take the port', () => {
    const { notes, take } = valueOf(planStart(factsOf({}, { held }), request({ services: [inferred] })));
    expect(notes).toEqual([
      'port 3000, which web seems to want, is held by pid 77 (python x.py; foreign: its folder is elsewhere): devctl start --take-port 3000 ends it first',
    ]);
    expect(take).toEqual([]);
  });

  test('a holder that may not be seen is named by its user', () => {
    const unseen = [{ port: 3000, uid: 0, suspects: [], holders: [{ port: 3000, user: 'root' }] }];
    const { notes } = valueOf(planStart(factsOf({}, { held: unseen }), request({ services: [inferred] })));
    expect(notes[0]).toContain('a process of root');
    expect(failureOf(planStart(factsOf({}, { held: unseen }), request({ services: [declared] }))).code).toBe('PORT_HELD');
  });

  test('a service that is up is not asked for its port', () => {
    expect(planStart(factsOf({ api: UP }, { held }), request({ services: [declared] })).ok).toBe(true);
  });

  test.each([
    ['declared', declared],
    ['inferred', inferred],
  ])('an orphaned server of ours from before is ended first, whether the port is %s', (_, service) => {
    expect(valueOf(planOf([orphan], [service])).take).toEqual([
      {
        port: 3000,
        service: service.name,
        by: 'orphaned-server',
        processes: [{ pid: 77, command: 'python x.py', evidence: 'listens on 3000, orphaned' }],
      },
    ]);
  });

  test('an orphan beside a stranger on the same port is not: the port would not be free', () => {
    expect(failureOf(planOf([orphan, makeSuspect(78)], [declared])).code).toBe('PORT_HELD');
  });

  test('--take-port ends whoever it is, and tells of it', () => {
    const { take } = valueOf(planOf([makeSuspect(77)], [declared], { takePorts: [3000] }));
    expect(take).toMatchObject([{ port: 3000, by: 'take-port', processes: [{ pid: 77 }] }]);
  });

  const shielded: [string, Suspect][] = [
    ['another user’s', makeSuspect(77, { process: makeProcess({ pid: 77, uid: 0 }) })],
    ['a desktop program', makeSuspect(77, { isDesktop: true })],
    ['one that devctl runs below', makeSuspect(900)],
    ['pid 1', makeSuspect(1)],
  ];
  test.each(shielded)('--take-port does not end %s', (_, suspect) => {
    const facts = factsOf(
      {},
      { held: [{ port: 3000, uid: 0, suspects: [suspect], holders }], claim: { uid: 1000, spared: new Set([900]) } },
    );
    const failure = failureOf(planStart(facts, request({ services: [inferred], takePorts: [3000] })));
    expect(failure).toMatchObject({ code: 'PORT_HELD', isTaken: true });
  });

  test('a stray of ours in the way is ended first', () => {
    const straysInTheWay = [{ pid: 50, command: 'node old.js', evidence: 'mark' }];
    expect(valueOf(planStart(factsOf({}, { straysInTheWay }), request({ services: [inferred] }))).endStrays).toEqual(
      straysInTheWay,
    );
  });
});

describe('notes', () => {
  test('no tmux: direct mode, and it is said', () => {
    const plan = valueOf(planStart(factsOf({}, { isTmuxInstalled: false }), request({ mode: 'tmux' })));
    expect(plan.mode).toBe('direct');
    expect(plan.notes).toEqual([expect.stringContaining('tmux is not installed')]);
  });

  test('a service with a changed definition is stale; one that is not up is not', () => {
    const changed = makeService({ name: 'web', fingerprint: 'new' });
    const definitions = { procfile: '/app/Procfile.dev', services: [changed, worker] };
    expect(valueOf(planStart(factsOf({ web: UP, worker: UP }, { definitions }), request())).stale).toEqual(['web']);
    expect(valueOf(planStart(factsOf({ web: ENDED, worker: UP }, { definitions }), request())).stale).toEqual([]);
  });

  test('a service that is no longer in the Procfile is named with the command that ends it', () => {
    const definitions = { procfile: '/app/Procfile.dev', services: [web, release] };
    const { notes } = valueOf(planStart(factsOf({ web: UP, worker: UP }, { definitions }), request({ services: [web] })));
    expect(notes).toEqual(['worker is up and no longer in the Procfile: devctl stop worker']);
  });
});
