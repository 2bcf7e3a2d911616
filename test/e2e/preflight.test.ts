import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/leftovers.ts';
import { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';
import { answers, client, orphan, server, SERVER } from './port-holders.ts';

/** A project with one service on a port that devctl.yml declares, or that its line only seems to want. */
async function project(kind: 'declared' | 'inferred'): Promise<{ rig: Rig; port: number } & AsyncDisposable> {
  const port = await Rig.freePort();
  const line = `web: exec node server.js -p ${String(port)}\n`;
  const rig = Rig.create({ 'server.js': SERVER, 'Procfile.dev': line });
  if (kind === 'declared') rig.write({ 'devctl.yml': `services: { web: { port: ${String(port)} } }\n` });
  return { rig, port, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

describe.each(['declared', 'inferred'] as const)('a server from before devctl, on a %s port', (kind) => {
  test('of this folder, whose shell is gone, is ended without a question, and start says so', async () => {
    await using given = await project(kind);
    const { rig, port } = given;
    const pid = await orphan(rig, port);
    await using reader = await client(rig, port);

    const plan = await rig.devctl('start --dry-run');
    expect(plan.stdout).toContain(`would first end pid ${String(pid)}`);
    expect(isAlive(pid)).toBe(true);

    const started = await rig.devctl('start');
    expect(started.code, rig.history).toBe(0);
    expect(started.stdout).toMatch(
      new RegExp(`ended a server from before on port ${String(port)}: pid ${String(pid)} .*folder in the project`),
    );
    expect(isAlive(pid)).toBe(false);
    expect(isAlive(reader.pid), 'a client of the port').toBe(true);
    expect((await rig.devctl('status')).code).toBe(0);
  });
});

// Without /proc nobody knows the session of a process whose parent lives.
test.skipIf(process.env['DEVCTL_PROBE'] === 'portable')(
  'an orphan below a runner that would start it again ends with its runner',
  async () => {
    await using given = await project('declared');
    const { rig, port } = given;
    rig.write({ 'runner.sh': `while :; do node server.js -p ${String(port)}; done\n` });
    await rig.sh(`setsid sh -c 'sh runner.sh >/dev/null 2>&1 & echo $! >runner.pid'`);
    await waitFor('the server', () => answers(port));
    expect((await rig.devctl('start')).code, rig.history).toBe(0);
    expect(isAlive(Number(rig.read('runner.pid')))).toBe(false);
  },
);

describe('a declared port that somebody else holds', () => {
  test.each([
    ['from elsewhere', 'its folder is elsewhere', { cwd: '/' }],
    ['in this folder that somebody runs', 'not orphaned', {}],
  ])('by a server %s stops the start with all that is known of it', async (_, evidence, over) => {
    await using given = await project('declared');
    const { rig, port } = given;
    await using holder = await server(rig, port, over);
    const refused = await rig.devctl('start');
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain(`port ${String(port)} is held by pid ${String(holder.pid)} "`);
    expect(refused.stderr).toMatch(/in \/.*, user \w+, up \d/);
    expect(refused.stderr).toContain(evidence);
    expect(refused.stderr).toContain(`devctl start --take-port ${String(port)}`);
    expect(refused.stderr).toMatch(/port: \d+ .*a free port/);
    expect(isAlive(holder.pid)).toBe(true);
    expect(rig.leftovers().filter(({ pid }) => pid !== holder.pid)).toEqual([]);

    const taken = await rig.devctl(`start --take-port ${String(port)}`);
    expect(taken.code, taken.stderr).toBe(0);
    expect(taken.stdout).toContain(`took port ${String(port)} from pid ${String(holder.pid)}`);
    expect(isAlive(holder.pid)).toBe(false);
  });

  test('that was taken for a start that then fails is told all the same', async () => {
    await using given = await project('declared');
    const { rig, port } = given;
    await using holder = await server(rig, port, { cwd: '/' });
    rig.write({ 'Procfile.dev': 'web: exit 3\n' });
    const failed = await rig.devctl(`start --take-port ${String(port)}`);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain(`took port ${String(port)} from pid ${String(holder.pid)}`);
  });

  test('on a terminal is a question; no is no, and yes ends it', async () => {
    await using given = await project('declared');
    const { rig, port } = given;
    await using holder = await server(rig, port, { cwd: '/' });
    const terminal = await rig.terminal();
    terminal.type('$DEVCTL start --mode direct; echo "code $?"');
    await terminal.waitFor(/Type "yes": *$/m);
    terminal.type('no');
    await terminal.waitFor(/code 4/);
    expect(isAlive(holder.pid)).toBe(true);
    terminal.type('clear; $DEVCTL start --mode direct; echo "code $?"');
    await terminal.waitFor(/Type "yes": *$/m);
    terminal.type('yes');
    await terminal.waitFor(/code 0/);
    expect(isAlive(holder.pid)).toBe(false);
  });

  test('by an ancestor of devctl is never freed, not even by name', async () => {
    await using given = await project('declared');
    const { rig, port } = given;
    rig.write({
      'agent.js': `require('node:net').createServer().listen(${String(port)}, '127.0.0.1', () => {
  const { spawnSync } = require('node:child_process');
  const { status, stderr } = spawnSync('sh', ['-c', process.argv[2]], { encoding: 'utf8' });
  console.log(status, stderr);
  process.exit();
});`,
    });
    const refused = await rig.sh(`node agent.js "$DEVCTL start --take-port ${String(port)}"`);
    expect(refused.stdout).toMatch(/^4 /);
    expect(refused.stdout).toContain('devctl runs below it');
  });

  test.each(['0', '70000', 'web'])('--take-port %s is no port', async (word) => {
    await using given = await project('declared');
    const { rig } = given;
    expect((await rig.devctl(`start --take-port ${word}`)).code).toBe(2);
  });
});

test('an inferred port that a stranger holds is a note with the flag, and the start goes on', async () => {
  await using given = await project('inferred');
  const { rig, port } = given;
  await using holder = await server(rig, port, { cwd: '/' });
  rig.write({ 'Procfile.dev': `web: exec sleep 600 # -p ${String(port)}\n` });
  const started = await rig.devctl('start');
  expect(started.code, started.stderr).toBe(0);
  expect(started.stdout).toMatch(
    new RegExp(`port ${String(port)}, .*held by pid ${String(holder.pid)} .*--take-port ${String(port)}`),
  );
  expect(isAlive(holder.pid)).toBe(true);
});

test('a service that left the Procfile and holds the port of another one is stopped first', async () => {
  await using given = await project('declared');
  const { rig, port } = given;
  const line = `exec node server.js -p ${String(port)}`;
  rig.write({ 'Procfile.dev': `old: ${line}\nother: exec sleep 600\n`, 'devctl.yml': '' });
  expect((await rig.devctl('start')).code).toBe(0);
  rig.write({
    'Procfile.dev': `web: ${line}\nother: exec sleep 600\n`,
    'devctl.yml': `services: { web: { port: ${String(port)} } }\n`,
  });
  const started = await rig.devctl('start');
  expect(started.code, started.stderr).toBe(0);
  const { services } = await rig.json<{ services: { name: string; state: string }[] }>('status');
  expect(services.map(({ name, state }) => `${name} ${state}`)).toEqual(['web ready', 'other running']);
});

test('a framework’s lock whose pid is a stranger’s by now is named with what to type', async () => {
  await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 600\n' });
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
  try {
    rig.write({ 'tmp/pids/server.pid': `${String(stranger.pid)}\n` });
    const started = await rig.devctl('start');
    expect(started.code).toBe(0);
    expect(started.stdout).toMatch(
      /tmp\/pids\/server\.pid names pid \d+, which is "sleep 600" by now and no server of Rails.*rm /,
    );
  } finally {
    stranger.kill('SIGKILL');
  }
});
