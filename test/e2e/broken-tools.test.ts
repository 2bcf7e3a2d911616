import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectId } from '../../src/project/identity.ts';
import { projectPaths, type ProjectPaths } from '../../src/project/paths.ts';
import { DEVCTL, MODES, Rig, type Ran } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

const PROCFILE = 'web: echo hello; exec sleep 86431\nworker: sleep 86432 & wait\n';
const TMUX = { env: { DEVCTL_MODE: 'tmux' } };
const BOUND = { timeoutMs: 15_000 };

describe.concurrent('a stopped tmux server', () => {
  test('delays status, logs and start a little, and stop ends everything, the server included', async () => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    expect((await rig.devctl('start', TMUX)).code).toBe(0);
    process.kill(tmuxServer(rig), 'SIGSTOP');

    expect(await rig.devctl('status', BOUND)).toMatchObject({ code: 0, stderr: '' });
    expect((await rig.devctl('logs web', BOUND)).stdout).toContain('hello');
    const started = await rig.devctl('start', BOUND);
    expect(started).toMatchObject({ code: 0, stderr: '' });
    expect(started.stdout).toContain('already up');
    const stopped = await rig.devctl('stop', BOUND);
    expect(stopped).toMatchObject({ code: 0, stderr: '' });
    expect(rig.leftovers()).toEqual([]);
    expect((await rig.devctl('status')).code).toBe(3);
  });

  test.each(['start', 'restart worker', 'restart'])('lets "%s" fail soon, and say why', async (words) => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    expect((await rig.devctl('start', TMUX)).code).toBe(0);
    if (words === 'start') await killWorker(rig);
    process.kill(tmuxServer(rig), 'SIGSTOP');

    const ran = await rig.devctl(words, BOUND);
    expect(ran.code, ran.stdout).toBe(4);
    expect(ran.stderr).toMatch(/tmux could not .+\n.*it did not answer/);
    expect(ran.stderr).toContain(pathsOf(rig).tmuxSocket);
    expect(await rig.devctl('stop', BOUND)).toMatchObject({ code: 0, stderr: '' });
    expect(rig.leftovers()).toEqual([]);
  });
});

const STRANGERS: { name: string; greet: (client: Socket) => void }[] = [
  { name: 'never answers', greet: () => undefined },
  { name: 'speaks HTTP', greet: (client) => client.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n') },
  { name: 'hangs up', greet: (client) => client.destroy() },
];

describe.concurrent.each(STRANGERS)('a socket in the place of tmux’s whose server $name', ({ greet }) => {
  test('makes start fail with its path; stop takes it away, and start works', async () => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    const { tmuxSocket } = pathsOf(rig);
    await using stranger = await listen(tmuxSocket, greet);

    const started = await rig.devctl('start', { ...TMUX, ...BOUND });
    expect(started.code, started.stdout).toBe(4);
    expect(started.stderr).toContain(tmuxSocket);
    expectNoCrash(started);
    expect(stranger.calls()).toBeGreaterThan(0);
    expect(rig.leftovers()).toEqual([]);
    expect((await rig.devctl('status', BOUND)).code).toBe(3);
    expect((await rig.devctl('logs', BOUND)).code).toBe(0);

    expect((await rig.devctl('stop', BOUND)).code).toBe(0);
    expect((await rig.devctl('start', { ...TMUX, ...BOUND })).code).toBe(0);
  });

  test('after the start hides nothing from status, logs and stop', async () => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    const { tmuxSocket } = pathsOf(rig);
    expect((await rig.devctl('start', TMUX)).code).toBe(0);
    rmSync(tmuxSocket);
    await using stranger = await listen(tmuxSocket, greet);

    expect(await rig.devctl('status', BOUND)).toMatchObject({ code: 0, stderr: '' });
    expect((await rig.devctl('logs web', BOUND)).stdout).toContain('hello');
    expect((await rig.devctl('stop', BOUND)).code).toBe(0);
    expect(stranger.calls()).toBeGreaterThan(0);
    expect(rig.leftovers()).toEqual([]);
  });
});

const FOLDER = Symbol('a folder');

/** What stands in the record's place: a text, or a folder. */
const BROKEN_RECORDS: { name: string; damaged: (text: string) => string | typeof FOLDER }[] = [
  { name: 'torn', damaged: (text) => text.slice(0, text.length / 2) },
  { name: 'empty', damaged: () => '' },
  { name: 'of another version', damaged: (text) => text.replace('devctl.run/1', 'devctl.run/99') },
  { name: 'no object', damaged: () => 'null' },
  { name: 'without its services', damaged: (text) => edited(text, { services: null }) },
  { name: 'with services of another shape', damaged: (text) => edited(text, { services: { web: {} } }) },
  { name: 'a folder', damaged: () => FOLDER },
];

describe.concurrent.each(MODES)('in %s mode', (mode) => {
  test.each(BROKEN_RECORDS)('a run record that is $name crashes nothing, and hides no process from stop', async ({ damaged }) => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    const { record } = pathsOf(rig);
    const env = { DEVCTL_MODE: mode };
    expect((await rig.devctl('start', { env })).code).toBe(0);
    replace(record, damaged(readFileSync(record, 'utf8')));

    const status = await rig.devctl('status', BOUND);
    expectNoCrash(status);
    // The services are alive, and nobody can say which of them are wanted.
    expect(status.code).toBe(8);
    const logs = await rig.devctl('logs web', BOUND);
    expectNoCrash(logs);
    expect(logs.stdout).toContain('hello');

    const stopped = await rig.devctl('stop', BOUND);
    expectNoCrash(stopped);
    expect(stopped.code).toBe(0);
    expect(rig.leftovers()).toEqual([]);
    expect((await rig.devctl('status')).code).toBe(3);
    expect((await rig.devctl('start', { env })).code).toBe(0);
  });

  test('start ends what runs of a torn record, and does not run it twice', async () => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    const { record } = pathsOf(rig);
    const env = { DEVCTL_MODE: mode };
    expect((await rig.devctl('start', { env })).code).toBe(0);
    const before = sleepers(rig, 86431);
    writeFileSync(record, readFileSync(record, 'utf8').slice(0, 100));

    const started = await rig.devctl('start', { env });
    expect(started.code, started.stderr).toBe(0);
    expect(sleepers(rig, 86431)).toHaveLength(1);
    expect(sleepers(rig, 86431)).not.toEqual(before);
    expect(await rig.devctl('status')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.concurrent('the lock', () => {
  test('of a living devctl keeps others out for a bounded time; one that its holder took to the grave is passed over', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `web: trap '' TERM; while :; do sleep 1; done\n`,
      'devctl.yml': 'services: { web: { grace: 2m } }\n',
    });
    expect((await rig.devctl('start')).code).toBe(0);
    const holder = spawn('node', [DEVCTL, 'stop'], { cwd: rig.project, env: rig.env, stdio: 'ignore' });
    try {
      await waitFor('the stop to hold the lock', () => holdsLock(rig, holder.pid));
      expect((await rig.devctl('status', BOUND)).code).toBe(0);
      expect((await rig.devctl('logs', BOUND)).code).toBe(0);

      const kept = await rig.devctl('start', { timeoutMs: 45_000 });
      expect(kept.code, kept.stdout).toBe(6);
      expect(kept.stderr).toContain(`pid ${String(holder.pid)}`);
      expect(kept.stderr).toContain('devctl stop');
    } finally {
      holder.kill('SIGKILL');
    }
    expect(await rig.devctl('stop --timeout 1s', BOUND)).toMatchObject({ code: 0, stderr: '' });
    expect(rig.leftovers()).toEqual([]);
  });

  // The text of a lock: pid, start time, boot and pid namespace of its holder.
  const LOCKS: { name: string; put: (path: string) => void }[] = [
    {
      name: 'a file',
      put: (path) => {
        writeFileSync(path, '');
      },
    },
    {
      name: 'a link to nothing known',
      put: (path) => {
        symlinkSync('elsewhere', path);
      },
    },
    {
      name: 'of another program that has its holder’s pid by now',
      put: (path) => {
        symlinkSync(`${String(process.pid)}.1.${world()}`, path);
      },
    },
    {
      name: 'of another boot',
      put: (path) => {
        symlinkSync(`${String(process.pid)}.1.000000004026531836`, path);
      },
    },
  ];

  test.each(LOCKS)('that is $name is passed over', async ({ put }) => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    const { lock } = pathsOf(rig);
    mkdirSync(dirname(lock), { recursive: true });
    put(lock);
    expect(await rig.devctl('start', BOUND)).toMatchObject({ code: 0, stderr: '' });
    expect(await rig.devctl('stop', BOUND)).toMatchObject({ code: 0, stderr: '' });
  });
});

function world(): string {
  return (
    readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8) + readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')
  );
}

function pathsOf(rig: Rig): ProjectPaths {
  return projectPaths(projectId(rig.project), {
    stateHome: rig.env['XDG_STATE_HOME'],
    runtimeDir: rig.env['XDG_RUNTIME_DIR'],
    home: rig.env['HOME'] ?? '',
    tmp: rig.env['TMPDIR'] ?? '',
    uid: process.getuid?.() ?? 0,
  });
}

function expectNoCrash({ code, stdout, stderr }: Ran): void {
  expect(`${stdout}${stderr}`).not.toMatch(/bug in devctl|^ +at .+:\d+:\d+/m);
  expect([0, 1, 3, 4, 8]).toContain(code);
}

function tmuxServer(rig: Rig): number {
  const server = rig.leftovers().find(({ pid }) => readFileSync(`/proc/${String(pid)}/comm`, 'utf8').startsWith('tmux: server'));
  if (!server) throw new Error(`no tmux server: ${JSON.stringify(rig.leftovers())}`);
  return server.pid;
}

function sleepers(rig: Rig, seconds: number): number[] {
  return rig
    .leftovers()
    .filter((one) => one.command === `sleep ${String(seconds)}`)
    .map((one) => one.pid);
}

/** As a crash would: everything of the worker ends at once. */
async function killWorker(rig: Rig): Promise<void> {
  const worker = () =>
    rig.leftovers().filter((one) => /^\S*sh \S*keeper\.sh worker$|^sh -c sleep 86432|^sleep 86432/.test(one.command));
  for (const { pid } of worker()) process.kill(pid, 'SIGKILL');
  await waitFor('the end of the worker', () => worker().length === 0);
}

interface Stranger extends AsyncDisposable {
  /** How many have connected. */
  calls(): number;
}

/** A server on a unix socket that is not tmux. */
function listen(path: string, greet: (client: Socket) => void): Promise<Stranger> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => undefined);
    greet(client);
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(path, () => {
      resolve({
        calls: () => clients.size,
        [Symbol.asyncDispose]: () =>
          new Promise((done) => {
            for (const client of clients) client.destroy();
            server.close(() => {
              done();
            });
          }),
      });
    });
  });
}

function replace(path: string, by: string | typeof FOLDER): void {
  rmSync(path);
  if (by === FOLDER) mkdirSync(path);
  else writeFileSync(path, by);
}

function edited(text: string, change: object): string {
  return JSON.stringify({ ...(JSON.parse(text) as object), ...change });
}

function holdsLock(rig: Rig, pid: number | undefined): boolean {
  try {
    return readlinkSync(pathsOf(rig).lock).startsWith(`${String(pid)}.`);
  } catch {
    return false;
  }
}
