import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rig, type Ran, type RunOptions } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** What devctl does around a `claude`: a script stands in for it, so that its words and its end can be seen. */
const TELLS = `#!/bin/sh
# stands in for claude
printf '<%s>\\n' "$@"
echo "pid $$" >&2
exit \${CODE:-0}
`;

function project(files: Record<string, string> = { 'b/claude': TELLS }): Rig {
  return Rig.create(files);
}

/** As a shell would have it, with the project's `b` in front of the PATH. */
function inFront(rig: Rig, options: RunOptions = {}): RunOptions {
  return { ...options, env: { PATH: `${join(rig.project, 'b')}:${rig.env['PATH'] ?? ''}`, ...options.env } };
}

const devctl = (rig: Rig, words: string[], options: RunOptions = {}): Promise<Ran> =>
  rig.sh(`$DEVCTL claude ${words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')}`, inFront(rig, options));

describe('the words after devctl claude', () => {
  test.each<[string[], string[]]>([
    [
      ['-p', 'fix the tests'],
      ['-p', 'fix the tests'],
    ],
    [
      ['-p', 'hi', '--help'],
      ['-p', 'hi', '--help'],
    ],
    [['--version'], ['--version']],
    [
      ['--max-processes', '9', '-p', '--max-processes', '3'],
      ['-p', '--max-processes', '3'],
    ],
    [['--max-processes=9', '--end-hung', '--', '--dry-run'], ['--dry-run']],
    [
      ['--print', '--', 'a', '--json'],
      ['--print', '--', 'a', '--json'],
    ],
    [
      ['mcp', 'list', '--root', '/x'],
      ['mcp', 'list', '--root', '/x'],
    ],
    [
      ['', ' '],
      ['', ' '],
    ],
  ])('%j', async (typed, passed) => {
    await using rig = project();
    const { code, stdout } = await devctl(rig, typed);
    expect(stdout.split('\n').slice(0, -1)).toEqual(passed.map((word) => `<${word}>`));
    expect(code).toBe(0);
  });

  test('--help before any of them is devctl’s own', async () => {
    await using rig = project();
    expect((await devctl(rig, ['--max-processes', '3', '--help'])).stdout).toContain('Usage: devctl claude');
  });

  test.each([
    [['--max-processes', 'many'], '--max-processes "many" is not a number'],
    [['--profile', 'airbug'], 'There is no profile "airbug"'],
    [['--memory', 'much'], '--memory "much" is not a size'],
    [['--metrics', '70000'], '--metrics "70000" is not a port'],
  ])('%j starts nothing', async (words, what) => {
    await using rig = project();
    const { code, stdout, stderr } = await devctl(rig, [...words, '-p', 'hi']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(what);
  });

  test('its exit code is ours', async () => {
    await using rig = project();
    expect((await devctl(rig, ['-p'], { env: { CODE: '7' } })).code).toBe(7);
  });

  test('a signal goes to it, and its end by that is ours', async () => {
    await using rig = project({
      'b/claude': `#!/bin/sh\ntrap 'echo told; exit 44' TERM\necho up\nwhile :; do sleep 0.05; done\n`,
    });
    const ran = devctl(rig, ['-p'], { env: { DVTEST_WRAPPED: '1' } });
    const wrapper = await waitFor('devctl', () => rig.leftovers().find(({ command }) => /devctl\.js claude -p$/.test(command)));
    await waitFor('claude', () => rig.leftovers().find(({ command }) => /\/bin\/sh .*b\/claude -p$/.test(command)));
    process.kill(wrapper.pid, 'SIGTERM');
    expect(await ran).toMatchObject({ code: 44, stdout: 'up\ntold\n' });
  });
});

describe('which claude it is', () => {
  test('none at all: where was looked, and how to get one', async () => {
    await using rig = project({});
    const { code, stderr } = await rig.devctl('claude -p hi', { env: { PATH: '/usr/bin:/bin' } });
    expect(code).toBe(4);
    expect(stderr).toContain('There is no Claude Code here');
    expect(stderr).toContain('npm install -g @anthropic-ai/claude-code');
  });

  test('a placeholder of an npm package, a script that runs devctl claude, and then the real one', async () => {
    await using rig = project({
      'a/claude': '#!/bin/sh\necho "Error: claude native binary not installed." >&2\nexit 1\n',
      'b/claude': '#!/bin/sh\nexec devctl claude "$@"\n',
      'c/claude': TELLS,
    });
    const path = ['a', 'b', 'c'].map((name) => join(rig.project, name)).join(':');
    const { stdout, code } = await rig.sh('$DEVCTL claude x', { env: { PATH: `${path}:${rig.env['PATH'] ?? ''}` } });
    expect({ stdout, code }).toEqual({ stdout: '<x>\n', code: 0 });
  });

  test('where an installer put it, though it is not on the PATH', async () => {
    await using rig = project({});
    rig.write({ '.local/bin/claude': TELLS }, rig.env['HOME']);
    expect((await rig.devctl('claude found')).stdout).toBe('<found>\n');
  });

  test('a wrapper that only passes on is looked through: the Node-based one gets its heap by its own flags', async () => {
    await using rig = project({
      'node_modules/@anthropic-ai/claude-code/package.json': '{"name":"@anthropic-ai/claude-code","version":"2.0.1"}',
      'node_modules/@anthropic-ai/claude-code/cli.js':
        '#!/usr/bin/env node\nconsole.log(process.execArgv.join(" "), process.env.NODE_OPTIONS, process.argv.slice(2).join(" "));\n',
    });
    const cli = join(rig.project, 'node_modules/@anthropic-ai/claude-code/cli.js');
    rig.write({ 'b/claude': `#!/bin/bash\nexec "${cli}" "$@"\n` });
    const { plan } = await rig.json<{ plan: { oldSpaceMb: number; semiSpaceMb: number } }>('hardware');
    const heap = `--max-old-space-size=${String(plan.oldSpaceMb)} --max-semi-space-size=${String(plan.semiSpaceMb)}`;
    expect((await devctl(rig, ['-p', 'hi'])).stdout).toBe(`${heap} undefined -p hi\n`);
  });
});

describe('what it is given', () => {
  const SAYS = '#!/bin/sh\nenv\nnice\n';

  test('nothing but a limit on processes, by default', async () => {
    await using rig = project({ 'b/claude': SAYS });
    const { stdout } = await devctl(rig, []);
    expect(stdout).not.toMatch(/^(?:NODE_OPTIONS|MAKEFLAGS|CARGO_BUILD_JOBS|CLAUDE_CODE_TOOL_MEMORY_LIMIT)=/m);
    expect(stdout).toMatch(/\n0\n$/);
  });

  test('a profile’s numbers, and devctl.yml’s own; what the caller set stays', async () => {
    await using rig = project({
      'b/claude': SAYS,
      'devctl.yml': 'claude:\n  profile: mine\n  profiles:\n    mine: { jobs: 3, toolCalls: 2, nice: 5, toolMemory: 1GB }\n',
    });
    const { stdout } = await devctl(rig, [], { env: { MAKEFLAGS: '-j9' } });
    expect(stdout).toMatch(/^MAKEFLAGS=-j9$/m);
    expect(stdout).toMatch(/^CARGO_BUILD_JOBS=3$/m);
    expect(stdout).toMatch(/^CLAUDE_CODE_MAX_TOOL_USE_CONCURRENCY=2$/m);
    expect(stdout).toMatch(/^CLAUDE_CODE_TOOL_MEMORY_LIMIT=953M$/m);
    expect(stdout).toMatch(/\n5\n$/);
    expect((await devctl(rig, ['--profile', 'airbag'])).stdout).toMatch(/^MAKEFLAGS=-j1$/m);
  });

  test('devctl.yml with a wrong number is named with its line', async () => {
    await using rig = project({ 'b/claude': SAYS, 'devctl.yml': 'claude:\n  profiles:\n    mine: { job: 3 }\n' });
    const { code, stderr } = await devctl(rig, []);
    expect(code).toBe(78);
    expect(stderr).toContain('devctl.yml:3:13');
    expect(stderr).toContain('jobs:');
  });

  test('--dry-run starts nothing, and tells the command, each setting and what it does', async () => {
    await using rig = project();
    const { code, stdout } = await devctl(rig, ['--profile', 'seatbelt', '--dry-run', '-p', `it's`], {
      env: { NODE_OPTIONS: '--max-old-space-size=4096' },
    });
    expect(code).toBe(0);
    expect(stdout).toContain(`${join(rig.project, 'b', 'claude')} -p`);
    expect(stdout).toMatch(/MAKEFLAGS=-j2 +jobs of make/);
    expect(stdout).toContain('at most 50 processes');
    expect(stdout).toContain('your NODE_OPTIONS set a heap');
    expect(stdout).toMatch(/Nothing was started\.\n$/);
    expect(existsSync(join(rig.root, 's', 'devctl', 'claude'))).toBe(false);
  });

  test('a log of its own, in a folder for this user alone', async () => {
    await using rig = project();
    await devctl(rig, ['-p']);
    const folder = join(rig.root, 's', 'devctl', 'claude');
    const [name = ''] = readdirSync(folder);
    const lines = readFileSync(join(folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(lines.map(({ event }) => event)).toEqual(['launch', 'end']);
    expect([statSync(folder).mode & 0o777, statSync(join(folder, name)).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(readdirSync(join(rig.root, 's', 'devctl', 'governors'))).toEqual([]);
  });
});

describe('a permission bypass', () => {
  const FLAG = '--dangerously-skip-permissions';

  test('without a terminal is said, and that is all', async () => {
    await using rig = project();
    const { stdout, stderr } = await devctl(rig, ['-p', FLAG]);
    expect(stdout).toBe(`<-p>\n<${FLAG}>\n`);
    expect(stderr).toContain(`runs every tool without asking (${FLAG})`);
    expect((await devctl(rig, ['-p', 'hi'])).stderr).not.toContain('without asking');
  });

  test('on a terminal is announced; any key starts it, Ctrl-C does not', async () => {
    await using rig = project();
    const terminal = await rig.terminal();
    terminal.type(`PATH=${join(rig.project, 'b')}:$PATH; $DEVCTL claude ${FLAG}; echo "ended: $?"`);
    await terminal.waitFor(/any key starts it now/);
    expect(terminal.screen()).not.toContain(`<${FLAG}>`);
    terminal.press('x');
    await terminal.waitFor(/ended: 0/, 5000);
    expect(terminal.screen()).toContain(`<${FLAG}>`);

    terminal.type(`clear; $DEVCTL claude ${FLAG}; echo "ended: $?"`);
    await terminal.waitFor(/any key starts it now/);
    terminal.press('C-c');
    const screen = await terminal.waitFor(/ended: 130/, 5000);
    expect(screen).not.toContain(`<${FLAG}>`);
  });
});

describe('on a terminal', () => {
  test('Ctrl-Z suspends both, fg continues both, and Ctrl-C is its own affair', async () => {
    const script = `#!/bin/sh\ntrap 'echo interrupted' INT\necho up\nwhile read -r line; do echo "heard $line"; done\n`;
    await using rig = project({ 'b/claude': script });
    const terminal = await rig.terminal();
    terminal.type(`PATH=${join(rig.project, 'b')}:$PATH; $DEVCTL claude`);
    await terminal.waitFor(/^up$/m);
    terminal.press('C-z');
    await terminal.waitFor(/Stopped/);
    terminal.type('echo in the shell; fg; echo "ended: $?"');
    await terminal.waitFor(/^in the shell$/m);
    terminal.type('again');
    await terminal.waitFor(/^heard again$/m);
    terminal.press('C-c');
    await terminal.waitFor(/^.*interrupted$/m);
    terminal.press('C-d');
    await terminal.waitFor(/ended: 0/);
  });

  test('one that stops itself gives the shell back, and is continued with us', async () => {
    const script = `#!/bin/sh\necho up\nkill -STOP $$\necho on again\nread -r line\n`;
    await using rig = project({ 'b/claude': script });
    const terminal = await rig.terminal();
    terminal.type(`PATH=${join(rig.project, 'b')}:$PATH; $DEVCTL claude`);
    await terminal.waitFor(/Stopped/);
    terminal.type('fg; echo "ended: $?"');
    await terminal.waitFor(/^on again$/m);
    terminal.press('Enter');
    await terminal.waitFor(/ended: 0/);
  });
});

describe('its metrics', () => {
  const WAITS = '#!/bin/sh\necho up\nread -r line\n';

  test('are Prometheus text on the loopback, for callers of this machine alone', async () => {
    const port = await Rig.freePort();
    await using rig = project({ 'b/claude': WAITS });
    const terminal = await rig.terminal();
    terminal.type(`PATH=${join(rig.project, 'b')}:$PATH; $DEVCTL claude --metrics ${String(port)}; echo "ended: $?"`);
    await terminal.waitFor(/^up$/m);
    const url = `http://127.0.0.1:${String(port)}/metrics`;
    const text = await waitFor('the figures', async () => {
      const answer = await (await fetch(url)).text();
      return /devctl_claude_memory_bytes [1-9]/.test(answer) ? answer : undefined;
    });
    for (const name of [
      'processes_running',
      'processes_queued',
      'processes_started_total',
      'queue_wait_seconds_bucket',
      'cpu_seconds',
    ])
      expect(text).toMatch(new RegExp(`^devctl_claude_${name}[ {]`, 'm'));
    expect(text).toMatch(/^devctl_claude_processes_ended_total\{reason="hung"\} 0$/m);
    const ask = (flags: string) => rig.sh(`curl -s -o /dev/null -w '%{http_code}' ${flags} ${url}`);
    expect((await ask(`-H 'Host: evil.example'`)).stdout).toBe('403');
    expect((await ask(`-H 'Origin: http://evil.example'`)).stdout).toBe('403');
    expect((await ask(`-H 'Origin: http://127.0.0.1:${String(port)}'`)).stdout).toBe('200');
    expect((await ask('-X POST')).stdout).toBe('405');

    const second = await rig.sh(`$DEVCTL claude --metrics ${String(port)}`, inFront(rig));
    expect(second.code).toBe(4);
    expect(second.stderr).toContain(String(port));
    terminal.press('Enter');
    await terminal.waitFor(/ended: 0/);
    await expect(fetch(url)).rejects.toThrow();
  });
});
