import { describe, expect, test } from 'vitest';
import { MODES, Rig } from '../support/rig.ts';

/** Never answers, and never ends. */
const STAYS = 'exec sleep 600';
/** Below every timeout that a start would have to run into. */
const SOON_MS = 15_000;

/** Listens on PORT once `after` milliseconds are over; says so in the file `order` and in its log. */
const server = (after = 0): string => `
const { createServer } = require('node:http');
setTimeout(() => {
  createServer((q, s) => s.end('hi')).listen(process.env.PORT, '127.0.0.1', () => {
    require('node:fs').appendFileSync('order', process.env.PS + ' listens\\n');
    console.log('listening');
  });
}, ${String(after)});`;

const declare = (services: Record<string, object>): string => JSON.stringify({ services });

interface StatusData {
  verdict: string;
  services: { name: string; state: string; pid?: number }[];
}

describe('dependsOn', () => {
  test.each(MODES)('ready: a service starts when the one before it listens in %s mode', async (mode) => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'server.js': server(700),
      'Procfile.dev': `web: echo "web starts" >> order; ${STAYS}\napi: echo "api starts" >> order; exec node server.js\ndb: echo "db starts" >> order; exec node server.js\n`,
      'devctl.yml': declare({ web: { dependsOn: 'api' }, api: { port: await Rig.freePort(), dependsOn: ['db'] }, db: { port } }),
    });
    const started = await rig.devctl('start', { env: { DEVCTL_MODE: mode } });
    expect(started, rig.history).toMatchObject({ code: 0 });
    expect(rig.read('order').trim().split('\n')).toEqual(['db starts', 'db listens', 'api starts', 'api listens', 'web starts']);
    expect(await rig.json<StatusData>('status')).toMatchObject({ verdict: 'healthy' });
  });

  test('ready: a service that is named brings what it depends on, and no other', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `web: ${STAYS}\ndb: ${STAYS}\nother: ${STAYS}\n`,
      'devctl.yml': declare({ web: { dependsOn: 'db' } }),
    });
    expect(await rig.devctl('start web')).toMatchObject({ code: 0 });
    const { services } = await rig.json<StatusData>('status');
    expect(Object.fromEntries(services.map(({ name, state }) => [name, state]))).toEqual({
      web: 'running',
      db: 'running',
      other: 'stopped',
    });
  });

  test('started: a service does not wait until the one before it is ready', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'server.js': server(),
      // The database listens only after the web service has run: waiting for its readiness would last for ever.
      'Procfile.dev': `web: echo go > go; ${STAYS}\ndb: until [ -e go ]; do sleep 0.1; done; exec node server.js\n`,
      'devctl.yml': declare({ web: { dependsOn: { db: 'started' } }, db: { port } }),
    });
    expect(await rig.devctl('start')).toMatchObject({ code: 0 });
    expect(await rig.json<StatusData>('status')).toMatchObject({ verdict: 'healthy' });
  });

  test.each(MODES)('completed: a service starts when the one before it has ended with 0 in %s mode', async (mode) => {
    await using rig = Rig.create({
      'Procfile.dev': `web: echo "web starts" >> order; ${STAYS}\nseed: sleep 1; echo "seed ends" >> order\n`,
      'devctl.yml': declare({ web: { dependsOn: { seed: 'completed' } }, seed: { oneShot: true } }),
    });
    expect(await rig.devctl('start', { env: { DEVCTL_MODE: mode } }), rig.history).toMatchObject({ code: 0 });
    expect(rig.read('order')).toBe('seed ends\nweb starts\n');
  });

  test.each([
    { condition: 'ready', service: {} },
    { condition: 'completed', service: { oneShot: true } },
  ])('$condition: when the one before it fails, a service is never started', async ({ condition, service }) => {
    await using rig = Rig.create({
      'Procfile.dev': `web: echo ran > web-ran; ${STAYS}\ndb: echo cannot open the database; exit 3\n`,
      'devctl.yml': declare({ web: { dependsOn: { db: condition } }, db: service }),
    });
    const started = await rig.devctl('start');
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toMatch(/^error: "db" ended with code 3 /);
    expect(started.stderr).toContain('| cannot open the database');
    expect(started.ms).toBeLessThan(SOON_MS);
    expect(rig.has('web-ran')).toBe(false);
    expect(rig.leftovers()).toEqual([]);
  });

  test('when the one before it never gets ready, the start ends at its timeout', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'Procfile.dev': `web: echo ran > web-ran; ${STAYS}\ndb: ${STAYS}\n`,
      'devctl.yml': declare({ web: { dependsOn: 'db' }, db: { port } }),
    });
    const started = await rig.devctl('start --timeout 1s');
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toContain(`"db" was not ready`);
    expect(rig.has('web-ran')).toBe(false);
    expect(rig.leftovers()).toEqual([]);
  });
});

describe('a one-shot service', () => {
  test.each(MODES)('is done with exit 0, and the start with it in %s mode', async (mode) => {
    await using rig = Rig.create({ 'Procfile.dev': `release: echo migrated\nweb: ${STAYS}\n` });
    const started = await rig.devctl('start', { env: { DEVCTL_MODE: mode } });
    expect(started, rig.history).toMatchObject({ code: 0 });
    expect(started.stdout).toMatch(/^release +done/m);
    expect(await rig.json<StatusData>('status')).toMatchObject({
      verdict: 'healthy',
      services: [
        { name: 'release', state: 'done' },
        { name: 'web', state: 'running' },
      ],
    });
  });

  test('that ends with another code fails the start', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `release: echo the migration is broken; exit 7\nweb: ${STAYS}\n` });
    const started = await rig.devctl('start');
    expect(started).toMatchObject({ code: 1, stdout: '' });
    expect(started.stderr).toMatch(/^error: "release" ended with code 7 /);
    expect(started.stderr).toContain('| the migration is broken');
    expect(rig.leftovers()).toEqual([]);
  });

  test('that does not end is told as such at the timeout', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `release: ${STAYS}\n` });
    const started = await rig.devctl('start --timeout 1s');
    expect(started.code).toBe(1);
    expect(started.stderr).toContain('still waiting for its end');
    expect(rig.leftovers()).toEqual([]);
  });
});
