import { describe, expect, test } from 'vitest';
import type { Suspect } from '../../../src/ownership/suspect.ts';
import type { Service } from '../../../src/project/service.ts';
import type { StartRequest } from '../../../src/start/facts.ts';
import { planStart } from '../../../src/start/plan.ts';
import { failureOf, valueOf } from '../fakes/expect-ok.ts';
import { makeOwned, makeProcess, makeSuspect } from '../fakes/processes.ts';
import { makeService } from '../fakes/services.ts';
import { factsOf, request, UP } from '../fakes/start.ts';

describe('ports that somebody else holds', () => {
  const declared = makeService({ name: 'api', expects: { kind: 'declared', port: 3000 } });
  const inferred = makeService({ name: 'web', expects: { kind: 'inferred', port: 3000, from: '-p 3000' } });
  const holders = [
    { port: 3000, pid: 77, command: 'python x.py', class: 'foreign' as const, evidence: 'its folder is elsewhere' },
  ];
  const orphans = { kind: 'orphaned-servers' } as const;
  const ends = [{ pid: 77, command: 'python x.py', evidence: 'listens on 3000, orphaned' }];
  const held = [{ port: 3000, uid: 1000, suspects: [makeSuspect(77)], holders, permission: orphans, ends: [] }];
  const planOf = (suspects: Suspect[], services: Service[], over: Partial<StartRequest> = {}) =>
    planStart(
      factsOf(
        {},
        {
          held: [
            {
              port: 3000,
              uid: 1000,
              suspects,
              holders,
              permission: over.takePorts ? { kind: 'ports', ports: over.takePorts } : orphans,
              ends,
            },
          ],
        },
      ),
      request({ services, ...over }),
    );
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
    const unseen = [{ port: 3000, uid: 0, suspects: [], holders: [{ port: 3000, user: 'root' }], permission: orphans, ends: [] }];
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
        by: 'orphaned-servers',
        processes: [{ pid: 77, command: 'python x.py', evidence: 'listens on 3000, orphaned' }],
      },
    ]);
  });

  test('an orphan beside a stranger on the same port is not: the port would not be free', () => {
    expect(failureOf(planOf([orphan, makeSuspect(78)], [declared])).code).toBe('PORT_HELD');
  });

  test('--take-port ends whoever it is, and tells of it', () => {
    const { take } = valueOf(planOf([makeSuspect(77)], [declared], { takePorts: [3000] }));
    expect(take).toMatchObject([{ port: 3000, by: 'ports', processes: [{ pid: 77 }] }]);
  });

  const shielded: [string, Suspect][] = [
    ['another user’s', makeSuspect(77, { process: makeProcess({ pid: 77, uid: 0 }) })],
    ['a desktop program', makeSuspect(77, { isDesktop: true })],
    ['one that devctl runs below', makeSuspect(900)],
    ['pid 1', makeSuspect(1)],
  ];
  test.each(shielded)('--take-port does not end %s', (_, suspect) => {
    const one = { port: 3000, uid: 0, suspects: [suspect], holders, permission: { kind: 'ports' as const, ports: [3000] }, ends };
    const facts = factsOf({}, { held: [one] });
    const failure = failureOf(planStart(facts, request({ services: [inferred], takePorts: [3000] })));
    expect(failure).toMatchObject({ code: 'PORT_HELD', isTaken: true });
  });

  test('a stray of ours in the way is ended first', () => {
    const straysInTheWay = [makeOwned(50, { service: undefined })];
    expect(valueOf(planStart(factsOf({}, { straysInTheWay }), request({ services: [inferred] }))).endStrays).toEqual(
      straysInTheWay,
    );
  });
});
