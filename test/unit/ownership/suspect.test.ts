import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProcessInfo } from '../../../src/machine/processes.ts';
import { judgeSuspect, type Candidate, type SuspectView } from '../../../src/ownership/suspect.ts';
import { isWithin } from '../../../src/project/within.ts';
import { admit, permits, type Permission } from '../../../src/ownership/target.ts';
import { makeClaim } from '../fakes/claim.ts';
import { makeProcess, makeSuspect, tableOf } from '../fakes/processes.ts';

const ROOT = '/app';
type Given = Partial<ProcessInfo> & { pid: number };

function view(others: Given[] = []): SuspectView {
  const shell = { pid: 40, ppid: 39 };
  return {
    root: ROOT,
    cwdOf: (pid) => (pid === 50 || pid === 51 ? ROOT : '/elsewhere'),
    table: tableOf([{ pid: 1, ppid: 0, sid: 1, comm: 'init' }, { pid: 39, comm: 'sshd' }, shell, ...others].map(makeProcess)),
    claim: makeClaim({ commands: new Map([['web', 'exec node server.js']]) }),
    serviceOfPort: new Map([[3001, 'web']]),
  };
}

const judge = (process: Given, over: Partial<Candidate> = {}, others: Given[] = []) => {
  const {
    class: kind,
    evidence,
    isOrphanedServer,
    service,
  } = judgeSuspect(
    { process: makeProcess(process), command: 'node other.js', cwd: ROOT, ports: [], ...over },
    view([process, ...others]),
  );
  return { kind, evidence: evidence.join(', '), isOrphanedServer, service };
};

/** A child of a living shell, in its session. */
const KEPT: Given = { pid: 50, ppid: 40, sid: 40 };
/** Its shell has ended. */
const LEADERLESS: Given = { pid: 50, ppid: 1, sid: 45 };
/** It leads a session of its own, and its parent has ended. */
const ADOPTED: Given = { pid: 50, ppid: 1, sid: 50 };
const LISTENS = { ports: [3001] };

const TABLE: [string, ReturnType<typeof judge>, 'probable' | 'foreign', boolean][] = [
  ['listener, folder, orphaned', judge(ADOPTED, LISTENS), 'probable', true],
  ['the same below its folder', judge(ADOPTED, { ...LISTENS, cwd: '/app/api' }), 'probable', true],
  ['the same of a session without its leader', judge(LEADERLESS, LISTENS), 'probable', true],
  ['a listener in the folder that somebody runs', judge(KEPT, LISTENS), 'foreign', false],
  ['a listener from elsewhere, orphaned', judge(ADOPTED, { ...LISTENS, cwd: '/elsewhere' }), 'foreign', false],
  ['a listener in a folder that only begins like ours', judge(ADOPTED, { ...LISTENS, cwd: '/app2' }), 'foreign', false],
  ['a listener whose folder may not be read', judge(ADOPTED, { ...LISTENS, cwd: undefined }), 'foreign', false],
  ['an orphaned listener of another user', judge({ ...ADOPTED, uid: 33 }, LISTENS), 'foreign', false],
  ['an ancestor of devctl', judge({ ...ADOPTED, pid: 900 }, LISTENS), 'foreign', false],
  ['a session without its leader, in the folder', judge(LEADERLESS), 'probable', false],
  ['an orphan in the folder that holds nothing', judge(ADOPTED), 'foreign', false],
  ['a service’s command line, in the folder', judge(KEPT, { command: 'node server.js' }), 'probable', false],
  ['the same as a shell has it', judge(KEPT, { command: 'sh -c exec node server.js' }), 'probable', false],
  ['the same elsewhere', judge(KEPT, { command: 'node server.js', cwd: '/elsewhere' }), 'foreign', false],
  ['a server that a service manager runs', judge(ADOPTED, { ...LISTENS, unit: 'web.service' }), 'foreign', false],
  ['the first process of a container', judge({ ...ADOPTED, sid: 1 }, LISTENS), 'foreign', false],
  ['an agent at work whose shell is gone', judge(LEADERLESS, { command: 'node /usr/bin/claude' }), 'foreign', false],
  [
    'an editor’s server on a port of ours',
    judge(LEADERLESS, { ...LISTENS, command: '/home/me/.vscode-server/node x' }),
    'foreign',
    false,
  ],
  ['a shared daemon of somebody’s', judge({ ...LEADERLESS, comm: 'watchman' }, { command: 'watchman' }), 'foreign', false],
  ['a name that only matches', judge(KEPT, { command: 'vim node server.js' }), 'foreign', false],
];

describe('a process that is not ours for certain', () => {
  test.each(TABLE)('%s', (_, judged, kind, isOrphanedServer) => {
    expect({ kind: judged.kind, isOrphanedServer: judged.isOrphanedServer }).toEqual({ kind, isOrphanedServer });
  });

  test('is told with its evidence and the service whose port it has', () => {
    expect(judge(LEADERLESS, LISTENS)).toMatchObject({
      evidence: 'listens on 3001, folder in the project, session 45 without its leader',
      service: 'web',
    });
    expect(judge(KEPT, LISTENS).evidence).toContain('not orphaned');
    expect(judge(ADOPTED, { ...LISTENS, cwd: '/elsewhere' }).evidence).toBe('listens on 3001, its folder is elsewhere');
  });

  test.each(['systemd', 'tini', 'dumb-init', 'docker-init', 'launchd'])('orphaned is also a child of %s', (comm) => {
    expect(judge({ ...ADOPTED, ppid: 60 }, LISTENS, [{ pid: 60, comm }]).isOrphanedServer).toBe(true);
  });

  test('a leader’s number that was used again does not lead that session', () => {
    expect(judge(LEADERLESS, LISTENS, [{ pid: 45, sid: 40 }]).isOrphanedServer).toBe(true);
    expect(judge({ ...LEADERLESS, ppid: 40 }, LISTENS, [{ pid: 45, sid: 45 }]).isOrphanedServer).toBe(false);
  });

  test('the end of an orphaned server begins at the top of its session, at the runner that would start it again', () => {
    const listener: Given = { pid: 52, ppid: 51, sid: 45 };
    const chain: Given[] = [
      listener,
      { pid: 51, ppid: 50, sid: 45 },
      { pid: 50, ppid: 49, sid: 45 },
      { pid: 49, ppid: 1, sid: 45 },
    ];
    const suspect = judgeSuspect(
      { process: makeProcess(listener), command: 'node', cwd: ROOT, ports: [3001] },
      { ...view(), table: tableOf(chain.map(makeProcess)) },
    );
    expect(suspect.top.pid, 'not above the folder').toBe(50);
    expect(admit(suspect, { kind: 'orphaned-servers' }).process.pid).toBe(50);
    expect(admit(suspect, { kind: 'ports', ports: [3001] }).process.pid).toBe(52);
  });
});

test.each([
  ['/app', '/app', true],
  ['/app/x', '/app', true],
  ['/app2', '/app', false],
  ['/', '/app', false],
  ['/anything', '/', true],
])('is %s within %s', (path, folder, expected) => {
  expect(isWithin(path, folder)).toBe(expected);
});

describe('a permission', () => {
  const permission = fc.constantFrom<Permission>(
    { kind: 'probable' },
    { kind: 'orphaned-servers' },
    { kind: 'ports', ports: [3001] },
  );

  test('reaches no desktop program, no other user, nobody that devctl runs below, not pid 1', () => {
    const suspect = fc
      .record({
        pid: fc.integer({ min: 0, max: 20 }),
        uid: fc.constantFrom(0, 33, 1000),
        class: fc.constantFrom('probable', 'foreign'),
        isOrphanedServer: fc.boolean(),
        isDesktop: fc.boolean(),
        ports: fc.constantFrom<number[][]>([], [3001], [3002]),
      })
      .map(({ pid, uid, isOrphanedServer, isDesktop, ...rest }) =>
        makeSuspect(pid, {
          ...rest,
          isDesktop,
          isOrphanedServer: isOrphanedServer && !isDesktop,
          process: makeProcess({ pid, uid }),
        }),
      );
    fc.assert(
      fc.property(suspect, permission, fc.constantFrom(0, 1000), (one, given, uid) => {
        if (!permits(given, one, { uid, spared: new Set([5, 6]) })) return;
        expect(one.process.pid).toBeGreaterThan(1);
        expect([5, 6]).not.toContain(one.process.pid);
        expect(one.process.uid).toBe(uid);
        expect(one.isDesktop).toBe(false);
        if (given.kind === 'probable') expect(one.class).toBe('probable');
        if (given.kind === 'orphaned-servers') expect(one.isOrphanedServer).toBe(true);
        if (given.kind === 'ports') expect(one.ports).toContain(3001);
      }),
    );
  });
});
