import { describe, expect, test } from 'vitest';
import type { ProcessInfo } from '../../../src/machine/processes.ts';
import type { NukeFacts } from '../../../src/nuke/facts.ts';
import { DEFAULT_PATTERNS, planNuke } from '../../../src/nuke/plan.ts';
import { makeProcess, tableOf } from '../fakes/processes.ts';

type Given = Partial<ProcessInfo> & { pid: number; command: string; ports?: number[] };

function plan(others: Given[], spared: number[] = [], patterns: string[] = [...DEFAULT_PATTERNS]) {
  const processes = others.map(({ command, ports = [], ...process }) => ({ process: makeProcess(process), command, ports }));
  const facts: NukeFacts = {
    projects: [],
    unseen: [],
    everything: {
      table: tableOf(processes.map(({ process }) => process)),
      others: processes,
      limits: {
        spared: new Set(spared),
        uid: 1000,
        uidOf: () => 1000,
        commandOf: (pid) => others.find((other) => other.pid === pid)?.command ?? '',
      },
    },
  };
  const { outside, spared: left } = planNuke(facts, patterns);
  const text = (list: typeof outside) => list.map(({ owned }) => `${String(owned.process.pid)} ${owned.evidence.join('; ')}`);
  return { outside: text(outside), left: text(left) };
}

describe('everything', () => {
  test.each([
    ['node server.js', true],
    ['/usr/bin/node --inspect x.js', true],
    ['ruby3.2 bin/rails s', true],
    ['vim node.js', false],
    ['nodemon server.js', false],
    ['python node_modules/x.py', false],
  ])('by name: %s', (command, isMeant) => {
    expect(plan([{ pid: 20, command, comm: 'x' }]).outside.length).toBe(isMeant ? 1 : 0);
  });

  test('configured patterns stand in place of ruby and node', () => {
    const others = [
      { pid: 20, command: 'node x.js' },
      { pid: 21, command: 'puma 6.4 (tcp://0.0.0.0:3000)', comm: 'puma' },
    ];
    expect(plan(others, [], ['^puma']).outside).toEqual(['21 matches /^puma/']);
  });

  test('who listens on a project’s port, and nobody else by that', () => {
    expect(plan([{ pid: 20, command: 'python x.py', comm: 'python', ports: [3001] }]).outside).toEqual(['20 listens on 3001']);
  });

  test('tmux servers and what runs in their panes', () => {
    const others = [
      { pid: 20, command: 'tmux', comm: 'tmux: server' },
      { pid: 21, ppid: 20, command: 'bash', comm: 'bash' },
      { pid: 22, ppid: 21, command: 'htop', comm: 'htop' },
    ];
    expect(plan(others).outside).toEqual(['20 tmux server', '21 in tmux (pid 20)', '22 in tmux (pid 21)']);
    expect(plan(others, [20, 21]), 'devctl runs in it').toEqual({ outside: [], left: ['20 tmux server; devctl runs below it'] });
  });

  test.each([
    ['the agent and its terminal', { pid: 20, command: 'node agent.js' }, [20]],
    ['a desktop program', { pid: 20, command: '/opt/google/chrome/chrome', comm: 'chrome', ports: [3001] }, []],
    ['an editor’s server', { pid: 20, command: 'node /home/me/.vscode-server/bin/x/server.js' }, []],
    ['another agent', { pid: 20, command: 'node /usr/lib/node_modules/@anthropic-ai/claude-code/cli.js' }, []],
  ])('never %s, and it is told', (_, process, spared) => {
    const { outside, left } = plan([process], spared);
    expect(outside).toEqual([]);
    expect(left).toHaveLength(1);
  });
});

test('what stands below a target goes with it, and is named; a program that a person works with does not', () => {
  const others = [
    { pid: 20, command: 'node server.js' },
    { pid: 21, ppid: 20, command: 'esbuild --service', comm: 'esbuild' },
    { pid: 22, ppid: 20, command: 'firefox http://localhost', comm: 'firefox' },
  ];
  expect(plan(others.slice(0, 2)).outside).toEqual([`20 matches /${DEFAULT_PATTERNS[1] ?? ''}/`, '21 beneath pid 20']);
  expect(plan(others).outside, 'its end would hang up on the browser').toEqual([]);
});

test('an agent in tmux keeps its server, its children and itself', () => {
  const others = [
    { pid: 20, command: 'tmux', comm: 'tmux: server' },
    { pid: 21, ppid: 20, command: 'claude', comm: 'claude' },
    { pid: 22, ppid: 21, command: 'node mcp.js' },
    { pid: 30, command: 'node other.js' },
  ];
  const { outside, left } = plan(others);
  expect(outside).toEqual([`30 matches /${DEFAULT_PATTERNS[1] ?? ''}/`]);
  expect(left).toEqual([
    '20 tmux server; above an agent at work',
    `22 matches /${DEFAULT_PATTERNS[1] ?? ''}/; below an agent at work`,
  ]);
});

test('pid 1 is never a target, whatever its name', () => {
  expect(plan([{ pid: 1, ppid: 0, command: 'node init.js' }]).outside).toEqual([]);
});

test('without --everything nothing outside the projects is even looked at', () => {
  expect(planNuke({ projects: [], unseen: [], everything: undefined }, [])).toMatchObject({
    projects: [],
    outside: [],
    spared: [],
  });
});
