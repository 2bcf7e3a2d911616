import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProcessIdentity, ProcessInfo } from '../../../src/machine/processes.ts';
import { findAttempt } from '../../../src/ownership/attempt.ts';
import { makeProcess, tableOf } from '../fakes/processes.ts';

type Given = Partial<ProcessInfo> & { pid: number; task?: string; command?: string };
const MARK = 'run/a/tok';

function attempt(given: Given[], isMeant = (mark: string): boolean => mark === MARK, spoke?: ProcessIdentity) {
  const byPid = new Map(given.map((one) => [one.pid, one]));
  return findAttempt({
    table: tableOf(given.map((one) => makeProcess(one))),
    marks: new Map(given.flatMap(({ pid, task }) => (task === undefined ? [] : [[pid, task] as const]))),
    isMeant,
    spoke,
    limits: {
      spared: new Set([900, 901]),
      uid: 1000,
      uidOf: (pid) => byPid.get(pid)?.uid ?? 1000,
      commandOf: (pid) => byPid.get(pid)?.command ?? '',
    },
  });
}
const found = (given: Given[]) => attempt(given).map(({ process, evidence }) => `${String(process.pid)} ${evidence.join()}`);

const spoke: Given = { pid: 20, task: MARK };
const tmux: Given = { pid: 30, comm: 'tmux: server', command: 'tmux new-session -d', task: MARK };
const BY_MARK = `DEVCTL_TASK=${MARK}`;

describe('whom an attempt has', () => {
  test.each<[string, Given[], string[]]>([
    ['nobody', [{ pid: 20 }, { pid: 21, ppid: 20 }], []],
    [
      'everybody with the mark, wherever it stands',
      [spoke, { pid: 40, ppid: 1, task: MARK }],
      [`20 ${BY_MARK}`, `40 ${BY_MARK}`],
    ],
    [
      'nobody of another attempt',
      [
        { pid: 20, task: 'run/a/other' },
        { pid: 21, task: 'run/b/tok' },
        { pid: 22, task: `${MARK}2` },
      ],
      [],
    ],
    [
      'what stands below and has dropped the mark',
      [{ pid: 22, ppid: 21 }, { pid: 21, ppid: 20 }, spoke],
      [`20 ${BY_MARK}`, '21 beneath pid 20', '22 beneath pid 21'],
    ],
    [
      'another attempt’s below it as well',
      [spoke, { pid: 21, ppid: 20, task: 'run/b/tok' }],
      [`20 ${BY_MARK}`, '21 beneath pid 20'],
    ],
    [
      'no child of a pid that was used again',
      [
        { ...spoke, start: 3000 },
        { pid: 21, ppid: 20, start: 2000 },
      ],
      [`20 ${BY_MARK}`],
    ],
    ['one that is stopped', [{ ...spoke, state: 'T' }], [`20 ${BY_MARK}`]],
    [
      'no zombie',
      [
        { ...spoke, state: 'Z' },
        { pid: 21, state: 'X', task: MARK },
      ],
      [],
    ],
    ['not pid 1', [{ pid: 1, ppid: 0, task: MARK }], []],
  ])('%s', (_, given, expected) => {
    expect(found(given)).toEqual(expected);
  });

  test('may be several attempts at once', () => {
    const given = [spoke, { pid: 21, task: 'run/a/old' }, { pid: 22, task: 'run/b/tok' }];
    expect(attempt(given, (mark) => mark.startsWith('run/a/')).map(({ process }) => process.pid)).toEqual([20, 21]);
  });
});

describe('the process that was spawned', () => {
  const nobody = () => false;
  const pids = (given: Given[], identity: ProcessIdentity) => attempt(given, nobody, identity).map(({ process }) => process.pid);

  test('is found by its number where environments cannot be read, and what stands below it', () => {
    expect(pids([{ pid: 20 }, { pid: 21, ppid: 20 }, { pid: 22 }], { pid: 20, start: 1000 })).toEqual([20, 21]);
  });

  test('is not whoever has its number now', () => {
    expect(
      pids(
        [
          { pid: 20, start: 2000 },
          { pid: 21, ppid: 20, start: 2001 },
        ],
        { pid: 20, start: 1000 },
      ),
    ).toEqual([]);
  });

  test('is nobody who is spared, another user’s, or a shared daemon', () => {
    expect(pids([{ pid: 900 }], { pid: 900, start: 1000 })).toEqual([]);
    expect(pids([{ pid: 20, uid: 0 }], { pid: 20, start: 1000 })).toEqual([]);
    expect(pids([{ ...tmux, pid: 20 }], { pid: 20, start: 1000 })).toEqual([]);
  });
});

describe('whom it never has', () => {
  test.each<[string, Given[], string[]]>([
    [
      'devctl and its ancestors, whatever they carry',
      [{ pid: 900, task: MARK }, { pid: 901, ppid: 20 }, spoke],
      [`20 ${BY_MARK}`],
    ],
    [
      'another user’s, by mark or by parent',
      [{ pid: 19, uid: 0, task: MARK }, spoke, { pid: 21, ppid: 20, uid: 33 }],
      [`20 ${BY_MARK}`],
    ],
    ['a tmux server with the mark', [spoke, { ...tmux, ppid: 1 }], [`20 ${BY_MARK}`]],
    ['a tmux server below a spoke', [spoke, { ...tmux, ppid: 20 }], [`20 ${BY_MARK}`]],
    [
      'what runs in that server, with the mark or without',
      [spoke, tmux, { pid: 31, ppid: 30, task: MARK }, { pid: 32, ppid: 31 }, { pid: 33, ppid: 31, task: MARK }],
      [`20 ${BY_MARK}`],
    ],
    ['whatever their order in the table', [{ pid: 33, ppid: 32, task: MARK }, { pid: 32, ppid: 30, task: MARK }, tmux], []],
    [
      'a build daemon',
      [
        { pid: 30, comm: 'java', command: 'java org.gradle.launcher.daemon.bootstrap.GradleDaemon 8', task: MARK },
        { pid: 31, ppid: 30 },
      ],
      [],
    ],
  ])('%s', (_, given, expected) => {
    expect(found(given)).toEqual(expected);
  });
});

test('whatever the process table holds, nobody is found who may not be, and nobody with the mark is missed', () => {
  const info = fc.record({
    pid: fc.integer({ min: 0, max: 14 }),
    ppid: fc.integer({ min: 0, max: 14 }),
    start: fc.integer({ min: 1, max: 4 }),
    uid: fc.constantFrom(1000, 1000, 1000, 0),
    state: fc.constantFrom('S', 'S', 'R', 'Z'),
    comm: fc.constantFrom('node', 'node', 'node', 'tmux: server'),
    task: fc.constantFrom(MARK, 'other', undefined),
  });
  const SPARED = new Set([3]);
  fc.assert(
    fc.property(fc.uniqueArray(info, { selector: ({ pid }) => pid, maxLength: 12 }), (all) => {
      const byPid = new Map(all.map((one) => [one.pid, one]));
      const pids = new Set(
        findAttempt({
          table: tableOf(
            all.map(({ pid, ppid, start, uid, state, comm }) => makeProcess({ pid, ppid, start, uid, state, comm })),
          ),
          marks: new Map(all.flatMap(({ pid, task }) => (task === undefined ? [] : [[pid, task] as const]))),
          isMeant: (mark) => mark === MARK,
          spoke: undefined,
          limits: {
            spared: SPARED,
            uid: 1000,
            uidOf: (pid) => byPid.get(pid)?.uid,
            commandOf: (pid) => byPid.get(pid)?.comm ?? '',
          },
        }).map(({ process }) => process.pid),
      );
      const isBelowTmux = (pid: number): boolean => {
        const seen = new Set<number>();
        for (let one = byPid.get(pid); one && !seen.has(one.pid); one = byPid.get(one.ppid)) {
          if (one.comm.startsWith('tmux')) return true;
          seen.add(one.pid);
        }
        return false;
      };
      for (const { pid, uid, state, task, ppid } of all) {
        const mayBe = pid > 1 && uid === 1000 && state !== 'Z' && !SPARED.has(pid) && !isBelowTmux(pid);
        if (pids.has(pid)) {
          expect(mayBe).toBe(true);
          expect(task === MARK || pids.has(ppid)).toBe(true);
        }
        if (mayBe && task === MARK) expect(pids.has(pid)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
