import { describe, expect, test, type TestContext } from 'vitest';
import { claude, strangersStrays, type ClaudeRequest, type ClaudeRun } from '../support/claude.ts';
import { claudeBinary } from '../support/claude-binary.ts';
import { isAlive } from '../support/leftovers.ts';
import { MockMessages, type Step } from '../support/mock-messages.ts';
import { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** The real Claude Code, with a mock for a model. */
const binary = await claudeBinary();
const path = binary.kind === 'there' ? binary.path : '';

const SERVER = `
const server = require('http').createServer((q, s) => s.end('hi'));
server.listen(process.env.PORT, '127.0.0.1', () => require('fs').writeFileSync('listens', String(Date.now())));
`;
const STRAY = `require('http').createServer(() => undefined).listen(0, '127.0.0.1');`;

const hook = (event: string, timeout: number) => [{ type: 'command', command: `devctl hook ${event} || true`, timeout }];
const SETTINGS = JSON.stringify({
  hooks: {
    PreToolUse: [{ matcher: 'Bash', hooks: hook('pre-tool-use', 5) }],
    SessionStart: [{ hooks: hook('session-start', 10) }],
    SessionEnd: [{ hooks: hook('session-end', 10) }],
  },
});

const FILES = { 'server.js': SERVER, 'server2.js': STRAY, 'Procfile.dev': 'web: node server.js\n' };
const HOOKED = { ...FILES, '.claude/settings.json': SETTINGS };

const bash = (command: string): Step => ({ tool: 'Bash', input: { command, description: 'as asked' } });

function session(rig: Rig, mock: MockMessages, request: Partial<ClaudeRequest> = {}): ClaudeRun {
  return claude(rig, mock, { path, args: ['--allowedTools', 'Bash'], ...request });
}

/** The pids of the test's processes with this command line. */
function pidsOf(rig: Rig, command: string | RegExp): number[] {
  return rig
    .leftovers()
    .filter((one) => (typeof command === 'string' ? one.command === command : command.test(one.command)))
    .map(({ pid }) => pid);
}

/** The sweeps of the hooks look at the whole machine. */
function skipAmongStrangers({ skip }: TestContext, rig: Rig): void {
  const strangers = strangersStrays(rig.tag);
  if (strangers.length > 0) skip(`this would end processes that other sessions have left: pids ${strangers.join(' ')}`);
}

describe.skipIf(binary.kind === 'missing')('the real Claude Code', () => {
  test('runs devctl start, which returns when the service is ready; the service outlives the session', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create(FILES);
    await using mock = await MockMessages.start([bash('devctl start')]);
    await using run = session(rig, mock, { env: { PORT: String(port) } });
    const { code, result } = await run.end();
    expect({ code, result, stderr: run.stderr }).toEqual({ code: 0, result: 'That is all.', stderr: '' });
    expect(mock.turns[0]?.tools).toContain('Bash');

    const [answer] = mock.toolResults;
    expect(answer).toMatchObject({ isError: false });
    expect(answer?.text).toContain(`http://localhost:${String(port)}`);
    const returned = (mock.turns[1]?.at ?? Number.NaN) - Number(rig.read('listens'));
    expect(returned).toBeGreaterThanOrEqual(0);
    expect(returned).toBeLessThan(1000);

    const { services } = await rig.json<{ services: { state: string; pid: number }[] }>('status');
    expect(services).toMatchObject([{ state: 'ready' }]);
    expect((await rig.devctl('stop')).code).toBe(0);
    expect(isAlive(services[0]?.pid ?? process.pid)).toBe(false);
  });

  test('is told of the environment at its start, and is denied what devctl does', async (context) => {
    await using rig = Rig.create(HOOKED);
    skipAmongStrangers(context, rig);
    await using mock = await MockMessages.start([bash('npx vite')]);
    await using run = session(rig, mock);
    expect(await run.end()).toMatchObject({ code: 0 });

    const told = mock.turns[0]?.texts.filter((text) => text.includes('SessionStart')).join('\n');
    expect(told).toContain('devctl runs this project');
    const [denial] = mock.toolResults;
    expect(denial).toMatchObject({ isError: true });
    expect(denial?.text).toContain('devctl start');
  });

  test('killed in the middle of a call: the next session ends what it left, and what was set apart on purpose lives', async (context) => {
    await using rig = Rig.create(HOOKED);
    skipAmongStrangers(context, rig);
    const tmux = `TMUX_TMPDIR=${rig.root} tmux -L x -f /dev/null new-session -d 'sleep 600'`;
    const steps = [bash(tmux), bash('setsid sleep 600 &'), bash('node server2.js & node server2.js')];
    await using first = await MockMessages.start(steps);
    await using killed = session(rig, first);
    const strays = await waitFor('both servers', () => atLeast(2, pidsOf(rig, 'node server2.js')), 30_000);
    await killed.kill();
    const shells = pidsOf(rig, /shell-snapshots.*node server2\.js/);
    const apart = pidsOf(rig, /^(?:tmux .*|sleep 600)$/);
    expect({ strays: strays.length, shells: shells.length, apart: apart.length }).toEqual({ strays: 2, shells: 1, apart: 3 });
    expect([...strays, ...shells, ...apart].filter((pid) => !isAlive(pid))).toEqual([]);

    await using second = await MockMessages.start();
    await using next = session(rig, second);
    expect(await next.end()).toMatchObject({ code: 0 });
    expect([...strays, ...shells].filter(isAlive)).toEqual([]);
    expect(apart.filter((pid) => !isAlive(pid))).toEqual([]);
    const told = second.turns[0]?.texts.join('\n') ?? '';
    expect(told).toContain('devctl ended what a session that is over had left behind');
    for (const pid of strays) expect(told).toContain(`pid ${String(pid)} node server2.js`);

    for (const pid of apart.filter(isAlive)) process.kill(pid, 'SIGTERM');
  });

  test('at its end what it left in the background goes, and the services stay', async (context) => {
    await using rig = Rig.create(HOOKED);
    skipAmongStrangers(context, rig);
    // The last answer takes its time, so that the stray is seen alive.
    const steps = [bash('devctl start'), bash('node server2.js >/dev/null 2>&1 &'), { text: 'Bye.', delayMs: 500 }];
    await using mock = await MockMessages.start(steps);
    await using run = session(rig, mock, { env: { PORT: String(await Rig.freePort()) } });
    const stray = await waitFor('the stray', () => pidsOf(rig, 'node server2.js')[0], 30_000);
    expect(await run.end()).toMatchObject({ code: 0 });

    await waitFor('the end of the stray', () => !isAlive(stray), 15_000);
    await waitFor('the end of the sweeper', () => pidsOf(rig, / hook sweep /).length === 0);
    const { services } = await rig.json<{ services: { state: string }[] }>('status');
    expect(services).toMatchObject([{ state: 'ready' }]);
  });
});

function atLeast<T>(count: number, list: T[]): T[] | undefined {
  return list.length >= count ? list : undefined;
}
