import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLAUDE, JOB, look, looks, MCP, SHELL, TOOL_SHELL, TOOL_WORDS, type Given } from '../fakes/agent-tree.ts';

describe('what the agent starts itself', () => {
  test.each<[string, string[], string]>([
    ['a tool call', TOOL_SHELL, 'shell'],
    ['a tool call in a login shell', ['/bin/zsh', '-c', '-l', TOOL_WORDS], 'shell'],
    ['a search', ['rg', '--files', '/app'], 'work'],
    ['a search by its path', ['/usr/bin/ugrep', '-r', 'x'], 'work'],
    ['an MCP server', MCP, 'apart'],
    ['a hook', ['/bin/sh', '-c', 'devctl hook session-start'], 'apart'],
    ['a hook that searches', ['/bin/sh', '-c', 'rg x'], 'apart'],
    ['its own program under its own name', ['claude', 'mcp', 'serve'], 'apart'],
  ])('%s', (_name, argv, role) => {
    expect(look([CLAUDE, { pid: 20, ppid: 5, argv }]).roles).toEqual({ 5: 'agent', 20: role });
  });

  test('what stands apart does so with all below it, whatever that is', () => {
    const { roles } = look([
      CLAUDE,
      { pid: 20, ppid: 5, argv: MCP },
      { pid: 21, ppid: 20, argv: TOOL_SHELL },
      { pid: 22, ppid: 21, argv: ['rg', 'x'] },
      { pid: 23, ppid: 20, argv: ['claude'] },
    ]);
    expect(roles).toEqual({ 5: 'agent', 20: 'apart', 21: 'apart', 22: 'apart', 23: 'apart' });
  });
});

describe('what a tool call starts', () => {
  test.each<[string, Given, string]>([
    ['a program', { pid: 20, argv: ['make', '-j8'] }, 'work'],
    ['a subshell, which has the words of the tool shell', { pid: 20, comm: 'bash', argv: TOOL_SHELL }, 'work'],
    ['a search', { pid: 20, argv: ['rg', 'x'] }, 'work'],
    ['a service, by its mark', { pid: 20, mark: '123' }, 'apart'],
    ['a service, by its environment', { pid: 20, isDevctls: true }, 'apart'],
    ['devctl', { pid: 20, argv: ['node', '--no-warnings', '/x/bin/devctl.js', 'start'] }, 'apart'],
    ['a tmux server', { pid: 20, comm: 'tmux: server', argv: ['tmux', 'new', '-d'] }, 'apart'],
    ['a shared daemon', { pid: 20, comm: 'java', argv: ['java', 'org.gradle.launcher.daemon.bootstrap.GradleDaemon'] }, 'apart'],
    ['a program of the desktop', { pid: 20, comm: 'firefox', argv: ['firefox'] }, 'apart'],
    ['one with a terminal', { pid: 20, tty: 34_816, argv: ['make'] }, 'apart'],
  ])('%s, with all below it', (_name, given, role) => {
    const { roles } = look([CLAUDE, SHELL, { ppid: 10, ...given }, { pid: 21, ppid: 20 }, { pid: 22, ppid: 21 }]);
    expect(roles).toEqual({ 5: 'agent', 10: 'shell', 20: role, 21: role, 22: role });
  });

  test('another agent is one, with tool calls, searches and servers of its own', () => {
    const { roles } = look([
      CLAUDE,
      SHELL,
      { pid: 30, ppid: 10, comm: 'claude', argv: ['claude', '-p', 'hi'] },
      { pid: 31, ppid: 30, argv: TOOL_SHELL },
      { pid: 32, ppid: 31, argv: ['make'] },
      { pid: 33, ppid: 30, argv: ['rg', 'x'] },
      { pid: 34, ppid: 30, argv: MCP },
    ]);
    expect(roles).toMatchObject({ 30: 'agent', 31: 'shell', 32: 'work', 33: 'work', 34: 'apart' });
  });

  test('one that has ended already is nobody’s', () => {
    expect(look([CLAUDE, SHELL, { ...JOB, state: 'Z' }]).roles).toEqual({ 5: 'agent', 10: 'shell' });
  });
});

describe('who lost its parent', () => {
  const LOST = { ppid: 1, start: 400 };

  test('is work where its session is that of a tool shell', () => {
    expect(look([CLAUDE, SHELL, { pid: 21, sid: 10, ...LOST }]).roles).toMatchObject({ 21: 'work' });
  });

  test('also when that shell is gone', () => {
    expect(looks([SHELL], [{ pid: 21, sid: 10, ...LOST }]).roles).toEqual({ 5: 'agent', 21: 'work' });
  });

  test('by the agent’s mark, with all below it', () => {
    const below: Given = { pid: 22, ppid: 21, start: 500 };
    expect(look([CLAUDE, { pid: 21, agent: 5, ...LOST }, below]).roles).toEqual({ 5: 'agent', 21: 'work', 22: 'work' });
  });

  test('by what it was a look before, in whatever session', () => {
    const daemon: Given = { ...JOB, sid: 20 };
    expect(looks([SHELL, daemon], [{ ...daemon, ppid: 1 }]).roles).toEqual({ 5: 'agent', 20: 'work' });
  });

  test('also where the agent itself is gone', () => {
    const { tree } = look([CLAUDE, SHELL, JOB]);
    expect(look([{ ...JOB, ppid: 1 }], tree).roles).toEqual({ 20: 'work' });
  });

  test('what stood apart stays apart, with what it starts later', () => {
    const server: Given = { ...JOB, comm: 'tmux: server', argv: ['tmux', 'new', '-d'] };
    const pane: Given = { pid: 21, ppid: 20, agent: 5, start: 500 };
    const { roles } = looks([SHELL, server], [{ ...server, ppid: 1 }, pane]);
    expect(roles).toEqual({ 5: 'agent', 20: 'apart', 21: 'apart' });
    expect(look([CLAUDE, { ...server, agent: 5, ppid: 1 }, pane]).roles).toEqual({ 5: 'agent', 20: 'apart', 21: 'apart' });
  });

  test('also one that was too young to be judged for good', () => {
    const server: Given = { pid: 20, ppid: 5, start: 300, argv: MCP, age: 0.02 };
    expect(looks([server], [{ ...server, ppid: 1 }]).roles).toEqual({ 5: 'agent', 20: 'apart' });
  });

  test('comes before its children, in whatever order the table has them', () => {
    const pane: Given = { pid: 21, ppid: 22, agent: 5, start: 500 };
    const server: Given = { pid: 22, agent: 5, comm: 'tmux: server', argv: ['tmux', 'new', '-d'], ...LOST };
    expect(look([CLAUDE, pane, server]).roles).toEqual({ 5: 'agent', 21: 'apart', 22: 'apart' });
  });

  test('another agent that left its tool call is still one', () => {
    const other: Given = { pid: 30, comm: 'claude', argv: ['claude', '-p', 'hi'], agent: 5, ...LOST };
    expect(look([CLAUDE, other, { pid: 31, ppid: 30, argv: TOOL_SHELL, start: 500 }]).roles).toMatchObject({
      30: 'agent',
      31: 'shell',
    });
  });

  test.each<[string, Given]>([
    ['a stranger', { pid: 40, ...LOST }],
    ['one that names another agent', { pid: 40, agent: 6, ...LOST }],
    ['one that is older than the agent', { pid: 40, ppid: 1, start: 99, agent: 5 }],
    ['one that is older than the tool shell of its session', { pid: 40, ppid: 1, start: 199, sid: 10 }],
    ['one that has ended', { pid: 40, agent: 5, state: 'Z', ...LOST }],
    ['one with the pid of a job that was', { pid: 20, ppid: 1, start: 900 }],
  ])('never %s', (_name, given) => {
    expect(looks([SHELL, JOB], [given]).roles).toEqual({ 5: 'agent' });
  });

  test('never one of a session whose number was used again', () => {
    const other: Given = { pid: 10, ppid: 2, start: 900, argv: ['-bash'] };
    expect(looks([SHELL], [other, { pid: 40, ppid: 1, sid: 10, start: 950 }]).roles).toEqual({ 5: 'agent' });
  });

  test('never the children of one with the agent’s pid that is another', () => {
    const { tree } = look([CLAUDE]);
    expect(
      look(
        [
          { ...CLAUDE, start: 900 },
          { ...SHELL, start: 950 },
        ],
        tree,
      ).roles,
    ).toEqual({});
  });
});

describe('a judgement', () => {
  test('is made anew of one that was too young: it was forked under its parent’s name', () => {
    const young: Given = { ...SHELL, argv: ['claude'], age: 0.02 };
    expect(look([CLAUDE, young]).roles).toEqual({ 5: 'agent', 10: 'apart' });
    expect(looks([young], [{ ...SHELL, age: 0.5 }]).roles).toEqual({ 5: 'agent', 10: 'shell' });
    expect(looks([young], [{ ...young, argv: MCP }], [SHELL]).roles).toEqual({ 5: 'agent', 10: 'shell' });
  });

  test('and with it that of whoever is below', () => {
    const young: Given = { ...JOB, comm: 'bash', argv: TOOL_SHELL, age: 0.02 };
    const tmux: Given = { ...JOB, comm: 'tmux: server', argv: ['tmux', 'new', '-d'] };
    const below: Given = { pid: 21, ppid: 20, start: 300, age: 0.01 };
    expect(looks([SHELL, young, below], [SHELL, tmux, below]).roles).toMatchObject({ 20: 'apart', 21: 'apart' });
  });

  test('stays, and is not asked for again, where it was old enough', () => {
    const second = looks([SHELL, JOB], [SHELL, { ...JOB, argv: ['claude'] }]);
    expect(second.roles).toEqual({ 5: 'agent', 10: 'shell', 20: 'work' });
    expect(second.asked).toEqual([]);
  });

  test('of a stranger is made once', () => {
    const stranger: Given = { pid: 40, ppid: 1, sid: 39, start: 400 };
    expect(looks([stranger]).askedForMarks).toEqual([40]);
    expect(looks([stranger], [stranger]).askedForMarks).toEqual([]);
  });

  test('is made anew where the pid is another’s', () => {
    const second = looks([SHELL, JOB], [SHELL, { ...JOB, start: 900, argv: ['claude'] }]);
    expect(second.roles).toMatchObject({ 20: 'agent' });
    expect(second.asked).toEqual([20]);
  });

  test('no look changes the one before', () => {
    const first = look([CLAUDE, SHELL]);
    look([CLAUDE, { ...SHELL, pid: 11 }], first.tree);
    expect(look([CLAUDE, { pid: 30, ppid: 1, sid: 11, start: 400 }], first.tree).roles).toEqual({ 5: 'agent' });
  });
});

describe('whatever stands in the table', () => {
  const KINDS = [TOOL_SHELL, MCP, ['rg', 'x'], ['claude'], ['make'], ['tmux', 'new']];
  const forest = fc.array(fc.record({ above: fc.nat(), kind: fc.nat({ max: KINDS.length - 1 }), isOld: fc.boolean() }), {
    maxLength: 30,
  });

  test('members are the agent’s descendants, once each; below what is apart all is; a second look says the same', () => {
    fc.assert(
      fc.property(forest, (trees) => {
        const all: Given[] = [CLAUDE];
        const parents = [2, 5];
        for (const [index, { above, kind, isOld }] of trees.entries()) {
          const argv = KINDS[kind] ?? [];
          const pid = 10 + index;
          const ppid = parents[above % parents.length] ?? 2;
          all.push({ pid, ppid, argv, start: 200 + index, age: isOld ? 9 : 0, comm: argv[0] === 'tmux' ? 'tmux: server' : 'x' });
          parents.push(pid);
        }
        const parentOf = new Map(all.map(({ pid, ppid = 1 }) => [pid, ppid]));
        const isBelow = (pid: number | undefined): boolean => pid === 5 || (pid !== undefined && isBelow(parentOf.get(pid)));

        const { tree, roles } = look(all);
        const pids = tree.members.map(({ process }) => process.pid).sort((one, other) => one - other);
        expect(pids).toEqual([...parentOf.keys()].filter(isBelow).sort((one, other) => one - other));
        for (const pid of pids) if (pid !== 5 && roles[parentOf.get(pid) ?? 0] === 'apart') expect(roles[pid]).toBe('apart');
        expect(look(all, tree).roles).toEqual(roles);
      }),
      { numRuns: 300 },
    );
  });
});
