import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProcessInfo } from '../../../src/machine/processes.ts';
import type { Claim } from '../../../src/ownership/claim.ts';
import { findOwned } from '../../../src/ownership/owned.ts';
import { authorize } from '../../../src/ownership/target.ts';
import { makeClaim, OURS, TMUX } from '../fakes/claim.ts';
import { makeProcess, tableOf } from '../fakes/processes.ts';

type Given = Partial<ProcessInfo> & { pid: number };
const found = (processes: Given[], over: Partial<Claim> = {}) =>
  findOwned(tableOf(processes.map(makeProcess)), makeClaim(over)).certain.map(
    ({ process, role, service, evidence }) => `${String(process.pid)} ${role} ${service ?? '-'}: ${evidence.join(', ')}`,
  );

const keeper: Given = { pid: 10, mark: OURS };

const TABLE: [string, Given[], string[], Partial<Claim>?][] = [
  ['nobody', [], []],
  ['strangers', [{ pid: 20 }, { pid: 21, ppid: 20 }], []],
  ['a keeper', [keeper], ['10 keeper web: mark']],
  ['a keeper by its recorded identity', [{ pid: 10 }], ['10 keeper web: recorded']],
  ['a keeper’s pid, used again', [{ pid: 10, start: 2000 }], []],
  ['the mark', [{ pid: 20, mark: OURS }], ['20 service web: mark']],
  ['a mark of the project that names no service it knows', [{ pid: 20, mark: 'ours-old' }], ['20 service -: mark']],
  ['another project’s mark', [{ pid: 20, mark: 'theirs' }], []],
  ['the cookie', [{ pid: 20, cookie: 'abcabcabcabc' }], ['20 service -: DEVCTL_SESSION']],
  [
    'the cookie, and the name of a service that we have',
    [{ pid: 20, cookie: 'abcabcabcabc', cookieService: 'web' }],
    ['20 service web: DEVCTL_SESSION'],
  ],
  [
    'the cookie, and a name that we do not have',
    [{ pid: 20, cookie: 'abcabcabcabc', cookieService: 'x' }],
    ['20 service -: DEVCTL_SESSION'],
  ],
  ['another project’s cookie', [{ pid: 20, cookie: 'defdefdefdef' }], []],
  ['output to our log', [{ pid: 20, writesTo: ['0:5', '1:77'] }], ['20 service web: writes to our log']],
  ['output to our pane', [{ pid: 20, writesTo: ['tty:34816'] }], ['20 service worker: in our pane']],
  ['output elsewhere', [{ pid: 20, writesTo: ['1:78', 'tty:1'] }], []],
  ['a keeper’s child', [keeper, { pid: 20, ppid: 10 }], ['10 keeper web: mark', '20 service web: child of 10']],
  [
    'descendants, whatever their order in the table',
    [
      { pid: 22, ppid: 21 },
      { pid: 21, ppid: 20 },
      { pid: 20, mark: OURS },
    ],
    ['20 service web: mark', '21 service web: child of 20', '22 service web: child of 21'],
  ],
  ['a keeper’s session', [keeper, { pid: 20, sid: 10 }], ['10 keeper web: mark', '20 service web: session 10']],
  [
    'the session of a service’s own leader',
    [
      { pid: 20, mark: OURS },
      { pid: 30, ppid: 1, sid: 20 },
    ],
    ['20 service web: mark', '30 service web: session 20'],
  ],
  [
    'a parent’s pid, used again after its child was born',
    [
      { pid: 20, mark: OURS, start: 3000 },
      { pid: 21, ppid: 20, start: 2000 },
    ],
    ['20 service web: mark'],
  ],
  [
    'the tmux server, which passes nothing on',
    [
      { pid: 40, mark: TMUX },
      { pid: 41, ppid: 40 },
      { pid: 42, ppid: 1, sid: 40 },
    ],
    ['40 infrastructure -: mark'],
  ],
  [
    'a keeper under the tmux server',
    [
      { pid: 40, mark: TMUX },
      { ...keeper, ppid: 40 },
      { pid: 20, ppid: 10, mark: OURS },
    ],
    ['40 infrastructure -: mark', '10 keeper web: mark', '20 service web: mark, child of 10'],
  ],
  ['an ancestor of ours, with every sign', [{ pid: 900, mark: OURS, cookie: 'abcabcabcabc', writesTo: ['1:77'] }], []],
  [
    'an ancestor of ours in our pane, and what it started',
    [keeper, { pid: 900, ppid: 10 }, { pid: 20, ppid: 900 }],
    ['10 keeper web: mark', '20 service web: child of 900'],
  ],
  ['a keeper above us', [{ pid: 10, mark: OURS }], [], { spared: new Set([10]) }],
  ['another user’s with the mark: a stop must name it', [{ pid: 20, uid: 0, mark: OURS }], ['20 service web: mark']],
  ['another user’s with every sign but the mark', [{ pid: 20, uid: 0, cookie: 'abcabcabcabc', writesTo: ['1:77'] }], []],
  ['another user’s child of ours', [keeper, { pid: 20, ppid: 10, uid: 33 }], ['10 keeper web: mark']],
  ['another user’s with the mark, for root', [{ pid: 20, uid: 33, mark: OURS }], ['20 service web: mark'], { uid: 0 }],
  ['another user’s without it, for root', [{ pid: 20, uid: 33, cookie: 'abcabcabcabc', writesTo: ['1:77'] }], [], { uid: 0 }],
  ['one born before the oldest run, by mark', [{ pid: 20, start: 499, mark: OURS }], []],
  ['one born before it, by cookie', [{ pid: 20, start: 499, cookie: 'abcabcabcabc' }], []],
  ['one born before it, by output', [{ pid: 20, start: 499, writesTo: ['1:77'] }], []],
  ['one born right with it', [{ pid: 20, start: 500, mark: OURS }], ['20 service web: mark']],
  ['a zombie', [{ pid: 20, state: 'Z', mark: OURS }], []],
  ['a keeper that is a zombie', [{ ...keeper, state: 'Z' }], []],
  ['one that is stopped', [{ pid: 20, state: 'T', mark: OURS }], ['20 service web: mark']],
  ['pid 1 with the mark', [{ pid: 1, mark: OURS }], []],
  ['pid 1 as a recorded keeper', [{ pid: 1 }], [], { keepers: [{ identity: { pid: 1, start: 1000 }, service: 'web' }] }],
];

describe('which processes are ours', () => {
  test.each(TABLE)('%s', (_, processes, expected, over) => {
    expect(found(processes, over)).toEqual(expected);
  });
});

describe('whatever the process table holds', () => {
  const info = fc.record({
    pid: fc.integer({ min: 0, max: 14 }),
    ppid: fc.integer({ min: 0, max: 14 }),
    sid: fc.integer({ min: 0, max: 14 }),
    start: fc.constantFrom(100, 500, 1000, 2000),
    uid: fc.constantFrom(0, 33, 1000),
    state: fc.constantFrom('S', 'R', 'Z', 'T', 'X'),
    tty: fc.constantFrom(0, 34816),
    mark: fc.constantFrom(undefined, OURS, TMUX, 'ours-old', 'theirs'),
    cookie: fc.constantFrom(undefined, 'abcabcabcabc', 'defdefdefdef'),
    writesTo: fc.constantFrom<string[] | undefined>(undefined, ['1:77'], ['tty:34816'], ['1:1']),
  });
  const table = fc.uniqueArray(info, { selector: (one) => one.pid, maxLength: 14 }).map((list) =>
    tableOf(
      list.map(({ mark, cookie, writesTo, ...rest }) =>
        makeProcess({
          ...rest,
          ...(mark === undefined ? {} : { mark }),
          ...(cookie === undefined ? {} : { cookie }),
          ...(writesTo === undefined ? {} : { writesTo }),
        }),
      ),
    ),
  );
  const claim = fc
    .record({
      uid: fc.constantFrom(0, 1000),
      spared: fc.uniqueArray(fc.integer({ min: 0, max: 14 }), { maxLength: 4 }),
      keepers: fc.uniqueArray(fc.integer({ min: 0, max: 14 }), { maxLength: 3 }),
    })
    .map(({ uid, spared, keepers }) =>
      makeClaim({
        uid,
        spared: new Set(spared),
        keepers: keepers.map((pid) => ({ identity: { pid, start: 1000 }, service: 'web' })),
      }),
    );

  test('never pid 0 or 1, a zombie, a spared one, or another user’s without the mark', () => {
    fc.assert(
      fc.property(table, claim, (all, of) => {
        for (const owned of findOwned(all, of).certain) {
          const { process } = owned;
          expect(process.pid).toBeGreaterThan(1);
          expect(process.state).not.toMatch(/[ZX]/);
          expect(of.spared.has(process.pid)).toBe(false);
          if (process.uid !== of.uid) {
            expect(process.mark).toMatch(/^ours/);
          }
          expect(authorize(owned)).toEqual({ pid: process.pid, start: process.start });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('each is in the table once, with a reason', () => {
    fc.assert(
      fc.property(table, claim, (all, of) => {
        const owned = findOwned(all, of).certain;
        expect(new Set(owned.map(({ process }) => process.pid)).size).toBe(owned.length);
        for (const { process, evidence } of owned) {
          expect(all.byPid.get(process.pid)).toBe(process);
          expect(evidence.join('')).not.toBe('');
        }
      }),
    );
  });

  test('without a sign on anyone, nobody is ours', () => {
    fc.assert(
      fc.property(table, (all) => {
        const bare = tableOf(
          all.all.map(({ pid, ppid, sid, start, uid, state }) => makeProcess({ pid, ppid, sid, start, uid, state })),
        );
        expect(findOwned(bare, makeClaim({ keepers: [] }))).toEqual({ certain: [], setApart: [] });
      }),
    );
  });

  test('the order of the table makes no difference to who is ours', () => {
    fc.assert(
      fc.property(table, claim, (all, of) => {
        const pids = (list: ProcessInfo[]) =>
          findOwned(tableOf(list), of)
            .certain.map(({ process }) => process.pid)
            .sort((a, b) => a - b);
        expect(pids([...all.all].reverse())).toEqual(pids(all.all));
      }),
    );
  });
});
