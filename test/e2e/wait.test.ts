import { describe, expect, test } from 'vitest';
import { MODES, Rig, type Ran } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';
import { begun } from './waits.ts';

/** Each step of a service's line waits for a file that the test writes. */
const AFTER = (file: string) => `until [ -e ${file} ]; do sleep 0.05; done`;
const SERVER = `require('http').createServer((q, s) => s.end('hi')).listen(process.env.PORT, '127.0.0.1', () => console.log('listening'))`;
const LONG_BEFORE_THE_TIMEOUT_MS = 10_000;

const output = ({ stdout, stderr }: Ran) => stdout + stderr;

describe.each(MODES)('in %s mode', (mode) => {
  const env = { DEVCTL_MODE: mode };

  test('a wait for a server that comes up later is met, and tells the state', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({ 'server.js': SERVER, 'Procfile.dev': `web: ${AFTER('go')}; exec node server.js -p $PORT\n` });
    expect((await rig.devctl('start --no-wait', { env: { ...env, PORT: String(port) } })).code).toBe(0);
    const { answer } = await begun(rig, 'wait web --timeout 30s');
    rig.write({ go: '' });
    const waited = await answer;
    expect(waited.code, output(waited)).toBe(0);
    expect(waited.stdout).toMatch(new RegExp(`web +ready.*http://localhost:${String(port)}`));
    expect(await (await fetch(`http://127.0.0.1:${String(port)}`)).text()).toBe('hi');
  });

  test('a service that dies while it is waited for ends the wait at once with its code and its lines', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `web: ${AFTER('go')}; echo Error: no database; exit 7\n`,
      // One that only seems to want a port is said to run when it has idled for a while.
      'devctl.yml': `services: { web: { port: ${String(await Rig.freePort())} } }\n`,
    });
    expect((await rig.devctl('start --no-wait', { env })).code).toBe(0);
    const { answer } = await begun(rig, 'wait web --timeout 30s');
    rig.write({ go: '' });
    const waited = await answer;
    expect(waited.code, output(waited)).toBe(1);
    expect(waited.ms).toBeLessThan(LONG_BEFORE_THE_TIMEOUT_MS);
    expect(waited.stderr).toContain('code 7');
    expect(waited.stderr).toContain('Error: no database');
  });

  test('lines: there already, coming later, in pieces, unfinished, and never', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `web: echo one; ${AFTER('go')}; printf tw; ${AFTER('on')}; echo o; printf 'three?'; exec sleep 600\n`,
    });
    expect((await rig.devctl('start --no-wait', { env })).code).toBe(0);
    const first = await rig.sh(`$DEVCTL wait web --for 'log:^one$' --timeout 20s`);
    expect(first.code, output(first)).toBe(0);
    expect(first.stdout).toContain('one');
    const { answer } = await begun(rig, 'wait web --for log:^two$ --timeout 20s');
    rig.write({ go: '', on: '' });
    const second = await answer;
    expect(second.code, output(second)).toBe(0);
    const third = await rig.sh(`$DEVCTL wait web --for 'log:three\\?$' --timeout 20s`);
    expect(third.code, output(third)).toBe(0);
    const never = await rig.devctl('wait web --for log:four --timeout 1s');
    expect(never.code, output(never)).toBe(124);
    expect(never.ms).toBeLessThan(LONG_BEFORE_THE_TIMEOUT_MS);
    expect(never.stderr).toContain('four');
    expect(never.stderr, 'the lines that are there').toContain('three?');
  });

  test('a line of the run before, or of before a restart, does not count', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: echo boot $(cat n); exec sleep 600\n', n: '1' });
    expect((await rig.devctl('start', { env })).code).toBe(0);
    expect((await rig.devctl('wait web --for log:boot.1')).code).toBe(0);
    rig.write({ n: '2' });
    expect((await rig.devctl('restart web', { env })).code).toBe(0);
    expect((await rig.devctl('wait web --for log:boot.2 --timeout 10s')).code).toBe(0);
    expect((await rig.devctl('wait web --for log:boot.1 --timeout 1s')).code).toBe(124);
    rig.write({ n: '3' });
    expect((await rig.devctl('stop')).code).toBe(0);
    expect((await rig.devctl('start', { env })).code).toBe(0);
    expect((await rig.devctl('wait web --for log:boot.3 --timeout 10s')).code).toBe(0);
    expect((await rig.devctl('wait web --for log:boot.2 --timeout 1s')).code).toBe(124);
  });

  test('stopped by another caller: a wait for that is met, one for ready or a line can no longer come', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: sleep 600 # -p $PORT\nother: exec sleep 600\n' });
    expect((await rig.devctl('start --no-wait', { env })).code).toBe(0);
    const stopped = rig.devctl('wait web --for stopped --timeout 30s');
    const line = rig.devctl('wait web --for log:never --timeout 30s');
    const { answer: ready } = await begun(rig, 'wait web --timeout 30s');
    expect((await rig.devctl('stop web')).code).toBe(0);
    expect((await stopped).code, output(await stopped)).toBe(0);
    for (const one of [await ready, await line]) {
      expect(one.code, output(one)).toBe(1);
      expect(one.ms).toBeLessThan(LONG_BEFORE_THE_TIMEOUT_MS);
    }
    const { answer: all } = await begun(rig, 'wait other --for log:never --timeout 30s');
    expect((await rig.devctl('stop')).code).toBe(0);
    expect([1, 3], output(await all)).toContain((await all).code);
  });
});

test('a wait that began before a restart by somebody else goes on with the new process', async () => {
  const port = await Rig.freePort();
  await using rig = Rig.create({ 'server.js': SERVER, 'Procfile.dev': `web: ${AFTER('go')}; exec node server.js -p $PORT\n` });
  const env = { PORT: String(port) };
  expect((await rig.devctl('start --no-wait', { env })).code).toBe(0);
  const { answer } = await begun(rig, 'wait web --timeout 40s');
  const restarted = rig.devctl('restart web --timeout 30s', { env });
  await waitFor('the restart to be at work', () =>
    /restart/.test(
      rig
        .leftovers()
        .map(({ command }) => command)
        .join('\n'),
    ),
  );
  rig.write({ go: '' });
  expect((await restarted).code, output(await restarted)).toBe(0);
  expect((await answer).code, output(await answer)).toBe(0);
});

describe('a wait that begins while another devctl starts, for a service that waits for its turn', () => {
  const files = {
    'Procfile.dev': `db: ${AFTER('go')}; echo migrated\nweb: echo hello from web; ${AFTER('end')}; exit 5\n`,
    'devctl.yml': 'services: { db: { oneShot: true }, web: { dependsOn: { db: completed } } }\n',
  };

  test.each([
    ['ready', 0],
    ['log:hello', 0],
  ])('--for %s', async (goal, code) => {
    await using rig = Rig.create(files);
    const start = rig.devctl('start --timeout 30s');
    await waitFor('db to run', () => rig.leftovers().some(({ command }) => command.includes('until [ -e go ]')));
    const { answer } = await begun(rig, `wait web --for ${goal} --timeout 20s`);
    rig.write({ go: '' });
    expect((await start).code, output(await start)).toBe(0);
    expect((await answer).code, output(await answer)).toBe(code);
  });

  test('--for exit waits for its end, not for its beginning', async () => {
    await using rig = Rig.create(files);
    const start = rig.devctl('start --timeout 30s');
    await waitFor('db to run', () => rig.leftovers().some(({ command }) => command.includes('until [ -e go ]')));
    const { answer } = await begun(rig, 'wait web --for exit --timeout 20s');
    let isOver = false;
    void answer.then(() => (isOver = true));
    rig.write({ go: '' });
    expect((await start).code, output(await start)).toBe(0);
    expect(isOver, 'the wait is over before web has ended').toBe(false);
    rig.write({ end: '' });
    const waited = await answer;
    expect(waited.code, output(waited)).toBe(0);
    expect(output(waited)).toMatch(/web +ended.*code 5/);
  });

  test('without a name it is for all of them', async () => {
    await using rig = Rig.create(files);
    const start = rig.devctl('start --timeout 30s');
    await waitFor('db to run', () => rig.leftovers().some(({ command }) => command.includes('until [ -e go ]')));
    const { answer } = await begun(rig, 'wait --timeout 20s');
    rig.write({ go: '' });
    expect((await start).code).toBe(0);
    expect((await answer).code, output(await answer)).toBe(0);
  });
});

describe('one-shots and restarts', () => {
  test('--for exit of a one-shot: the answer holds its code, also of one that failed', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `migrate: ${AFTER('go')}; echo column exists; exit 3\nkeep: exec sleep 600\n`,
      'devctl.yml': 'services: { migrate: { oneShot: true } }\n',
    });
    expect((await rig.devctl('start --no-wait')).code).toBe(0);
    const { answer } = await begun(rig, 'wait migrate --for exit --timeout 20s');
    rig.write({ go: '' });
    const exit = await answer;
    expect(exit.code, output(exit)).toBe(0);
    expect(output(exit)).toMatch(/code 3/);
    const ready = await rig.devctl('wait migrate --timeout 20s');
    expect(ready.code).toBe(1);
    expect(ready.stderr).toContain('column exists');
  });

  test('a line and an end that came together are both there', async () => {
    await using rig = Rig.create({ 'Procfile.dev': `job: ${AFTER('go')}; printf 'all done'\nkeep: exec sleep 600\n` });
    expect((await rig.devctl('start --no-wait')).code).toBe(0);
    const { answer } = await begun(rig, 'wait job --for log:all.done$ --timeout 20s');
    rig.write({ go: '' });
    expect((await answer).code, output(await answer)).toBe(0);
    const other = await rig.devctl('wait job --for log:never --timeout 20s');
    expect(other.code, output(other)).toBe(1);
    expect(other.stderr).toContain('all done');
    expect(other.ms).toBeLessThan(LONG_BEFORE_THE_TIMEOUT_MS);
  });

  test('a service that is started again is waited for through its deaths, and these are no exit', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `web: ${AFTER('go')}; echo try >>tries; [ $(wc -l <tries) -ge 2 ] || exit 4; echo up at last; exec sleep 600\n`,
      'devctl.yml': 'services: { web: { restart: on-failure } }\n',
    });
    expect((await rig.devctl('start --no-wait')).code).toBe(0);
    const exit = rig.devctl('wait web --for exit --timeout 5s');
    const ready = rig.devctl('wait web --timeout 30s');
    const { answer: line } = await begun(rig, 'wait web --for log:up.at.last --timeout 30s');
    rig.write({ go: '' });
    expect((await line).code, output(await line)).toBe(0);
    expect((await ready).code, output(await ready)).toBe(0);
    expect((await exit).code, output(await exit)).toBe(124);
  });
});

describe('usage', () => {
  test('where nothing runs the answer is 3 at once, but for "stopped"', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 600\n' });
    for (const goal of ['ready', 'log:x', 'exit']) {
      const waited = await rig.devctl(`wait web --for ${goal} --timeout 20s`);
      expect(waited.code, `${goal}: ${output(waited)}`).toBe(3);
      expect(waited.stderr).toContain('devctl start');
    }
    expect((await rig.devctl('wait web --for stopped')).code).toBe(0);
  });

  test('a name that is none is a usage error, whether something runs or not', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 600\n' });
    const idle = await Promise.all(['stopped', 'ready', 'exit'].map((goal) => rig.devctl(`wait wbe --for ${goal}`)));
    expect((await rig.devctl('start')).code).toBe(0);
    const live = await Promise.all(['stopped', 'ready', 'exit', 'log:x'].map((goal) => rig.devctl(`wait wbe --for ${goal}`)));
    for (const one of live) expect(one, output(one)).toMatchObject({ code: 2 });
    expect(live[0]?.stderr).toContain('web');
    for (const one of idle) expect(one, output(one)).toMatchObject({ code: 2 });
  });

  test.each(["wait --for 'log:('", 'wait --for nonsense', 'wait --for log:', 'wait --timeout soon', 'wait web worker'])(
    '%s is a usage error',
    async (words) => {
      await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 600\n' });
      const wrong = await rig.sh(`$DEVCTL ${words}`);
      expect(wrong.code, output(wrong)).toBe(2);
    },
  );

  test('as JSON: the state when it is met, the lines when it is not, and 124 in time', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `web: echo hello; exec sleep 600\nbad: ${AFTER('go')}; echo why not; exit 9\n`,
    });
    expect((await rig.devctl('start --no-wait')).code).toBe(0);
    rig.write({ go: '' });
    const met = await rig.json<{ match: { line: string }; status: { services: { name: string; state: string }[] } }>(
      'wait web --for log:hel+o',
    );
    expect(met).toMatchObject({ match: { line: 'hello' } });
    expect(met.status.services).toContainEqual(expect.objectContaining({ name: 'web', state: 'running' }));
    const failed = await rig.devctl('wait bad --json');
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('why not');
    const late = await rig.devctl('wait web --for stopped --timeout 500ms --json');
    expect(late.code).toBe(124);
    expect(late.ms).toBeLessThan(5000);
    expect(JSON.parse(late.stdout)).toMatchObject({ ok: false });
  });
});
