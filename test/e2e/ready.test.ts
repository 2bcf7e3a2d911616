import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/leftovers.ts';
import { MODES, Rig } from '../support/rig.ts';

/** Never answers, and never ends. */
const STAYS = 'exec sleep 600';
/** Below every timeout that a start would have to run into. */
const SOON_MS = 15_000;

const SERVER = `require('node:http').createServer((q, s) => s.end('hi')).listen(process.env.PORT, '127.0.0.1');`;

const declare = (services: Record<string, object>): string => JSON.stringify({ services });

interface StatusData {
  verdict: string;
  services: { name: string; state: string; pid?: number }[];
}

/** A process that is none of devctl's, listening on a port. */
async function stranger(port: number): Promise<{ pid: number } & Disposable> {
  const child = spawn(
    process.execPath,
    ['-e', `require('node:net').createServer().listen(${String(port)}, '127.0.0.1', () => console.log('up')) // the-stranger`],
    { cwd: '/', env: {}, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return { pid: child.pid ?? 0, [Symbol.dispose]: () => child.kill('SIGKILL') };
}

describe('a declared port', () => {
  test('that a stranger holds is refused with his pid and command, and nothing is started', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'server.js': SERVER,
      'Procfile.dev': `worker: ${STAYS}\nweb: exec node server.js\n`,
      'devctl.yml': declare({ web: { port } }),
    });
    using holder = await stranger(port);

    const refused = await rig.devctl('start');
    expect(refused).toMatchObject({ code: 4, stdout: '' });
    expect(refused.stderr).toContain(`error: Cannot start "web": port ${String(port)} is taken`);
    expect(refused.stderr).toContain(`pid ${String(holder.pid)} `);
    expect(refused.stderr).toContain('the-stranger');
    expect(rig.leftovers()).toEqual([]);
    expect(rig.has('log')).toBe(false);
    expect(isAlive(holder.pid)).toBe(true);
    expect((await rig.devctl('status')).code).toBe(3);

    const { stdout, code } = await rig.devctl('start --json');
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'devctl.failure/1',
      ok: false,
      failure: { code: 'PORT_HELD', data: { service: 'web', holder: { port, pid: holder.pid } } },
    });
  });

  test('that a stranger holds is refused although the service itself would listen elsewhere', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'Procfile.dev': `web: ${STAYS}\n`,
      'devctl.yml': declare({ web: { ready: { port } } }),
    });
    using holder = await stranger(port);
    const refused = await rig.devctl('start');
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain(`pid ${String(holder.pid)} `);
    expect(rig.leftovers()).toEqual([]);
  });

  test('that opens and closes after 150 ms is not ready', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'flicker.js': `const server = require('node:net').createServer();
        server.listen(process.env.PORT, '127.0.0.1', () => setTimeout(() => server.close(() => console.log('closed')), 150));
        setInterval(() => undefined, 1000);`,
      'Procfile.dev': 'web: exec node flicker.js\n',
      'devctl.yml': declare({ web: { port } }),
    });
    const started = await rig.devctl('start --timeout 4s');
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toContain(`still waiting for port ${String(port)}`);
    expect(started.stderr).toContain('| closed');
    expect(rig.leftovers()).toEqual([]);
  });

  test('that opens, closes and opens again is ready when it stays open', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'flicker.js': `const { createServer } = require('node:http');
        const open = (then) => { const server = createServer((q, s) => s.end('hi')); server.listen(process.env.PORT, '127.0.0.1', () => then(server)); };
        open((first) => setTimeout(() => first.close(() => setTimeout(() => open(() => console.log('open for good')), 1500)), 150));`,
      'Procfile.dev': 'web: exec node flicker.js\n',
      'devctl.yml': declare({ web: { port } }),
    });
    expect(await rig.devctl('start')).toMatchObject({ code: 0 });
    expect((await rig.devctl('logs web')).stdout).toContain('open for good');
    expect(await (await fetch(`http://127.0.0.1:${String(port)}`)).text()).toBe('hi');
  });

  test('that never opens fails the start at its --timeout', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({ 'Procfile.dev': `web: ${STAYS}\n`, 'devctl.yml': declare({ web: { port } }) });
    const started = await rig.devctl('start --timeout 1s');
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toMatch(new RegExp(`^error: "web" was not ready after .* still waiting for port ${String(port)}`));
    expect(started.ms).toBeLessThan(SOON_MS);
    expect(rig.leftovers()).toEqual([]);
  });

  test('is not waited for with --no-wait', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({ 'Procfile.dev': `web: ${STAYS}\n`, 'devctl.yml': declare({ web: { port } }) });
    const started = await rig.devctl('start --no-wait');
    expect(started.code).toBe(0);
    expect(started.stdout).not.toContain('ready');
    expect(started.ms).toBeLessThan(SOON_MS);
    expect(await rig.json<StatusData>('status')).toMatchObject({ verdict: 'starting', services: [{ name: 'web' }] });
    expect(rig.leftovers()).not.toEqual([]);
    expect((await rig.devctl('stop')).code).toBe(0);
    expect(rig.leftovers()).toEqual([]);
  });
});

describe('a ready check', () => {
  /** Listens at once; its /health says 503 for the first 1.5 seconds. */
  const WARMS_UP = `const began = Date.now();
    require('node:http').createServer((q, s) => {
      s.statusCode = q.url === '/health' && Date.now() - began < 1500 ? 503 : 200;
      s.end();
    }).listen(process.env.PORT, '127.0.0.1');`;

  test('over HTTP holds the start until the path answers below 400', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'server.js': WARMS_UP,
      'Procfile.dev': 'web: exec node server.js\n',
      'devctl.yml': declare({ web: { port, ready: { http: '/health' } } }),
    });
    expect(await rig.devctl('start')).toMatchObject({ code: 0 });
    expect((await fetch(`http://127.0.0.1:${String(port)}/health`)).status).toBe(200);
  });

  test('over HTTP that never answers well fails the start, which names the path', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'server.js': `require('node:http').createServer((q, s) => { s.statusCode = 500; s.end(); }).listen(process.env.PORT, '127.0.0.1');`,
      'Procfile.dev': 'web: exec node server.js\n',
      'devctl.yml': declare({ web: { port, ready: { http: '/health' } } }),
    });
    const started = await rig.devctl('start --timeout 3s');
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toContain('still waiting for /health to answer');
    expect(rig.leftovers()).toEqual([]);
  });

  test('over HTTP whose answer never ends does not outlive the timeout', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'server.js': `require('node:http').createServer(() => undefined).listen(process.env.PORT, '127.0.0.1');`,
      'Procfile.dev': 'web: exec node server.js\n',
      'devctl.yml': declare({ web: { port, ready: { http: '/health' } } }),
    });
    const started = await rig.devctl('start --timeout 3s');
    expect(started.code).toBe(1);
    expect(started.ms).toBeLessThan(SOON_MS);
  });

  test.each(MODES)('of the log holds the start until the line is there in %s mode', async (mode) => {
    await using rig = Rig.create({
      'Procfile.dev': 'worker: echo warming up; sleep 2; echo accepting jobs; exec sleep 600\n',
      'devctl.yml': declare({ worker: { ready: { log: '^accepting jobs$' } } }),
    });
    expect(await rig.devctl('start', { env: { DEVCTL_MODE: mode } }), rig.history).toMatchObject({ code: 0 });
    expect((await rig.devctl('logs worker')).stdout).toBe('warming up\naccepting jobs\n');
  });

  test('of the log that never comes fails the start, which names the pattern', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `worker: echo warming up; ${STAYS}\n`,
      'devctl.yml': declare({ worker: { ready: { log: 'accepting jobs' } } }),
    });
    const started = await rig.devctl('start --timeout 2s');
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toContain('still waiting for a line that matches /accepting jobs/');
    expect(started.stderr).toContain('| warming up');
    expect(rig.leftovers()).toEqual([]);
  });
});

describe.each(MODES)('a service that ends while it should stay, in %s mode', (mode) => {
  const env = { DEVCTL_MODE: mode };

  test('fails the start although its code is 0', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `web: echo nothing to do\nworker: ${STAYS}\n` });
    const started = await rig.devctl('start', { env });
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toMatch(/^error: "web" ended with code 0 .*oneShot: true/);
    expect(started.stderr).toContain('| nothing to do');
    expect(started.ms).toBeLessThan(SOON_MS);
    expect(rig.leftovers()).toEqual([]);
  });

  test('is told with its code and its last lines, and everything is rolled back', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `worker: ${STAYS}\nweb: for i in $(seq 1 50); do echo line $i; done; sleep 0.3; echo boom >&2; exit 3\n`,
    });
    const started = await rig.devctl('start', { env });
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toMatch(/^error: "web" ended with code 3 /);
    expect(started.stderr).toMatch(/\| line 50\n +\| boom\n/);
    expect(started.stderr).not.toMatch(/\| line 20$/m);
    expect(rig.leftovers()).toEqual([]);
    expect((await rig.devctl('status')).code).toBe(3);
  });

  test('leaves the others up with --keep', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `worker: ${STAYS}\nweb: echo boom; exit 3\n` });
    const started = await rig.devctl('start --keep', { env });
    expect(started.code).toBe(1);
    expect(started.stderr).toContain('devctl stop');
    const status = await rig.devctl('status --json');
    expect(status.code).toBe(8);
    expect((JSON.parse(status.stdout) as { data: StatusData }).data.services).toMatchObject([
      { name: 'worker', state: 'running' },
      { name: 'web', state: 'ended' },
    ]);
    expect((await rig.devctl('stop')).code).toBe(0);
    expect(rig.leftovers()).toEqual([]);
  });

  test('takes nothing with it that was up before this start', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `worker: ${STAYS}\nweb: echo boom; exit 3\n` });
    expect((await rig.devctl('start worker', { env })).code).toBe(0);
    const before = (await rig.json<StatusData>('status')).services.find(({ name }) => name === 'worker');
    expect((await rig.devctl('start', { env })).code).toBe(1);
    const after = (await rig.json<StatusData>('status')).services.find(({ name }) => name === 'worker');
    expect(after).toMatchObject({ state: 'running', pid: before?.pid });
  });
});
