import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/leftovers.ts';
import { DEVCTL, Rig, type Ran } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';
import { agent, left, pidIn, program, SNAPSHOT } from './agents.ts';

interface StrayRow {
  pid: number;
  kind: string;
  ports: number[];
  ageSeconds: number;
  command: string;
  agentPid?: number;
  session?: string;
}

const output = ({ stdout, stderr }: Ran) => stdout + stderr;

async function strays(rig: Rig, words = ''): Promise<StrayRow[]> {
  const pids = new Set(rig.leftovers().map(({ pid }) => pid));
  return (await rig.json<{ strays: StrayRow[] }>(`strays ${words}`)).strays.filter(({ pid }) => pids.has(pid));
}
const kindOf = async (rig: Rig, pid: number) => (await strays(rig)).find((stray) => stray.pid === pid)?.kind;

/** A session that starts: it sweeps. */
const sessionStart = (rig: Rig) =>
  rig.sh(
    `echo '${JSON.stringify({ session_id: 'new', cwd: rig.project, hook_event_name: 'SessionStart', source: 'startup' })}' | $DEVCTL hook session-start`,
  );

describe('what a dead agent left in the background of a tool shell', () => {
  test('is listed with age, command, ports; is not while the agent lives; and ends by pid, alone', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'server.js': `require('http').createServer().listen(${String(port)}, '127.0.0.1', () => require('fs').writeFileSync('up', ''))`,
    });
    await using owner = agent(rig, left('server', 'node server.js'), left('other', 'sleep 600'));
    const [server, other] = [await pidIn(rig, 'server.pid'), await pidIn(rig, 'other.pid')];
    await waitFor('the server', () => rig.has('up'));
    expect(await strays(rig)).toEqual([]);
    const refused = await rig.devctl(`strays ${String(server)} --end`);
    expect(refused.code, output(refused)).toBe(2);
    await sessionStart(rig);
    expect([server, other].map(isAlive)).toEqual([true, true]);

    await owner.die();
    const found = await strays(rig);
    expect(found.map(({ pid }) => pid).sort()).toEqual([server, other].sort());
    const row = found.find(({ pid }) => pid === server);
    expect(row).toMatchObject({ kind: 'abandoned', ports: [port], agentPid: owner.pid, session: `session-${String(owner.pid)}` });
    expect(row?.ageSeconds).toBeLessThan(60);
    const text = (await rig.devctl('strays')).stdout;
    expect(text).toMatch(new RegExp(`pid ${String(server)} .*port ${String(port)} +up .*node server.js`));

    const young = await rig.devctl(`strays ${String(server)} --end --older-than 1h`);
    expect(young.code, output(young)).toBe(0);
    expect(isAlive(server)).toBe(true);
    expect(await strays(rig, '--older-than 1h')).toEqual([]);
    const ended = await rig.devctl(`strays ${String(server)} --end`);
    expect(ended.code, output(ended)).toBe(0);
    expect([server, other].map(isAlive)).toEqual([false, true]);
  });

  test('the sweep at the start of a session ends it, also what ignores SIGTERM and what is beneath it, and says so', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 600\n' });
    const stubborn = `bash -c 'trap "" TERM; while :; do sleep 1; done'`;
    await using owner = agent(rig, left('a', stubborn), left('b', `bash -c 'sleep 600; true'`));
    const pids = [await pidIn(rig, 'a.pid'), await pidIn(rig, 'b.pid')];
    await owner.die();
    const swept = await sessionStart(rig);
    expect(swept.code).toBe(0);
    for (const pid of pids) {
      expect(isAlive(pid), output(swept)).toBe(false);
      expect(swept.stdout).toContain(`pid ${String(pid)} `);
    }
    expect(rig.leftovers()).toEqual([]);
  });

  test('a tool shell that was killed in the middle of a call is swept; a shell of the stray’s own session is only listed', async () => {
    await using rig = Rig.create();
    await using owner = agent(
      rig,
      SNAPSHOT('echo $$ >tool.pid; sleep 600; true'),
      `setsid sleep 600 & echo $! >apart.pid; sleep 600`,
      'echo $$ >shell.pid; sleep 600; true',
    );
    const tool = await pidIn(rig, 'tool.pid');
    const apart = await pidIn(rig, 'apart.pid');
    const shell = await pidIn(rig, 'shell.pid');
    await owner.die();
    expect(await kindOf(rig, tool)).toBe('abandoned');
    const swept = await sessionStart(rig);
    expect([tool, apart, shell].map(isAlive), output(swept)).toEqual([false, true, true]);
    for (const pid of [apart, shell]) {
      expect(await kindOf(rig, pid)).toBe('detached');
      expect(swept.stdout, 'everything else it lists').toContain(`pid ${String(pid)} `);
    }
  });

  test.each([
    [
      'an application that is called dist/main.js, as NestJS has it',
      './dist/main.js',
      { 'dist/main.js': 'setInterval(() => 0, 1000)' },
    ],
    ['a script in a folder that is called devctl', './devctl --serve', { 'devctl/index.js': 'setInterval(() => 0, 1000)' }],
  ])('%s is not taken for devctl’s own', async (_, words, files) => {
    await using rig = Rig.create(files);
    await using owner = agent(rig, left('app', `node ${words}`));
    const app = await pidIn(rig, 'app.pid');
    await owner.die();
    expect(await kindOf(rig, app)).toBe('abandoned');
  });

  test('of a session without the agent’s pid is told by the agent’s own files', async () => {
    await using rig = Rig.create();
    rig.env['CLAUDE_CONFIG_DIR'] = join(rig.root, 'c');
    await using owner = agent(rig, left('a', 'env -u CLAUDE_PID sleep 600'));
    const pid = await pidIn(rig, 'a.pid');
    const session = { sessionId: `session-${String(owner.pid)}`, pid: owner.pid };
    rig.write({ [`c/sessions/${String(owner.pid)}.json`]: JSON.stringify(session) }, rig.root);
    await waitFor('the variable to be gone', () => rig.leftovers().some((one) => one.pid === pid && one.command === 'sleep 600'));
    expect(await strays(rig)).toEqual([]);
    await owner.die();
    expect(await kindOf(rig, pid)).toBe('abandoned');
  });
});

describe('never ended without being named by its pid', () => {
  test.each([
    ['another agent', 'claude'],
    ['another kind of agent', 'codex'],
    ['a desktop program', 'firefox'],
    ['an editor', 'code'],
    ['a shared daemon', 'watchman'],
    ['a multiplexer', 'screen'],
    ['another multiplexer', 'zellij'],
  ])('%s (%s) and what is beneath it', async (_, name) => {
    await using rig = Rig.create();
    const path = program(rig, name);
    // The program is the session's, and beneath it stands a child that it had before it became what it is.
    await using owner = agent(
      rig,
      left('program', `bash -c 'sleep 600 & echo $! >child.pid; exec ${path} 600'`),
      left('plain', 'sleep 600'),
    );
    const pids = [await pidIn(rig, 'program.pid'), await pidIn(rig, 'child.pid')];
    const plain = await pidIn(rig, 'plain.pid');
    await waitFor('the program', () => rig.leftovers().some(({ command }) => command.startsWith(path)));
    await owner.die();
    const swept = await sessionStart(rig);
    expect(pids.map(isAlive), output(swept)).toEqual([true, true]);
    expect(isAlive(plain)).toBe(false);
    for (const pid of pids) expect(await kindOf(rig, pid), name).toBe('shielded');
    const ended = await rig.devctl(`strays ${String(pids[1])} --end`);
    expect(ended.code, output(ended)).toBe(0);
    expect(pids.map(isAlive)).toEqual([true, false]);
  });

  test('is listed by the sweep all the same', async () => {
    await using rig = Rig.create();
    const path = program(rig, 'watchman');
    await using owner = agent(rig, left('program', `${path} 600`));
    const pid = await pidIn(rig, 'program.pid');
    await waitFor('the program', () => rig.leftovers().some(({ command }) => command.startsWith(path)));
    await owner.die();
    expect((await sessionStart(rig)).stdout, 'everything else it lists').toContain(`pid ${String(pid)} `);
    expect(isAlive(pid)).toBe(true);
  });

  test('a tmux server, and what runs in its panes', async () => {
    await using rig = Rig.create();
    const socket = join(rig.root, 'sock');
    await using owner = agent(
      rig,
      `tmux -S ${socket} -f /dev/null new-session -d "echo \\$\\$ >pane.pid; sleep 600; true"; tmux -S ${socket} display-message -p '#{pid}' >server.pid`,
    );
    const pids = [await pidIn(rig, 'pane.pid'), await pidIn(rig, 'server.pid')];
    await owner.die();
    const swept = await sessionStart(rig);
    expect(pids.map(isAlive), output(swept)).toEqual([true, true]);
    for (const pid of pids) expect(await kindOf(rig, pid)).toBe('shielded');
  });
});

describe('devctl’s own', () => {
  test.each(['direct', 'tmux'])('services in %s mode that a dead agent started are neither listed nor swept', async (mode) => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: sleep 600 & sleep 600\nworker: exec sleep 600\n' });
    await using owner = agent(rig, `node ${DEVCTL} start --mode ${mode} >start.out 2>&1; echo $? >start.pid`);
    expect(await pidIn(rig, 'start.pid'), rig.read('start.out')).toBe(0);
    await owner.die();
    expect(await strays(rig)).toEqual([]);
    const swept = await sessionStart(rig);
    expect(swept.stdout).toContain('HEALTHY');
    expect(await rig.json('status')).toMatchObject({ verdict: 'healthy' });
    expect((await rig.devctl('stop')).code).toBe(0);
  });

  test('the sweeper that the end of a session leaves behind ends what is abandoned, once its agent is gone', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 600\n' });
    await using owner = agent(rig, left('a', 'sleep 600'));
    const pid = await pidIn(rig, 'a.pid');
    expect((await rig.devctl('start')).code).toBe(0);
    const event = JSON.stringify({ session_id: 'x', cwd: rig.project, hook_event_name: 'SessionEnd', reason: 'other' });
    const ended = await rig.sh(`echo '${event}' | $DEVCTL hook session-end`, { env: { CLAUDE_PID: String(owner.pid) } });
    expect(ended.code).toBe(0);
    expect(ended.ms).toBeLessThan(1500);
    expect(isAlive(pid)).toBe(true);
    await owner.die();
    await waitFor('the end of the stray', () => !isAlive(pid));
    expect(await rig.json('status')).toMatchObject({ verdict: 'healthy' });
  });
});
