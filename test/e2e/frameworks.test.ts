import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE, Rig, type Ran, type TestMode } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

const APPS = join(PACKAGE, 'test', 'fixtures', 'apps');
const INSTALLED = join(APPS, 'node_modules');
const HAS_GUNICORN = spawnSync('gunicorn', ['--version']).status === 0;
if (!HAS_GUNICORN) console.warn('gunicorn is not installed: its tests are skipped (apt-get install gunicorn)');

/** A start that was given up at its timeout takes 30 s: one that saw the failure is far below. */
const LONG_BEFORE_THE_TIMEOUT_MS = 15_000;
const QUIET = { NEXT_TELEMETRY_DISABLED: '1', NPM_CONFIG_UPDATE_NOTIFIER: 'false' };

interface StatusData {
  verdict: string;
  services: { name: string; state: string; url?: string; listeners: { port: number }[] }[];
}

beforeAll(() => {
  if (!existsSync(join(INSTALLED, 'vite')))
    throw new Error('the applications are not installed: npm ci --prefix test/fixtures/apps');
});

/** A project with one of the applications in it, and its packages beside it as a user has them. */
function createApp(app: string, files: Record<string, string>): Rig {
  const rig = Rig.create(files);
  cpSync(join(APPS, app), rig.project, { recursive: true });
  symlinkSync(INSTALLED, join(rig.project, 'node_modules'));
  return rig;
}

async function listen(port: number, host: string): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.on('error', () => {
      resolve(undefined);
    });
    server.listen({ port, host, ipv6Only: host === '::1' }, () => {
      resolve(server);
    });
  });
}

/** Somebody else on the port, on both loopback addresses where the machine has both. */
async function holdPort(port: number): Promise<AsyncDisposable> {
  const servers = [await listen(port, '127.0.0.1'), await listen(port, '::1')].filter((server) => server !== undefined);
  return {
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port, '127.0.0.1');
  await new Promise<void>((resolve) => {
    if (server)
      server.close(() => {
        resolve();
      });
    else resolve();
  });
  return server !== undefined;
}

const urlIn = ({ stdout }: Ran): string => /http:\/\/localhost:\d+/.exec(stdout)?.[0] ?? '';

interface Served {
  what: string;
  app: string;
  line: string;
  page: string;
  mode: TestMode;
  files?: (port: number) => Record<string, string>;
}

const VITE = { what: 'Vite', app: 'vite', line: 'npm run dev -- --port $PORT', page: '/main.js' };
const NODE_WATCH = {
  what: 'node --watch',
  app: 'node-watch',
  line: 'node --watch server.js',
  page: 'hello from node --watch',
  files: (port: number) => ({ 'devctl.yml': `services:\n  web:\n    port: ${String(port)}\n` }),
};
const SERVED: Served[] = [
  { ...VITE, mode: 'direct' },
  { ...VITE, mode: 'tmux' },
  { what: 'Next', app: 'next', line: 'npm run dev -- -p $PORT', page: 'hello from next', mode: 'direct' },
  { ...NODE_WATCH, mode: 'direct' },
  { ...NODE_WATCH, mode: 'tmux' },
];

async function expectServed({ app, line, page, mode, files }: Served): Promise<void> {
  const port = await Rig.freePort();
  await using rig = createApp(app, { 'Procfile.dev': `web: ${line}\n`, ...files?.(port) });
  const env = { ...QUIET, DEVCTL_MODE: mode, PORT: String(port) };

  const started = await rig.devctl('start', { env });
  expect(started, rig.history).toMatchObject({ code: 0 });
  expect(started.stdout).toContain(`ready on ${String(port)}`);
  expect(urlIn(started)).toBe(`http://localhost:${String(port)}`);
  expect(await (await fetch(urlIn(started))).text()).toContain(page);
  const status = await rig.json<StatusData>('status');
  expect(status).toMatchObject({ verdict: 'healthy', services: [{ name: 'web', state: 'ready', url: urlIn(started) }] });
  expect(new Set(status.services[0]?.listeners.map((listener) => listener.port))).toEqual(new Set([port]));

  expect(await rig.devctl('stop')).toMatchObject({ code: 0 });
  expect(rig.leftovers()).toEqual([]);
  expect(await isFree(port)).toBe(true);
}

describe('a real server', () => {
  test.each(SERVED)('$what in $mode mode is ready with its port and address, and stop leaves nothing', expectServed);

  test.skipIf(!HAS_GUNICORN)('gunicorn in direct mode is ready with its port and address, and stop leaves nothing', () =>
    expectServed({
      what: 'gunicorn',
      app: 'gunicorn',
      line: 'gunicorn -b 127.0.0.1:$PORT good:app',
      page: 'hello from gunicorn',
      mode: 'direct',
    }),
  );

  test.each<TestMode>(['direct', 'tmux'])(
    'Vite on a taken port moves on, and start says where it is and who holds the port in %s mode',
    async (mode) => {
      const port = await Rig.freePort();
      await using rig = createApp('vite', { 'Procfile.dev': `web: ${VITE.line}\n` });
      await using held = await holdPort(port);
      expect(held).toBeDefined();

      const started = await rig.devctl('start', { env: { ...QUIET, DEVCTL_MODE: mode, PORT: String(port) } });
      expect(started, rig.history).toMatchObject({ code: 0 });
      const url = urlIn(started);
      expect(url).not.toBe(`http://localhost:${String(port)}`);
      expect(await (await fetch(url)).text()).toContain('/main.js');
      expect(started.stdout).toContain(`not on ${String(port)}`);
      expect(started.stdout).toMatch(new RegExp(`port ${String(port)}.* held by pid ${String(process.pid)} `));

      expect(await rig.devctl('stop')).toMatchObject({ code: 0 });
      expect(rig.leftovers()).toEqual([]);
      expect(await isFree(Number(new URL(url).port))).toBe(true);
      expect(await isFree(port)).toBe(false);
    },
  );
});

describe('a real server whose program cannot boot', () => {
  test.skipIf(!HAS_GUNICORN).each<TestMode>(['direct', 'tmux'])(
    'is never said to be ready: gunicorn in %s mode',
    async (mode) => {
      const port = await Rig.freePort();
      await using rig = createApp('gunicorn', { 'Procfile.dev': 'web: gunicorn -b 127.0.0.1:$PORT broken:app\n' });
      const started = await rig.devctl('start', { env: { DEVCTL_MODE: mode, PORT: String(port) } });
      expect(started).toMatchObject({ code: 1, stdout: '' });
      expect(started.stderr).not.toContain('ready on');
      expect(started.stderr).toMatch(/^error: "web" ended with code 3 /);
      expect(started.stderr).toContain("ModuleNotFoundError: No module named 'module_that_nobody_installed'");
      expect(rig.leftovers()).toEqual([]);
      expect(await isFree(port)).toBe(true);
    },
  );

  test.each<{ watcher: string; app: string; line: string; mode: TestMode }>([
    { watcher: 'nodemon', app: 'nodemon', line: 'node_modules/.bin/nodemon crash.js', mode: 'direct' },
    { watcher: 'nodemon', app: 'nodemon', line: 'node_modules/.bin/nodemon crash.js', mode: 'tmux' },
    { watcher: 'node --watch', app: 'node-watch', line: 'node --watch crash.js', mode: 'direct' },
    { watcher: 'node --watch', app: 'node-watch', line: 'node --watch crash.js', mode: 'tmux' },
  ])('is told as crashed although $watcher lives on in $mode mode', async ({ app, line, mode }) => {
    const port = await Rig.freePort();
    await using rig = createApp(app, {
      'Procfile.dev': `web: ${line}\n`,
      'devctl.yml': `services:\n  web:\n    port: ${String(port)}\n`,
    });
    const started = await rig.devctl('start', { env: { DEVCTL_MODE: mode } });
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toMatch(/^error: "web" crashed/);
    expect(started.stderr).toContain('the app cannot boot');
    expect(started.ms).toBeLessThan(LONG_BEFORE_THE_TIMEOUT_MS);
    expect(rig.leftovers()).toEqual([]);
  });
});

describe('a watcher that ends at the end of its input', () => {
  test.each<{ what: string; app: string; line: string; source: string; target: string; mode: TestMode }>(
    (['direct', 'tmux'] as const).flatMap((mode) => [
      {
        what: 'esbuild --watch',
        app: 'esbuild',
        line: 'node_modules/.bin/esbuild input.js --outfile=out.js --watch',
        source: 'input.js',
        target: 'out.js',
        mode,
      },
      {
        what: 'tailwindcss --watch',
        app: 'tailwind',
        line: 'node_modules/.bin/tailwindcss -i input.css -o out.css --watch',
        source: 'input.css',
        target: 'out.css',
        mode,
      },
    ]),
  )('stays up and goes on watching: $what in $mode mode', async ({ app, line, source, target, mode }) => {
    await using rig = createApp(app, { 'Procfile.dev': `assets: ${line}\n` });
    expect(await rig.devctl('start', { env: { DEVCTL_MODE: mode } }), rig.history).toMatchObject({ code: 0 });
    await waitFor(`${target} to be written`, () => rig.has(target) && rig.read(target) !== '', 20_000);

    // An edit is seen only by a watcher that lives; written again until it is, for it may look away while it starts.
    let edit = 0;
    await waitFor(
      'the edit to be built',
      () => {
        edit += 1;
        rig.write({
          [source]: source.endsWith('.js') ? `export const edited = ${String(edit)};\n` : `.edited { order: ${String(edit)} }\n`,
        });
        return rig.read(target).includes('edited');
      },
      20_000,
    );
    expect(await rig.json<StatusData>('status')).toMatchObject({ services: [{ name: 'assets', state: 'running' }] });
    expect(await rig.devctl('stop')).toMatchObject({ code: 0 });
    expect(rig.leftovers()).toEqual([]);
  });
});
