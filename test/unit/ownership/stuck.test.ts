import { describe, expect, test } from 'vitest';
import type { ProcessInfo } from '../../../src/machine/processes.ts';
import { admitStuck, findStuck, isClaude, type StuckView } from '../../../src/ownership/stuck.ts';
import { makeProcess, tableOf } from '../fakes/processes.ts';

type Given = Partial<ProcessInfo> & { pid: number; argv?: string[] };

const INIT: Given = { pid: 1, ppid: 0, sid: 1, uid: 0, comm: 'systemd', argv: ['/sbin/init'] };
const CLAUDE: Given = { pid: 50, ppid: 1, sid: 40, comm: 'claude', argv: ['claude', '-p', 'hi'] };
const SHELL: Given = { pid: 39, ppid: 30, tty: 34_816, comm: 'bash', argv: ['-bash'] };
const WRAPPER: Given = { pid: 60, ppid: 1, sid: 40, argv: ['node', '/x/bin/devctl.js', 'claude', '-p', 'hi'] };
const STUCK = ['orphaned', 'no terminal', 'a quiet session', 'no progress'];

function find(given: Given[], over: Partial<StuckView> = {}) {
  const all = [INIT, SHELL, ...given];
  const table = tableOf(all.map((one) => makeProcess({ ...one })));
  const argvs = new Map(all.map(({ pid, argv }) => [pid, argv]));
  return findStuck({
    table,
    argvOf: (pid) => argvs.get(pid) ?? ['node', 'x.js'],
    uid: 1000,
    uidOf: (pid) => table.byPid.get(pid)?.uid,
    spared: new Set(),
    isMoving: () => false,
    quietSeconds: () => 600,
    minQuietSeconds: 600,
    isBackground: () => false,
    unitOf: () => undefined,
    ...over,
  });
}
const kinds = (given: Given[], over: Partial<StuckView> = {}) =>
  Object.fromEntries(find(given, over).map(({ process, kind }) => [process.pid, kind]));
const evidence = (given: Given[], over: Partial<StuckView> = {}) =>
  find(given, over).flatMap((agent) => [agent.kind, ...agent.evidence]);

describe('a Claude Code', () => {
  test.each([
    [['claude']],
    [['/usr/bin/claude', '-p', 'daemon']],
    [['/n/@anthropic-ai/claude-code/bin/claude.exe']],
    [['/h/.local/share/claude/versions/2.1.329', '--resume']],
    [['node', '/n/@anthropic-ai/claude-code/cli.js']],
    [['/usr/bin/node', '--max-old-space-size=4416', '--max-semi-space-size=64', '/n/claude-code/cli.js', '-p']],
    [['node', '/usr/local/bin/claude']],
  ])('is %j', (argv) => {
    expect(isClaude(argv)).toBe(true);
  });

  test.each([
    [[]],
    [['claude', 'daemon', 'run']],
    [['/h/.local/share/claude/versions/2.1.329', 'daemon']],
    [['claude', 'bg-pty-host']],
    [['claude', '--bg-pty-host']],
    [['claude', 'bg-spare']],
    [['claude', '--bg-spare']],
    [['claude', 'mcp', 'serve']],
    [['rg', '--files']],
    [['claudette']],
    [['vim', '/usr/bin/claude']],
    [['node', 'server.js', '--agent', '/usr/local/bin/claude']],
    [['node', '/n/claude-code/cli.js', 'mcp', 'serve']],
    [['claude', '--debug', 'mcp', 'serve']],
    [['/h/claude/versions/latest']],
    [['node', '/x/bin/devctl.js', 'claude']],
    [['node', 'x.js']],
    [['bash', '-c', 'claude -p hi']],
  ])('is not %j', (argv) => {
    expect(isClaude(argv)).toBe(false);
  });

  test.each<[string, Given, Partial<StuckView>?]>([
    ['another user’s', { ...CLAUDE, uid: 1001 }],
    ['devctl’s own ancestor', CLAUDE, { spared: new Set([50]) }],
    ['a zombie', { ...CLAUDE, state: 'Z' }],
    ['a dead one', { ...CLAUDE, state: 'X' }],
    ['a service of devctl', { ...CLAUDE, mark: '123' }],
    ['one of its background service', CLAUDE, { isBackground: ({ pid }) => pid === 50 }],
    ['one whose user is not known', CLAUDE, { uidOf: () => undefined }],
    ['another program', { ...CLAUDE, argv: ['node', 'server.js'] }],
    ['pid 1', { ...CLAUDE, pid: 1, ppid: 0 }],
  ])('%s is not looked at', (_name, given, over) => {
    expect(kinds([given], over)).toEqual({});
  });
});

describe('is it stuck', () => {
  test('with all four signs', () => {
    expect(evidence([CLAUDE])).toEqual(['stuck', ...STUCK]);
  });

  test.each<[string, Given, Partial<StuckView>, string]>([
    ['somebody runs it', { ...CLAUDE, ppid: 39 }, {}, 'somebody runs it'],
    ['it has a terminal', { ...CLAUDE, tty: 34_816 }, {}, 'has a terminal'],
    ['its session was written to', CLAUDE, { quietSeconds: () => 599 }, 'its session was written to'],
    ['it moves', CLAUDE, { isMoving: ({ pid }) => pid === 50 }, 'shows progress'],
  ])('at work where %s', (_name, given, over, why) => {
    expect(evidence([given], over)).toEqual(['at-work', why]);
  });

  test('all that speaks against it is told', () => {
    const given = { ...CLAUDE, ppid: 39, tty: 34_816 };
    expect(evidence([given], { isMoving: () => true, quietSeconds: () => 0 })).toEqual([
      'at-work',
      'somebody runs it',
      'has a terminal',
      'its session was written to',
      'shows progress',
    ]);
  });

  test('a longer patience is kept', () => {
    expect(kinds([CLAUDE], { minQuietSeconds: 601 })).toEqual({ 50: 'at-work' });
    expect(kinds([CLAUDE], { minQuietSeconds: 0, quietSeconds: () => 0 })).toEqual({ 50: 'stuck' });
  });

  test('each is judged for itself', () => {
    const others = [
      { ...CLAUDE, pid: 51, ppid: 39 },
      { ...CLAUDE, pid: 52 },
    ];
    expect(kinds([CLAUDE, ...others], { isMoving: ({ pid }) => pid === 52 })).toEqual({
      50: 'stuck',
      51: 'at-work',
      52: 'at-work',
    });
  });
});

describe('who runs it', () => {
  test.each(['systemd', 'tini', 'launchd', 'docker-init'])('nobody, where %s has taken it over', (comm) => {
    expect(
      kinds([
        { pid: 20, ppid: 1, comm },
        { ...CLAUDE, ppid: 20 },
      ]),
    ).toEqual({ 50: 'stuck' });
  });

  test('the first process of a container, whose session it shares', () => {
    expect(evidence([{ ...CLAUDE, sid: 1 }])).toEqual(['at-work', 'somebody runs it']);
    expect(
      evidence([
        { pid: 20, ppid: 1, comm: 'tini' },
        { ...CLAUDE, ppid: 20, sid: 20 },
      ]),
    ).toEqual(['at-work', 'somebody runs it']);
  });

  test('whoever runs the devctl claude that runs it', () => {
    const wrapped = { ...CLAUDE, ppid: 60 };
    expect(kinds([WRAPPER, wrapped])).toEqual({ 50: 'stuck' });
    expect(evidence([{ ...WRAPPER, ppid: 39 }, wrapped])).toEqual(['at-work', 'somebody runs it']);
    expect(kinds([WRAPPER, { ...WRAPPER, pid: 61, ppid: 60 }, { ...CLAUDE, ppid: 61 }])).toEqual({ 50: 'stuck' });
  });

  test.each([[['node', '/x/bin/devctl.js', 'start']], [['node', '/x/other.js', 'claude']], [['bash', '-c', 'claude']]])(
    '%j, which waits for it',
    (argv) => {
      expect(
        kinds([
          { ...WRAPPER, argv },
          { ...CLAUDE, ppid: 60 },
        ]),
      ).toEqual({ 50: 'at-work' });
    },
  );
});

test('one that was chosen goes to the engine with its reasons', () => {
  expect(find([CLAUDE]).map(admitStuck)).toEqual([
    expect.objectContaining({ role: 'service', class: 'named', service: undefined, evidence: STUCK }),
  ]);
});
