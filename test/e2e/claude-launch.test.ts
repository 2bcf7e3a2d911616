import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claude, claudeEnvironment, type ClaudeRequest, type ClaudeRun } from '../support/claude.ts';
import { claudeBinary, claudeOnNode } from '../support/claude-binary.ts';
import { MockMessages, type Step } from '../support/mock-messages.ts';
import { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** `devctl claude` with the real ones: the native Claude Code, and the last that runs on Node. */
const native = await claudeBinary();
const onNode = await claudeOnNode();
const KINDS = [
  { kind: 'the native Claude Code', path: native.kind === 'there' ? native.path : '' },
  { kind: 'the last one on Node', path: onNode.kind === 'there' ? onNode.path : '' },
].filter(({ path }) => path !== '');
const [NATIVE, ON_NODE] = [native.kind === 'there' ? native.path : '', onNode.kind === 'there' ? onNode.path : ''];

const bash = (command: string): Step => ({ tool: 'Bash', input: { command, description: 'as asked' } });
const answerOf = (mock: MockMessages) => mock.toolResults.at(-1)?.text ?? '';

function session(rig: Rig, mock: MockMessages, request: Pick<ClaudeRequest, 'path'> & Partial<ClaudeRequest>): ClaudeRun {
  return claude(rig, mock, { args: ['--allowedTools', 'Bash'], through: [], ...request });
}

/** Own heap limit of every node, in MB, by its script. */
const TELL_HEAP = `
const mb = require('v8').getHeapStatistics().heap_size_limit / 2 ** 20;
require('fs').appendFileSync(process.env.HEAPS, JSON.stringify({ argv: process.argv[1] ?? '', mb }) + '\\n');
`;
const HEAP = `node -p 'require("v8").getHeapStatistics().heap_size_limit / 2 ** 20'`;

describe.skipIf(KINDS.length < 2)('the memory of', () => {
  test.each(KINDS)('$kind: its children have the heap that they have without it', async ({ path }) => {
    await using rig = Rig.create();
    const plain = await rig.sh(HEAP);
    await using mock = await MockMessages.start([bash(`${HEAP}; echo "options: $NODE_OPTIONS"`)]);
    await using run = session(rig, mock, { path });
    expect(await run.end()).toMatchObject({ code: 0, result: 'That is all.' });
    expect(answerOf(mock)).toBe(`${plain.stdout.trim()}\noptions:`);
  });

  test('the one on Node: the heap that devctl hardware prints, by its own words alone', async () => {
    await using rig = Rig.create({ 'heap.cjs': TELL_HEAP });
    const { plan } = await rig.json<{ plan: { heapMb: number } }>('hardware');
    await using mock = await MockMessages.start([bash(HEAP)]);
    const heaps = join(rig.root, 'heaps');
    const env = { HEAPS: heaps, NODE_OPTIONS: `--require=${join(rig.project, 'heap.cjs')}` };
    await using run = session(rig, mock, { path: ON_NODE, env });
    expect(await run.end()).toMatchObject({ code: 0 });
    const told = readFileSync(heaps, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { argv: string; mb: number });
    expect(told.filter(({ argv }) => argv.endsWith('/cli.js')).map(({ mb }) => mb)).toEqual([plan.heapMb]);
  });

  test('the native one: NODE_OPTIONS does nothing to it, and devctl sets none', async () => {
    await using rig = Rig.create();
    await using mock = await MockMessages.start();
    await using run = session(rig, mock, { path: NATIVE, env: { NODE_OPTIONS: '--this-flag-does-not-exist' } });
    // devctl itself runs on Node, and is told so by it.
    expect((await run.end()).code).toBe(9);
    await using again = session(rig, mock, { path: NATIVE });
    const pid = await waitFor(
      'Claude Code',
      () => rig.leftovers().find(({ command }) => command.includes(`${rig.root}/b/claude -p`))?.pid,
    );
    expect(readFileSync(`/proc/${String(pid)}/environ`, 'utf8')).not.toContain('NODE_OPTIONS=');
    expect(await again.end()).toMatchObject({ code: 0 });
  });
});

/** Where root may divide the control groups of version 1, as in this project's tests. */
const hasGroups = process.getuid?.() === 0 && existsSync('/sys/fs/cgroup/memory/cgroup.procs');

describe.skipIf(NATIVE === '' || !hasGroups)('control groups', () => {
  test('hold Claude Code below a ceiling, without its tools, and go with it', async () => {
    await using rig = Rig.create();
    const group = (pid: string) => `sed -n 's/^[0-9]*:memory://p' /proc/${pid}/cgroup`;
    const look = `g=$(${group('$CLAUDE_PID')}); echo $g; cat /sys/fs/cgroup/memory$g/memory.limit_in_bytes; ${group('self')}; ${group('1')}`;
    await using mock = await MockMessages.start([bash(look)]);
    await using run = session(rig, mock, { path: NATIVE, through: ['--memory', '2GB'] });
    expect(await run.end()).toMatchObject({ code: 0 });
    const [own = '', limit, tools] = answerOf(mock).split('\n');
    expect(own).toMatch(/\/devctl-claude-\d+$/);
    expect(Number(limit)).toBe(Math.floor(2e9 / 4096) * 4096);
    expect(own.startsWith(`${tools ?? '?'}/`.replace('//', '/'))).toBe(true);
    expect(existsSync(`/sys/fs/cgroup/memory${own}`)).toBe(false);
  });

  test('may be tight: it works on', async () => {
    await using rig = Rig.create();
    await using mock = await MockMessages.start([bash('echo small')]);
    await using run = session(rig, mock, { path: NATIVE, through: ['--memory', '300MB'] });
    expect(await run.end()).toMatchObject({ code: 0, result: 'That is all.' });
    expect(answerOf(mock)).toBe('small');
  });

  test('are the fuse of its tools: fork fails there, and Claude Code goes on', { timeout: 90_000 }, async () => {
    await using rig = Rig.create();
    const bomb =
      'my $refused = 0; for (1..600) { my $p = fork; if (!defined $p) { $refused++ } elsif (!$p) { sleep 3; exit } } print "$refused refused\\n"; sleep 4';
    await using mock = await MockMessages.start([bash(`perl -e '${bomb}'`), bash('echo alive')]);
    await using run = session(rig, mock, { path: NATIVE, through: ['--max-processes', '100'] });
    expect(await run.end(80_000)).toMatchObject({ code: 0 });
    expect(mock.toolResults.map(({ text }) => text)).toEqual([expect.stringMatching(/^[1-9]\d+ refused$/), 'alive']);
  });
});

describe.skipIf(KINDS.length < 2)('its end', () => {
  test.each(KINDS)('$kind: its exit codes and what it says are its own', async ({ path }) => {
    await using rig = Rig.create();
    await using mock = await MockMessages.start();
    const env = claudeEnvironment(rig, mock, path);
    const direct = await rig.exec('claude', ['--no-such-option'], { env });
    const through = await rig.exec('devctl', ['claude', '--no-such-option'], { env });
    expect(direct.code).toBe(1);
    expect(through).toMatchObject({ code: direct.code, stdout: direct.stdout, stderr: direct.stderr });
  });

  test.each(KINDS)('$kind: SIGTERM to devctl ends it as SIGTERM to it does', async ({ path }) => {
    await using rig = Rig.create();
    await using mock = await MockMessages.start([bash(`perl -e 'sleep 600'`)]);
    await using run = session(rig, mock, { path });
    await waitFor('the tool', () => rig.leftovers().find(({ command }) => command === 'perl -e sleep 600'), 20_000);
    process.kill(run.pid, 'SIGTERM');
    expect((await run.end()).code).toBe(143);
    // Those before 2.1.212 leave them; `devctl strays` is for that.
    if (path === ON_NODE) for (const { pid } of rig.leftovers()) process.kill(pid, 'SIGKILL');
    await waitFor('the end of all', () => rig.leftovers().length === 0);
  });
});

describe.skipIf(NATIVE === '')('on a terminal', () => {
  test('Claude Code draws, hears keys, is suspended and continued, and ends', { timeout: 90_000 }, async () => {
    await using rig = Rig.create();
    await using mock = await MockMessages.start([bash('echo from the tool')], 'All done here.');
    const env: Record<string, string> = { ...claudeEnvironment(rig, mock, NATIVE), CLAUDE_CODE_DISABLE_TERMINAL_TITLE: '1' };
    const approved = { approved: [env['ANTHROPIC_API_KEY']?.slice(-20)], rejected: [] };
    const projects = { [rig.project]: { hasTrustDialogAccepted: true } };
    rig.write(
      {
        '.claude.json': JSON.stringify({
          hasCompletedOnboarding: true,
          theme: 'dark',
          customApiKeyResponses: approved,
          projects,
        }),
      },
      rig.env['HOME'],
    );
    const terminal = await rig.terminal();
    rig.write(
      {
        'env.sh': Object.entries(env)
          .map(([name, value]) => `export ${name}='${value}'`)
          .join('\n'),
      },
      rig.root,
    );
    terminal.type(`. ${rig.root}/env.sh; clear; devctl claude --permission-mode default --allowedTools Bash`);
    await terminal.waitFor(/\? for shortcuts|for agents|❯|>\s/, 30_000);
    await terminal.waitFor(/claude-opus|Opus|API Usage/i, 30_000);
    terminal.type('please go');
    await terminal.waitFor(/All done here\./, 30_000);
    terminal.press('C-z');
    await terminal.waitFor(/Stopped/, 15_000);
    terminal.type('echo "in the shell"; fg; echo "ended: $?"');
    await waitFor('its screen again', () => !terminal.screen().includes('Stopped'), 15_000);
    terminal.press('C-c');
    terminal.press('C-c');
    await terminal.waitFor(/ended: 0/, 15_000);
    expect(mock.toolResults.at(-1)?.text).toBe('from the tool');
  });
});

describe.skipIf(KINDS.length < 2)('devctl claude --doctor', () => {
  test('names each for what it is, how it logs in, and the bugs of its version; it reads no secret', async () => {
    await using rig = Rig.create();
    await using mock = await MockMessages.start();
    const secret = ['sk-ant', 'this-must-not-be-shown'].join('-');
    const of = async (path: string) => {
      const env = { ...claudeEnvironment(rig, mock, path), ANTHROPIC_API_KEY: secret };
      return rig.exec('devctl', ['claude', '--doctor'], { env });
    };
    const [one, other] = [await of(NATIVE), await of(ON_NODE)];
    expect(one.stdout).toMatch(/version +2\.1\.329/);
    expect(one.stdout).toContain('a machine program');
    expect(one.stdout).toContain('an API key (ANTHROPIC_API_KEY); not read');
    expect(other.stdout).toMatch(/version +2\.1\.112/);
    expect(other.stdout).toContain('JavaScript on Node');
    expect(other.stdout).toContain('heap out of memory');
    expect(one.stdout).not.toContain('heap out of memory');
    expect(`${one.stdout}${other.stdout}`).not.toContain(secret);
    expect(mock.requests).toEqual([]);
  });
});
