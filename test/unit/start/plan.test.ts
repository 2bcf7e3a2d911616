import { describe, expect, test } from 'vitest';
import type { ServiceState } from '../../../src/services/state.ts';
import type { StartFacts } from '../../../src/start/facts.ts';
import { planStart } from '../../../src/start/plan.ts';
import { failureOf, valueOf } from '../fakes/expect-ok.ts';
import { makeService } from '../fakes/services.ts';
import { factsOf, makeRecord, release, request, UP, web, worker } from '../fakes/start.ts';

const ENDED: ServiceState = { kind: 'ended', code: 1, seconds: 1, restarts: 0 };
const DONE: ServiceState = { kind: 'done' };
const UNKEPT: ServiceState = { kind: 'unkept' };
const IDLE: ServiceState = { kind: 'idle' };

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

describe('an agent’s sandbox', () => {
  test('is refused: what is started there ends with the command; a start that stays is none', () => {
    expect(failureOf(planStart(factsOf({}, { isSandboxed: true }), request()))).toEqual({ code: 'SANDBOXED' });
    expect(planStart(factsOf({}, { isSandboxed: true }), request({ isForeground: true })).ok).toBe(true);
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
