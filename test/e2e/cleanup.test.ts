import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { claude, claudeEnvironment } from '../support/claude.ts';
import { claudeBinary, claudeOnNode } from '../support/claude-binary.ts';
import { isAlive } from '../support/leftovers.ts';
import { MockMessages, type Step } from '../support/mock-messages.ts';
import { Rig } from '../support/rig.ts';
import { asSomebody, IS_ROOT } from '../support/somebody.ts';
import { waitFor } from '../support/wait-for.ts';

/** `devctl cleanup` with real Claude Codes that have lost their terminal and their parent, beside one at work. */
const native = await claudeBinary();
const onNode = await claudeOnNode();
const NATIVE = native.kind === 'there' ? native.path : '';
const ON_NODE = onNode.kind === 'there' ? onNode.path : '';

interface Report {
  processes: { pid: number; kind: string; evidence: string[]; command: string; session?: string }[];
  ended?: number;
}

const HANG: Step = { text: 'late', delayMs: 600_000 };
const bash = (command: string): Step => ({ tool: 'Bash', input: { command, description: 'as asked' } });

/** Starts one that nobody waits for: its parent ends at once. */
async function orphan(rig: Rig, mock: MockMessages, path: string, turns = 1): Promise<number> {
  const before = new Set(claudes(rig));
  const env = claudeEnvironment(rig, mock, path);
  spawn('sh', ['-c', 'setsid claude -p go --allowedTools Bash </dev/null >/dev/null 2>&1 &'], { cwd: rig.project, env });
  const pid = await waitFor('an orphan', () => claudes(rig).find((one) => !before.has(one)), 20_000);
  await waitFor('its question', () => mock.turns.length >= turns, 30_000);
  return pid;
}

/** The rig's Claude Codes, whose names differ. */
function claudes(rig: Rig): number[] {
  return rig
    .leftovers()
    .filter(({ command }) => /^(?:\S*\/)?claude(?: -p go|$)/.test(command))
    .map(({ pid }) => pid);
}

/** It looks at all of this user's: where there are others, a test would end them. */
function skipAmongStrangers({ skip }: TestContext, rig: Rig, found: Report): void {
  const own = new Set(rig.leftovers().map(({ pid }) => pid));
  const strangers = found.processes.filter(({ pid, kind }) => kind !== 'at-work' && !own.has(pid));
  if (strangers.length > 0) skip(`this would end processes of other sessions: ${JSON.stringify(strangers)}`);
}

describe.skipIf(NATIVE === '' || ON_NODE === '')('devctl cleanup', () => {
  test.for([
    ['native', NATIVE],
    ['on Node', ON_NODE],
  ] as const)(
    'ends an orphaned Claude Code (%s) that stands still, with its tools; one at work goes on',
    { timeout: 120_000 },
    async ([, path], context) => {
      await using rig = Rig.create();
      await using mock = await MockMessages.start([HANG]);
      await using live = await MockMessages.start([HANG]);
      await using working = claude(rig, live, { path: NATIVE });
      await live.turn(0, 30_000);
      const stuck = await orphan(rig, mock, path);

      expect((await rig.json<Report>('cleanup --dry-run')).processes.filter((one) => one.pid === stuck)).toMatchObject([
        { kind: 'at-work', evidence: ['its session was written to'] },
      ]);
      const found = await waitFor(
        'it to be stuck',
        async () => {
          const report = await rig.json<Report>('cleanup --dry-run --older-than 2s');
          return report.processes.some((one) => one.pid === stuck && one.kind === 'stuck') ? report : undefined;
        },
        30_000,
      );
      expect(found.processes.find(({ pid }) => pid === stuck)?.evidence).toEqual([
        'orphaned',
        'no terminal',
        'a quiet session',
        'no progress',
      ]);
      expect(found.processes.find(({ pid }) => pid === working.pid)).toMatchObject({ kind: 'at-work' });
      skipAmongStrangers(context, rig, found);

      const refused = await rig.devctl('cleanup --older-than 2s');
      expect(refused.code).toBe(5);
      expect(refused.stderr).toContain('--force');
      expect(isAlive(stuck)).toBe(true);

      const ended = await rig.devctl('cleanup --older-than 2s --force');
      expect(ended.stdout).toMatch(/PID +PPID +ELAPSED/);
      expect({ code: ended.code, stuck: isAlive(stuck), working: isAlive(working.pid) }).toEqual({
        code: 0,
        stuck: false,
        working: true,
      });
      expect(await rig.devctl('cleanup --force --quiet --older-than 2s')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    },
  );

  test('one whose tool works shows progress, however long its session is quiet', { timeout: 90_000 }, async (context) => {
    await using rig = Rig.create();
    await using mock = await MockMessages.start([bash(`perl -e '1 while 1'`)]);
    const pid = await orphan(rig, mock, NATIVE);
    await waitFor('its tool', () => rig.leftovers().find(({ command }) => command === 'perl -e 1 while 1'), 20_000);
    const isBusy = async () => {
      const report = await rig.json<Report>('cleanup --dry-run --older-than 1s');
      skipAmongStrangers(context, rig, report);
      return report.processes.find((one) => one.pid === pid)?.evidence.join() === 'shows progress';
    };
    await waitFor('it to be told apart by its progress', isBusy, 30_000);
    for (const one of rig.leftovers()) process.kill(one.pid, 'SIGKILL');
  });

  test('an MCP server that outlived its session is named and ended', { timeout: 90_000 }, async (context) => {
    const deaf = `setInterval(() => undefined, 1000); process.stdin.resume();`;
    await using rig = Rig.create({
      'mcp.cjs': deaf,
      'mcp.json': JSON.stringify({ mcpServers: { deaf: { command: 'node', args: ['mcp.cjs'] } } }),
    });
    await using mock = await MockMessages.start([HANG]);
    await using run = claude(rig, mock, { path: NATIVE, args: ['--mcp-config', 'mcp.json'], env: { MCP_TIMEOUT: '60000' } });
    const server = await waitFor(
      'the server',
      () => rig.leftovers().find(({ command }) => command === 'node mcp.cjs')?.pid,
      20_000,
    );
    await run.kill();
    // What a person works with carries the same marks, where that server had started it.
    const session = readdirSync(join(rig.env['HOME'] ?? '', '.claude', 'sessions')).find((name) => name.endsWith('.json')) ?? '';
    const { sessionId } = JSON.parse(readFileSync(join(rig.env['HOME'] ?? '', '.claude', 'sessions', session), 'utf8')) as {
      sessionId: string;
    };
    await rig.sh(`tmux -S ${rig.root}/mine -f /dev/null new-session -d 'sleep 601'`, {
      env: { CLAUDE_CODE_SESSION_ID: sessionId },
    });
    const pane = await waitFor('the pane', () => rig.leftovers().find(({ command }) => command === 'sleep 601')?.pid);

    expect((await rig.json<Report>('cleanup --dry-run')).processes.filter(({ kind }) => kind === 'server')).toEqual([]);
    const report = await rig.json<Report>('cleanup --dry-run --older-than 0s');
    skipAmongStrangers(context, rig, report);
    expect(report.processes.filter(({ kind }) => kind === 'server')).toMatchObject([{ pid: server, command: 'node mcp.cjs' }]);
    expect((await rig.devctl('cleanup --force --older-than 0s')).code).toBe(0);
    expect({ server: isAlive(server), pane: isAlive(pane) }).toEqual({ server: false, pane: true });
    await rig.sh(`tmux -S ${rig.root}/mine kill-server`);
  });

  test('asks on a terminal, and a no does nothing', { timeout: 90_000 }, async (context) => {
    await using rig = Rig.create();
    await using mock = await MockMessages.start([HANG]);
    const stuck = await orphan(rig, mock, NATIVE);
    await waitFor(
      'it to be stuck',
      async () => {
        const report = await rig.json<Report>('cleanup --dry-run --older-than 1s');
        skipAmongStrangers(context, rig, report);
        return report.processes.some((one) => one.pid === stuck && one.kind === 'stuck');
      },
      30_000,
    );
    const terminal = await rig.terminal();
    terminal.type('$DEVCTL cleanup --older-than 1s; echo "ended: $?"');
    await terminal.waitFor(/Type "y":/);
    expect(terminal.screen()).toMatch(/WHY +COMMAND/);
    terminal.type('n');
    await terminal.waitFor(/ended: 5/);
    expect(isAlive(stuck)).toBe(true);
    terminal.type('clear; $DEVCTL cleanup --older-than 1s; echo "ended: $?"');
    await terminal.waitFor(/Type "y":/);
    terminal.type('y');
    await terminal.waitFor(/ended: 0/, 20_000);
    expect(isAlive(stuck)).toBe(false);
  });
});

const canBecome = IS_ROOT && spawnSync('setpriv', ['--version']).status === 0;

describe.skipIf(NATIVE === '' || !canBecome)('two users of one machine', () => {
  test('never see each other’s', { timeout: 90_000 }, async () => {
    await using rig = Rig.create();
    await using mock = await MockMessages.start([HANG]);
    const stuck = await orphan(rig, mock, NATIVE);
    await waitFor(
      'it to be stuck',
      async () =>
        (await rig.json<Report>('cleanup --dry-run --older-than 1s')).processes.some(
          ({ pid, kind }) => pid === stuck && kind === 'stuck',
        ),
      30_000,
    );

    await using other = Rig.create();
    // A binary that the other user may read.
    mkdirSync(join(other.project, 'b'));
    cpSync(NATIVE, join(other.project, 'b', 'claude'));
    const somebody = asSomebody(other);
    const theirs = await somebody(['cleanup', '--dry-run', '--json', '--older-than', '0s']);
    expect(JSON.parse(theirs.stdout)).toMatchObject({ data: { processes: [] } });
    const version = await somebody(['claude', '--version'], {
      env: { PATH: `${join(other.project, 'b')}:${other.env['PATH'] ?? ''}` },
    });
    expect(version).toMatchObject({ code: 0, stdout: '2.1.329 (Claude Code)\n' });
    expect((await somebody(['cleanup', '--force', '--older-than', '0s'])).code).toBe(0);
    expect(isAlive(stuck)).toBe(true);
    process.kill(stuck, 'SIGKILL');
  });
});
