import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { devctlClaude, TELLS, withClaude } from '../support/stand-in.ts';
import { waitFor } from '../support/wait-for.ts';

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
    await using rig = withClaude();
    const { code, stdout } = await devctlClaude(rig, typed);
    expect(stdout.split('\n').slice(0, -1)).toEqual(passed.map((word) => `<${word}>`));
    expect(code).toBe(0);
  });

  test('--help before any of them is devctl’s own', async () => {
    await using rig = withClaude();
    expect((await devctlClaude(rig, ['--max-processes', '3', '--help'])).stdout).toContain('Usage: devctl claude');
  });

  test.each([
    [['--max-processes', 'many'], '--max-processes "many" is not a number'],
    [['--profile', 'airbug'], 'There is no profile "airbug"'],
    [['--memory', 'much'], '--memory "much" is not a size'],
    [['--metrics', '70000'], '--metrics "70000" is not a port'],
  ])('%j starts nothing', async (words, what) => {
    await using rig = withClaude();
    const { code, stdout, stderr } = await devctlClaude(rig, [...words, '-p', 'hi']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(what);
  });

  test('its exit code is ours', async () => {
    await using rig = withClaude();
    expect((await devctlClaude(rig, ['-p'], { env: { CODE: '7' } })).code).toBe(7);
  });

  test('a signal goes to it, and its end by that is ours', async () => {
    await using rig = Rig.create({
      'b/claude': `#!/bin/sh\ntrap 'echo told; exit 44' TERM\necho up\n: >up\nwhile :; do sleep 0.05; done\n`,
    });
    const ran = devctlClaude(rig, ['-p']);
    await waitFor('claude', () => rig.has('up'));
    const wrapper = rig.leftovers().find(({ command }) => /devctl\.js claude -p$/.test(command));
    if (!wrapper) throw new Error(rig.history);
    process.kill(wrapper.pid, 'SIGTERM');
    expect(await ran).toMatchObject({ code: 44, stdout: 'up\ntold\n' });
  });
});

describe('which claude it is', () => {
  test('none at all: where was looked, and how to get one', async () => {
    await using rig = Rig.create();
    const { code, stderr } = await rig.devctl('claude -p hi', { env: { PATH: '/usr/bin:/bin' } });
    expect(code).toBe(4);
    expect(stderr).toContain('There is no Claude Code here');
    expect(stderr).toContain('npm install -g @anthropic-ai/claude-code');
  });

  test('a placeholder of an npm package, a script that runs devctl claude, and then the real one', async () => {
    await using rig = Rig.create({
      'a/claude': '#!/bin/sh\necho "Error: claude native binary not installed." >&2\nexit 1\n',
      'b/claude': '#!/bin/sh\nexec devctl claude "$@"\n',
      'c/claude': TELLS,
    });
    const path = ['a', 'b', 'c'].map((name) => join(rig.project, name)).join(':');
    const { stdout, code } = await rig.sh('$DEVCTL claude x', { env: { PATH: `${path}:${rig.env['PATH'] ?? ''}` } });
    expect({ stdout, code }).toEqual({ stdout: '<x>\n', code: 0 });
  });

  test('where an installer put it, though it is not on the PATH', async () => {
    await using rig = Rig.create();
    rig.write({ '.local/bin/claude': TELLS }, rig.env['HOME']);
    expect((await rig.devctl('claude found')).stdout).toBe('<found>\n');
  });

  test('a wrapper that only passes on is looked through: the Node-based one gets its heap by its own flags', async () => {
    await using rig = Rig.create({
      'node_modules/@anthropic-ai/claude-code/package.json': '{"name":"@anthropic-ai/claude-code","version":"2.0.1"}',
      'node_modules/@anthropic-ai/claude-code/cli.js':
        '#!/usr/bin/env node\nconsole.log(process.execArgv.join(" "), process.env.NODE_OPTIONS, process.argv.slice(2).join(" "));\n',
    });
    const cli = join(rig.project, 'node_modules/@anthropic-ai/claude-code/cli.js');
    rig.write({ 'b/claude': `#!/bin/bash\nexec "${cli}" "$@"\n` });
    const { plan } = await rig.json<{ plan: { oldSpaceMb: number; semiSpaceMb: number } }>('hardware');
    const heap = `--max-old-space-size=${String(plan.oldSpaceMb)} --max-semi-space-size=${String(plan.semiSpaceMb)}`;
    expect((await devctlClaude(rig, ['-p', 'hi'])).stdout).toBe(`${heap} undefined -p hi\n`);
  });
});

describe('what it is given', () => {
  const SAYS = '#!/bin/sh\nenv\nnice\n';

  test('nothing but a limit on processes, by default', async () => {
    await using rig = withClaude(SAYS);
    const { stdout } = await devctlClaude(rig, []);
    expect(stdout).not.toMatch(/^(?:NODE_OPTIONS|MAKEFLAGS|CARGO_BUILD_JOBS|CLAUDE_CODE_TOOL_MEMORY_LIMIT)=/m);
    expect(stdout).toMatch(/\n0\n$/);
  });

  test('a profile’s numbers, and devctl.yml’s own; what the caller set stays', async () => {
    await using rig = Rig.create({
      'b/claude': SAYS,
      'devctl.yml': 'claude:\n  profile: mine\n  profiles:\n    mine: { jobs: 3, toolCalls: 2, nice: 5, toolMemory: 1GB }\n',
    });
    const { stdout } = await devctlClaude(rig, [], { env: { MAKEFLAGS: '-j9' } });
    expect(stdout).toMatch(/^MAKEFLAGS=-j9$/m);
    expect(stdout).toMatch(/^CARGO_BUILD_JOBS=3$/m);
    expect(stdout).toMatch(/^CLAUDE_CODE_MAX_TOOL_USE_CONCURRENCY=2$/m);
    expect(stdout).toMatch(/^CLAUDE_CODE_TOOL_MEMORY_LIMIT=953M$/m);
    expect(stdout).toMatch(/\n5\n$/);
    expect((await devctlClaude(rig, ['--profile', 'airbag'])).stdout).toMatch(/^MAKEFLAGS=-j1$/m);
  });

  test('devctl.yml with a wrong number is named with its line', async () => {
    await using rig = Rig.create({ 'b/claude': SAYS, 'devctl.yml': 'claude:\n  profiles:\n    mine: { job: 3 }\n' });
    const { code, stderr } = await devctlClaude(rig, []);
    expect(code).toBe(78);
    expect(stderr).toContain('devctl.yml:3:13');
    expect(stderr).toContain('jobs:');
  });

  test('--dry-run starts nothing, and tells the command, each setting and what it does', async () => {
    await using rig = withClaude();
    const { code, stdout } = await devctlClaude(rig, ['--profile', 'seatbelt', '--dry-run', '-p', `it's`], {
      env: { NODE_OPTIONS: '--max-old-space-size=4096' },
    });
    expect(code).toBe(0);
    expect(stdout).toContain(`${join(rig.project, 'b', 'claude')} -p`);
    expect(stdout).toMatch(/jobs of make +MAKEFLAGS=-j2/);
    expect(stdout).toContain('at most 50 processes');
    expect(stdout).toContain('your NODE_OPTIONS set a heap');
    expect(stdout).toMatch(/Nothing was started\.\n$/);
    expect(existsSync(join(rig.root, 's', 'devctl', 'claude'))).toBe(false);
  });

  test('a wrapper of its shell that is the caller’s stays the caller’s, and then nothing is set that would need ours', async () => {
    await using rig = withClaude(SAYS);
    const env = { CLAUDE_CODE_SHELL_PREFIX: '/my/wrapper' };
    const { stdout } = await devctlClaude(rig, [], { env });
    expect(stdout).toMatch(/^CLAUDE_CODE_SHELL_PREFIX=\/my\/wrapper$/m);
    expect(stdout).not.toMatch(/^DEVCTL_/m);
    expect((await devctlClaude(rig, ['--dry-run'], { env })).stdout).toContain(
      'your CLAUDE_CODE_SHELL_PREFIX keeps its tools with it',
    );
  });

  test('a log of its own, in a folder for this user alone', async () => {
    await using rig = withClaude();
    await devctlClaude(rig, ['-p']);
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
