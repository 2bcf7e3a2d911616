import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectId } from '../../src/project/identity.ts';
import { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

const IDLE = 'exec sleep 86700';
const runRecord = (rig: Rig) => join(rig.env['XDG_STATE_HOME'] ?? '', 'devctl', projectId(rig.project), 'run.json');

test('a stop of one service finds all of it by its mark, also where the run record is lost', async () => {
  await using rig = Rig.create({ 'Procfile.dev': `web: trap "" TERM; while :; do sleep 1; done\nworker: ${IDLE}\n` });
  await rig.devctl('start');
  writeFileSync(runRecord(rig), '{');
  expect((await rig.devctl('stop web --timeout 1s')).code).toBe(0);
  expect(
    rig
      .leftovers()
      .map(({ command }) => command)
      .join('\n'),
  ).not.toContain('trap');
  expect(
    rig
      .leftovers()
      .map(({ command }) => command)
      .join('\n'),
  ).toContain('sleep 86700');
});

test('start of one service leaves another alone whose keeper was killed', async () => {
  await using rig = Rig.create({ 'Procfile.dev': `web: ${IDLE}\nworker: ${IDLE}\n` });
  await rig.devctl('start worker');
  const before = await rig.json<{ services: { name: string; pid: number }[] }>('status');
  const keeper = rig.leftovers().find(({ command }) => command.endsWith('keeper.sh worker'));
  process.kill(keeper?.pid ?? 0, 'SIGKILL');
  expect((await rig.devctl('start web')).code).toBe(0);
  const after = await rig.json<typeof before>('status');
  const pidOf = ({ services }: typeof before) => services.find((service) => service.name === 'worker')?.pid;
  expect(pidOf(after)).toBe(pidOf(before));
});

test('the number of instances is remembered by restart and by the next start', async () => {
  await using rig = Rig.create({ 'Procfile.dev': `web: ${IDLE}\n` });
  await rig.devctl('start -m web=2');
  await rig.devctl('restart');
  expect((await rig.devctl('start')).stdout).toContain('already up: 2 services');
});

test('--foreground ends with 0 when every service was one-shot and is done', async () => {
  await using rig = Rig.create({ 'Procfile.dev': 'release: echo migrated\n' });
  const ran = await rig.devctl('start --foreground');
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.stdout).toContain('migrated');
});

test('a health check that answers drop by drop does not outlast the timeout', async () => {
  const port = String(await Rig.freePort());
  await using rig = Rig.create({
    'server.js': `require('net').createServer((s) => { s.on('error', () => {}); s.write('HTTP/1.1 200 OK\\r\\nX: '); setInterval(() => s.write('a'), 300); }).listen(${port}, '127.0.0.1')`,
    'Procfile.dev': 'web: exec node server.js\n',
    'devctl.yml': `services: { web: { port: ${port}, ready: { http: / } } }\n`,
  });
  const ran = await rig.devctl('start --timeout 3s', { timeoutMs: 15_000 });
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('/ to answer');
});

test('a log of one endless line is read at once', async () => {
  await using rig = Rig.create({ 'Procfile.dev': `web: head -c 60000000 /dev/zero | tr '\\0' x; ${IDLE}\n` });
  await rig.devctl('start');
  const read = await rig.devctl('logs web', { timeoutMs: 10_000 });
  expect(read.code).toBe(0);
  expect(read.stdout.length).toBeLessThan(10_000);
});

test('numbered files that devctl did not write stay where they are', async () => {
  await using rig = Rig.create({ 'Procfile.dev': `web: ${IDLE}\n`, 'log/web.log.3': 'mine\n', 'log/web.log.1': 'mine too\n' });
  for (let run = 0; run < 4; run += 1) await rig.devctl(run === 0 ? 'start' : 'restart');
  expect(rig.read('log/web.log.3')).toBe('mine\n');
  expect(rig.read('log/web.log.1')).toBe('mine too\n');
});

test('the restarts that are told are those that were', async () => {
  await using rig = Rig.create({
    'Procfile.dev': 'web: echo x >> n; [ "$(wc -l < n)" -gt 2 ] || exit 3; exec sleep 86700\n',
    'devctl.yml': 'services: { web: { restart: on-failure } }\n',
  });
  await rig.devctl('start --timeout 20s');
  const seen = await waitFor('two restarts', async () => {
    const { services } = await rig.json<{ services: { restarts: number; state: string }[] }>('status');
    return services[0]?.state === 'running' && services[0].restarts === 2;
  });
  expect(seen).toBe(true);
});

test('a name in devctl.yml that the Procfile does not have is told with its place', async () => {
  await using rig = Rig.create({
    'Procfile.dev': 'web: a\n',
    'devctl.yml': 'services:\n  web: { grace: 1s }\n  wbe: { grace: 1s }\n',
  });
  const checked = await rig.devctl('check');
  expect(checked.code).toBe(78);
  expect(checked.stderr).toMatch(/devctl\.yml:3:3 .*"wbe"[^]*write: web/);
});

test('a folder that is gone, an empty command and a port that is none are errors, not bugs', async () => {
  await using rig = Rig.create({ 'Procfile.dev': 'web: a\n' });
  const gone = await rig.sh('mkdir gone; cd gone; rmdir ../gone; $DEVCTL status; echo code=$?');
  expect(`${gone.stdout}${gone.stderr}`).not.toMatch(/ {4}at /);
  expect(gone.stdout).toContain('code=4');
  expect(await rig.sh(`$DEVCTL run ''`)).toMatchObject({ code: 4 });
  expect(await rig.devctl('check', { env: { PORT: 'abc' } })).toMatchObject({ code: 2 });
});
