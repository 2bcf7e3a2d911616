import { describe, expect, test } from 'vitest';
import { EXIT_OF } from '../../../src/cli/exit-codes.ts';
import { toFailure } from '../../../src/system-failure.ts';
import { describeMishap, wordFailure } from '../../../src/cli/wording.ts';
import { describeProblem } from '../../../src/cli/words.ts';
import { describeHolder } from '../../../src/cli/wording-holdouts.ts';
import type { Failure, Mishap } from '../../../src/failure.ts';

const place = { file: 'Procfile.dev', line: 3, column: 5 };
const holder = { port: 3000, pid: 77, command: 'python x.py', cwd: '/srv', user: 'me', ageSeconds: 90 };
const mishap = (over: Partial<{ mishap: Mishap; lastLines: string[] }> = {}) => ({
  service: 'web',
  mishap: { kind: 'ended', code: 1, seconds: 0.4 } as const,
  logPath: 'log/web.log',
  lastLines: ['Error: boom'],
  hints: [],
  ...over,
});
const survivor = { pid: 99, command: 'node x.js', evidence: 'mark', class: 'certain' as const, why: 'outlived-kill' as const };

/** Every code, with as little and with as much as it can hold. */
const FAILURES: { [Code in Failure['code']]: Extract<Failure, { code: Code }>[] } = {
  USAGE: [
    { code: 'USAGE', what: 'x' },
    { code: 'USAGE', what: 'x', why: 'y', fix: ['z'] },
  ],
  UNKNOWN_SERVICE: [
    { code: 'UNKNOWN_SERVICE', name: 'wbe', known: ['web'] },
    { code: 'UNKNOWN_SERVICE', name: 'wbe', known: ['web', 'css'], suggestion: 'web' },
  ],
  NO_PROCFILE: [
    { code: 'NO_PROCFILE', searched: '/app' },
    { code: 'NO_PROCFILE', searched: '/app', asked: '/app/Procfile.x' },
  ],
  UNREADABLE_FILE: [{ code: 'UNREADABLE_FILE', path: '/app/Procfile', reason: 'it is a folder' }],
  PROCFILE_INVALID: [
    { code: 'PROCFILE_INVALID', problems: [{ place, what: 'x' }] },
    {
      code: 'PROCFILE_INVALID',
      problems: [
        { place, what: 'x', instead: 'web: y' },
        { place, what: 'z' },
      ],
    },
  ],
  CONFIG_INVALID: [{ code: 'CONFIG_INVALID', problems: [{ place, what: 'x', instead: 'port:' }] }],
  TASKS_INVALID: [{ code: 'TASKS_INVALID', problems: [{ place: { file: 'tasks.json', line: 2, column: 3 }, what: 'x' }] }],
  JOURNAL_UNREADABLE: [{ code: 'JOURNAL_UNREADABLE', path: '/o/.devctl/journal.jsonl', line: 4, why: 'its checksum is wrong' }],
  HALTED: [
    { code: 'HALTED', why: '401', cause: 'auth', done: 1, total: 2, resume: 'devctl orchestrate t.json --resume' },
    { code: 'HALTED', why: 'not found', cause: 'no-claude', done: 0, total: 1, resume: 'devctl orchestrate t.json --resume' },
  ],
  TOOL_FAILED: [{ code: 'TOOL_FAILED', tool: 'git', reason: 'fatal: bad object HEAD' }],
  NO_PACKAGE: [{ code: 'NO_PACKAGE', packages: [{ name: 'oxlint', reason: 'not found' }], install: 'npm install -g oxlint' }],
  RULES_INVALID: [
    {
      code: 'RULES_INVALID',
      problems: [{ place: { file: '.devctl/rules/a.yml', line: 1, column: 1 }, what: '"id" is missing' }],
    },
  ],
  NO_REDIS: [{ code: 'NO_REDIS', url: 'redis://127.0.0.1:6379', why: 'connect ECONNREFUSED' }],
  UNFINISHED_RUN: [{ code: 'UNFINISHED_RUN', file: 't.json', folder: '/o', done: 1, total: 2 }],
  FILE_INVALID: [
    {
      code: 'FILE_INVALID',
      problems: [{ place: { file: '.mcp.json', line: 2, column: 3 }, what: 'it is not strict JSON' }],
    },
  ],
  PORT_HELD: [
    { code: 'PORT_HELD', service: 'web', holder: { port: 3000 } },
    { code: 'PORT_HELD', service: 'web', holder: { port: 3000, user: 'root' } },
    { code: 'PORT_HELD', service: 'web', holder: { port: 3000, pid: 77 } },
    { code: 'PORT_HELD', service: 'web', holder, nextFree: 3001 },
    { code: 'PORT_HELD', service: 'web', holder, isTaken: true },
    { code: 'PORT_HELD', holder, isTaken: true, notes: ['took port 1 from pid 2'] },
    { code: 'PORT_HELD', holder: { port: 3000 } },
  ],
  START_FAILED: [
    { code: 'START_FAILED', mishaps: [mishap()], rolledBack: true },
    { code: 'START_FAILED', mishaps: [mishap()], rolledBack: true, notes: ['took port 3001 from pid 7 node x.js'] },
    { code: 'START_FAILED', mishaps: [mishap({ lastLines: [] }), mishap()], rolledBack: false },
    {
      code: 'START_FAILED',
      mishaps: [mishap({ mishap: { kind: 'not-ready', waitedFor: 'port 3000', seconds: 30 } })],
      rolledBack: true,
    },
    {
      code: 'START_FAILED',
      mishaps: [mishap({ mishap: { kind: 'crashed-inside', sign: '[nodemon] app crashed' } })],
      rolledBack: true,
    },
    { code: 'START_FAILED', mishaps: [mishap({ mishap: { kind: 'blocked', by: 'db' } })], rolledBack: true },
  ],
  WAIT_IN_VAIN: [
    { code: 'WAIT_IN_VAIN', mishaps: [mishap()] },
    { code: 'WAIT_IN_VAIN', mishaps: [mishap({ mishap: { kind: 'not-started' } })] },
  ],
  WAIT_TIMED_OUT: [
    { code: 'WAIT_TIMED_OUT', mishaps: [mishap({ mishap: { kind: 'no-line', pattern: 'ready', seconds: 60 } })] },
    { code: 'WAIT_TIMED_OUT', mishaps: [mishap({ mishap: { kind: 'still-running', seconds: 60 } })] },
  ],
  STOPPED_BY_OTHER: [{ code: 'STOPPED_BY_OTHER', by: 'devctl stop' }],
  SURVIVORS: [
    { code: 'SURVIVORS', survivors: [survivor], held: [] },
    { code: 'SURVIVORS', survivors: [{ ...survivor, service: 'web' }, survivor], held: [holder, { port: 1 }] },
    { code: 'SURVIVORS', survivors: [], held: [], others: [{ code: 'BUSY', lock: '/s/lock' }] },
    { code: 'SURVIVORS', survivors: [], held: [{ ...holder, class: 'probable', evidence: 'orphaned' }] },
    { code: 'SURVIVORS', survivors: [{ ...survivor, why: 'not-permitted', user: 'root' }], held: [] },
  ],
  NOT_RUNNING: [{ code: 'NOT_RUNNING', root: '/app' }],
  BUSY: [{ code: 'BUSY', lock: '/s/lock', holder: { command: 'devctl start', pid: 77, seconds: 3 } }],
  CONFLICT: [{ code: 'CONFLICT', asked: 'mode tmux', running: 'mode direct', flag: '--mode' }],
  NEEDS_TERMINAL: [{ code: 'NEEDS_TERMINAL', command: 'devctl attach', instead: 'devctl logs' }],
  TMUX_MISSING: [{ code: 'TMUX_MISSING', command: 'devctl attach' }],
  TMUX_FAILED: [{ code: 'TMUX_FAILED', action: 'open panes', reason: 'it did not answer', socket: '/run/x.tmux' }],
  SANDBOXED: [{ code: 'SANDBOXED' }],
  OTHER_NAMESPACE: [{ code: 'OTHER_NAMESPACE', root: '/app' }],
  NOT_CONFIRMED: [
    { code: 'NOT_CONFIRMED', action: 'end 3 processes', flag: '--yes' },
    { code: 'NOT_CONFIRMED', action: 'end 3 processes', flag: '--yes', isAsked: true },
  ],
  SYSTEM: [
    { code: 'SYSTEM', action: 'write', errno: 'ENOSPC', reason: 'no space is left on the device' },
    ...['ENOSPC', 'EROFS', 'EACCES', 'EPERM', 'EMFILE'].map(
      (errno) => ({ code: 'SYSTEM', action: 'open', path: '/app/log', errno, reason: 'x' }) as const,
    ),
  ],
  NO_CLAUDE: [{ code: 'NO_CLAUDE', why: ['looked on the PATH'] }],
  NO_COMMAND: [{ code: 'NO_COMMAND', command: 'rials', reason: 'there is no such program' }],
};
const ALL = Object.values(FAILURES).flat();

describe('a failure in words', () => {
  test.each(ALL.map((failure) => [failure.code, failure] as const))('%s: %j', (_, failure) => {
    const { what, why, fix } = wordFailure(failure);
    const text = [what, ...why, ...fix].join('\n');
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
    expect(what).toMatch(/\S/);
    expect(what).not.toMatch(/[.\n]$/);
    for (const line of [...why, ...fix]) expect(line.trim()).not.toBe('');
  });

  test.each(
    ALL.filter(({ code }) => code !== 'SYSTEM' && code !== 'PORT_HELD').map((failure) => [failure.code, failure] as const),
  )('%s says what to do: %j', (_, failure) => {
    expect(wordFailure(failure).fix.length).toBeGreaterThan(0);
  });

  test('an unknown service: what there is, and what was probably meant', () => {
    const words = wordFailure({ code: 'UNKNOWN_SERVICE', name: 'wbe', known: ['web', 'css'], suggestion: 'web' });
    expect(words).toEqual({ what: 'There is no service "wbe"', why: ['the Procfile has web, css'], fix: ['write "web"'] });
  });

  test('a held port: the holder with all that is known of him', () => {
    expect(wordFailure({ code: 'PORT_HELD', service: 'web', holder, nextFree: 3001 })).toMatchObject({
      what: 'Cannot start "web": port 3000 is taken',
      why: [expect.stringMatching(/pid 77 "python x\.py" \(in \/srv, user me, up 90 s\)/)],
    });
  });

  test('a failed start: the code, and the last lines of the log', () => {
    const { what, why } = wordFailure({ code: 'START_FAILED', mishaps: [mishap()], rolledBack: true });
    expect(what).toBe('"web" ended with code 1 after 0.4 s');
    expect(why).toEqual(['last lines of log/web.log:', '  | Error: boom']);
  });
});

describe('parts', () => {
  test.each<[Mishap, RegExp]>([
    [{ kind: 'ended', code: 137, seconds: 2 }, /code 137 \(probably SIGKILL\) after 2\.0 s$/],
    [{ kind: 'ended', code: 0, seconds: 2 }, /code 0 .*oneShot: true/],
    [{ kind: 'not-ready', waitedFor: 'port 3000', seconds: 30 }, /30 s: still waiting for port 3000/],
    [{ kind: 'crashed-inside', sign: 'x' }, /watcher lives on: x/],
    [{ kind: 'blocked', by: 'db' }, /waited for db/],
  ])('%j', (given, expected) => {
    expect(describeMishap(given)).toMatch(expected);
  });

  test('a holder of whom nothing is known', () => {
    expect(describeHolder({ port: 3000 })).toContain('another user');
    expect(describeHolder({ port: 3000, pid: 77 })).not.toContain('()');
  });

  test('a problem: its place first, in the form that editors open', () => {
    expect(describeProblem({ place, what: 'x', instead: 'web: y' })).toEqual(['Procfile.dev:3:5  x', '  write: web: y']);
  });
});

describe('exit codes', () => {
  test('every failure has one, and none is 0', () => {
    expect(Object.keys(EXIT_OF).sort()).toEqual(Object.keys(FAILURES).sort());
    for (const code of Object.values(EXIT_OF)) expect(code).toBeGreaterThan(0);
  });
});

describe('what the operating system refuses', () => {
  const refusal = (over: object) => Object.assign(new Error('x'), over);
  test.each<[object, object | undefined]>([
    [
      { code: 'ENOSPC', syscall: 'write' },
      { code: 'SYSTEM', action: 'write', errno: 'ENOSPC' },
    ],
    [
      { code: 'EACCES', syscall: 'open', path: '/log' },
      { code: 'SYSTEM', action: 'open', path: '/log', errno: 'EACCES' },
    ],
    [
      { code: 'EAGAIN', syscall: 'spawn /bin/sh' },
      { code: 'SYSTEM', action: 'start a process' },
    ],
    [{ code: 'ERR_INVALID_ARG_TYPE' }, undefined],
    [{ code: 'ENOENT' }, undefined],
    [{}, undefined],
  ])('%j', (over, expected) => {
    const failure = toFailure(refusal(over));
    if (expected === undefined) expect(failure).toBeUndefined();
    else expect(failure).toMatchObject(expected);
  });
});
