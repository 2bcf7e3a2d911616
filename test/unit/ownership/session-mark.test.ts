import { describe, expect, test } from 'vitest';
import type { ProcessInfo } from '../../../src/machine/processes.ts';
import { findStrays, type SessionMark, type StrayView } from '../../../src/ownership/session-mark.ts';
import { makeProcess, tableOf } from '../fakes/processes.ts';

type Given = Partial<ProcessInfo> & { pid: number; command?: string; agent?: number; session?: string };

const GONE = 900;
const TOOL_SHELL =
  '/bin/bash -c source /h/.claude/shell-snapshots/snapshot-bash-1.sh 2>/dev/null || true && eval "x" < /dev/null && pwd -P >| /t/claude-1-cwd';

function strays(processes: Given[], over: Partial<StrayView> = {}) {
  const table = tableOf(processes.map(({ pid, ...rest }) => makeProcess({ comm: 'node', ...rest, pid })));
  const commands = new Map(processes.map(({ pid, command = 'node x.js' }) => [pid, command]));
  const marks = new Map<number, SessionMark>(
    processes.flatMap(({ pid, agent, session }) =>
      agent === undefined && session === undefined ? [] : [[pid, { agentPid: agent, session }]],
    ),
  );
  const found = findStrays({
    table,
    marks,
    commandOf: (pid) => commands.get(pid) ?? '',
    argvOf: (pid) => (commands.get(pid) ?? '').split(' '),
    uid: 1000,
    uidOf: (pid) => table.byPid.get(pid)?.uid,
    spared: new Set(),
    agents: new Set(),
    cwdOf: () => '/app',
    isSessionGone: () => false,
    ...over,
  });
  return Object.fromEntries(found.map(({ process, kind }) => [process.pid, kind]));
}

describe('what is abandoned', () => {
  test('a job of a tool shell that is gone', () => {
    expect(strays([{ pid: 10, sid: 8, agent: GONE }])).toEqual({ 10: 'abandoned' });
  });

  test('a tool shell that outlived its agent, with all of its session', () => {
    const shell = { pid: 10, comm: 'bash', command: TOOL_SHELL, agent: GONE };
    expect(strays([shell, { pid: 11, ppid: 10, sid: 10, agent: GONE }])).toEqual({ 10: 'abandoned', 11: 'abandoned' });
  });

  test('also where the number of the agent, or of the shell, was used again', () => {
    const late = { start: 5000 };
    expect(
      strays([
        { pid: 10, sid: 8, agent: 7 },
        { pid: 7, ...late },
        { pid: 8, sid: 6, ...late },
      ]),
    ).toEqual({ 10: 'abandoned' });
  });
});

describe('what is only listed', () => {
  test.each<[string, Given]>([
    ['a daemon that leads a session of its own', { pid: 10, agent: GONE }],
    ['one with a terminal', { pid: 10, sid: 8, tty: 34816, agent: GONE }],
  ])('%s', (_name, given) => {
    expect(strays([given])).toEqual({ 10: 'detached' });
  });

  test('a job of a shell that lives and is no tool shell', () => {
    expect(
      strays([
        { pid: 8, comm: 'bash', command: '-bash' },
        { pid: 10, sid: 8, agent: GONE },
      ]),
    ).toEqual({ 10: 'detached' });
  });

  test.each<[string, Given]>([
    ['tmux', { pid: 20, comm: 'tmux: server', command: 'tmux new -d' }],
    ['another agent', { pid: 20, comm: 'claude', command: 'claude -p hi' }],
    ['a shared daemon', { pid: 20, comm: 'java', command: 'java org.gradle.launcher.daemon.bootstrap.GradleDaemon 8' }],
    ['a desktop program', { pid: 20, comm: 'code', command: '/usr/share/code/code .' }],
  ])('%s, and what is beneath it, however deep', (_name, shield) => {
    const below: Given[] = [
      { pid: 21, ppid: 20, sid: 8, agent: GONE },
      { pid: 22, ppid: 21, sid: 8, agent: GONE },
    ];
    expect(strays([{ ...shield, agent: GONE }, ...below])).toEqual({ 20: 'shielded', 21: 'shielded', 22: 'shielded' });
  });

  test('an agent that looks like none, but that a living process names as its own, or the agents’ own files', () => {
    const odd: Given = { pid: 20, sid: 8, command: 'weird', agent: GONE };
    expect(strays([odd, { pid: 21, ppid: 20, sid: 8, agent: 20 }])).toEqual({ 20: 'shielded' });
    expect(strays([odd], { agents: new Set([20]) })).toEqual({ 20: 'shielded' });
  });

  test('a daemon that forked twice, by the folder that daemons go to', () => {
    expect(strays([{ pid: 10, sid: 8, agent: GONE }], { cwdOf: () => '/' })).toEqual({ 10: 'detached' });
  });
});

describe('what is no stray at all', () => {
  test.each<[string, Given]>([
    ['its agent lives', { pid: 10, sid: 8, agent: 7 }],
    ["devctl's, by the mark", { pid: 10, sid: 8, agent: GONE, mark: '123' }],
    ["devctl's, by its entry in the environment", { pid: 10, sid: 8, agent: GONE, cookie: 'abc' }],
    ["devctl's own command", { pid: 10, sid: 8, agent: GONE, command: 'node /x/bin/devctl.js start' }],
    ["another user's", { pid: 10, sid: 8, agent: GONE, uid: 0 }],
    ['a zombie', { pid: 10, sid: 8, agent: GONE, state: 'Z' }],
    ['an MCP server whose session is not known to be over', { pid: 10, sid: 8, session: 's' }],
  ])('%s', (_name, given) => {
    expect(strays([{ pid: 7, start: 500 }, given])).toEqual({});
  });

  test('devctl and its ancestors', () => {
    expect(strays([{ pid: 10, sid: 8, agent: GONE }], { spared: new Set([10]) })).toEqual({});
  });

  test('an MCP server is one once its session is over', () => {
    expect(strays([{ pid: 10, sid: 8, session: 's' }], { isSessionGone: (session) => session === 's' })).toEqual({
      10: 'abandoned',
    });
  });
});
