import { describe, expect, test } from 'vitest';
import { claudeBinary } from '../support/claude-binary.ts';
import { Fleet } from '../support/fleet.ts';
import { bash, LONG, LONG_COMMAND, MockApi, prompt } from '../support/mock-api.ts';
import type { Conductor } from '../support/conductor.ts';
import { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** Workers come, go, and are of other versions; Redis wants a password, or is not there. */
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';

const SOME = ['a', 'b', 'c'].map((id) => ({ id, prompt: `prompt of ${id}` }));
const doneIn = (fleet: Fleet) => fleet.orchestra.records('done').map(({ task }) => task);
const begunIn = (worker: Conductor) => [...worker.stderr.matchAll(/^begins {4}(\S+)/gm)].map(([, id]) => id);
const timesIn = (text: string, words: string) => text.split(words).length - 1;
const NO_WORKER = 'no worker is there yet: devctl worker --redis URL';

describe('a hub', () => {
  test('without a worker waits, and says so once; it goes on when one comes', async () => {
    await using fleet = await Fleet.create(SOME);
    const hub = fleet.hub();
    await waitFor('its word for it', () => hub.stderr.includes(NO_WORKER));
    await waitFor('all to be handed out', () => fleet.orchestra.records('attempt').length === 3);
    expect(hub.isOver).toBe(false);
    await fleet.mockWorker();
    const { code, stderr } = await hub.end();
    expect(code, stderr).toBe(0);
    expect(timesIn(stderr, NO_WORKER)).toBe(1);
    expect(doneIn(fleet).sort()).toEqual(['a', 'b', 'c']);
  });

  test('with a worker says nothing of workers', async () => {
    await using fleet = await Fleet.create(SOME);
    await fleet.mockWorker();
    const { code, stderr } = await fleet.hub().end();
    expect(code).toBe(0);
    expect(stderr).not.toContain('worker');
  });

  test('names workers of other versions, and those that cannot take its tasks; so does a worker that comes', async () => {
    await using fleet = await Fleet.create(SOME);
    const version = (await fleet.orchestra.rig.devctl('--version')).stdout.trim();
    const presence = { worker: 'x', pid: 1, concurrency: 1 };
    const others = [
      { ...presence, host: 'older.example', devctl: '0.0.1', protocol: 1 },
      { ...presence, host: 'newer.example', devctl: '99.0.0', protocol: 2 },
      // Of which nothing was heard for a minute.
      { ...presence, host: 'gone.example', devctl: '0.0.2', protocol: 1, score: Date.now() - 60_000 },
    ];
    await fleet.redis.ask(async (client) => {
      for (const { score = Date.now(), ...other } of others as ((typeof others)[0] & { score?: number })[])
        await client.zadd('devctl:tasks:workers', score, JSON.stringify(other));
    });
    const hub = fleet.hub();
    await waitFor('its words for them', () => hub.stderr.includes('newer.example') && hub.stderr.includes('older.example'));
    const worker = await fleet.mockWorker();
    const { code, stderr } = await hub.end();
    expect(code, stderr).toBe(0);
    for (const said of [stderr, worker.stderr]) {
      expect(said).toContain(`the worker on older.example is devctl 0.0.1, this is ${version}`);
      expect(said).toMatch(/the worker on newer\.example is devctl 99\.0\.0 .*cannot take tasks of this devctl/);
      expect(said).not.toContain('gone.example');
    }
  });

  test('has its own queue where it wants one', async () => {
    await using fleet = await Fleet.create(SOME);
    const worker = await fleet.mockWorker('--queue others');
    const hub = fleet.hub();
    await waitFor('its word for it', () => hub.stderr.includes(NO_WORKER));
    await fleet.mockWorker();
    expect((await hub.end()).code).toBe(0);
    expect(begunIn(worker)).toEqual([]);
    expect(await fleet.hub('--queue a:b').end()).toMatchObject({ code: 2 });
  });

  test('whose Redis does not come back ends at the second interrupt', { timeout: 90_000 }, async () => {
    await using fleet = await Fleet.create(SOME);
    const hub = fleet.hub();
    await waitFor('all to be handed out', () => fleet.orchestra.records('attempt').length === 3);
    await fleet.redis.kill();
    await waitFor('the hub to notice', () => hub.stderr.includes('Redis is gone'));
    hub.signal('SIGINT');
    await waitFor('its word for it', () => hub.stderr.includes('no task begins any more'));
    hub.signal('SIGINT');
    expect(await hub.end(30_000)).toMatchObject({ code: 130 });
  });
});

describe('a worker that is told to end', () => {
  test('finishes what it has and takes nothing new: exit 0', async () => {
    await using fleet = await Fleet.create(SOME);
    const worker = await fleet.mockWorker('--concurrency 1', 1500);
    const hub = fleet.hub();
    await waitFor('the first', () => begunIn(worker)[0]);
    worker.signal('SIGTERM');
    const { code, stderr } = await worker.end();
    expect(code).toBe(0);
    expect(stderr).toContain('takes no more tasks');
    const own = begunIn(worker);
    expect(own).toHaveLength(1);
    await waitFor('its result', () => doneIn(fleet).length === 1);
    expect(doneIn(fleet)).toEqual(own);
    expect(hub.isOver).toBe(false);
    // It shows itself no more.
    expect(await fleet.redis.ask((client) => client.zcard('devctl:tasks:workers'))).toBe(0);
    const next = await fleet.mockWorker();
    expect((await hub.end()).code).toBe(0);
    expect(begunIn(next).sort()).toEqual(['a', 'b', 'c'].filter((id) => id !== own[0]));
  });

  test.skipIf(CLAUDE === '')('twice gives back what it has, and another worker does it', async () => {
    await using api = await MockApi.start();
    await using fleet = await Fleet.create([{ id: 'a', prompt: 'later' }], { claude: { path: CLAUDE, api } });
    const { orchestra } = fleet;
    const ran = `${orchestra.rig.root}/ran`;
    const steps = [bash(`[ -e ${ran} ] || { touch ${ran}; ${LONG}; }`), { text: 'by the other' }];
    orchestra.setTasks([{ id: 'a', prompt: prompt('a', steps) }]);
    const worker = await fleet.worker('--concurrency 1');
    const hub = fleet.hub();
    await orchestra.tool(LONG_COMMAND);
    worker.signal('SIGTERM');
    await waitFor('its word for it', () => worker.stderr.includes('takes no more tasks'));
    expect(orchestra.players()).not.toEqual([]);
    worker.signal('SIGTERM');
    expect((await worker.end()).code).toBe(0);
    expect(orchestra.players()).toEqual([]);
    const other = await fleet.worker('--concurrency 1');
    const { code, stderr } = await hub.end();
    expect(code, stderr).toBe(0);
    expect([begunIn(other), doneIn(fleet), orchestra.read('a.txt')]).toEqual([['a'], ['a'], 'by the other\n']);
  });

  test('while Redis is gone ends all the same', { timeout: 90_000 }, async () => {
    await using fleet = await Fleet.create(SOME);
    const worker = await fleet.mockWorker();
    await fleet.redis.kill();
    worker.signal('SIGTERM');
    expect(await worker.end(30_000)).toMatchObject({ code: 0 });
  });
});

const COMMANDS = ['orchestrate tasks.json', 'worker', 'executor'];
const MOCK = { MOCK_CLAUDE: 'true' };
const SECRET = 'pa55word-nobody-may-see';

describe.each(COMMANDS)('devctl %s', (command) => {
  test('with a password: let in, or turned away with exit 4; the password is nowhere', async () => {
    await using fleet = await Fleet.create(SOME, { password: SECRET });
    const { redis } = fleet;
    const wrong = `wrong-${SECRET}`;
    const urls = [
      { url: redis.urlWith(wrong), why: 'WRONGPASS' },
      { url: redis.urlWith(undefined), why: 'NOAUTH' },
      { url: `redis://somebody:${wrong}@127.0.0.1:${String(redis.port)}/0`, why: 'WRONGPASS' },
    ];
    for (const { url, why } of urls) {
      const typed = await fleet.run(`${command} --redis ${url}`, MOCK).end();
      // MOCK_CLAUDE would be a hub's own executor.
      const env = {
        REDIS_URL: url,
        CLAUDE_EXECUTOR_MODE: 'redis',
        ...(command === 'worker' || command === 'executor' ? MOCK : {}),
      };
      const set = await fleet.run(command, env).end();
      for (const { code, stdout, stderr } of [typed, set]) {
        expect({ code, stderr }).toMatchObject({
          code: 4,
          stderr: expect.stringContaining('Redis does not answer at') as string,
        });
        expect(stderr).toContain(why);
        expect(stdout + stderr).not.toContain(SECRET);
      }
    }
    const good = fleet.run(`${command} --redis ${redis.url}`, MOCK);
    if (command.startsWith('orchestrate')) await fleet.mockWorker();
    else {
      await waitFor('it to be at work', () => good.stderr.includes('at once'));
      good.signal('SIGTERM');
    }
    const { code, stdout, stderr } = await good.end();
    expect(code, stderr).toBe(0);
    expect(stdout + stderr + fleet.said).not.toContain(SECRET);
  });

  test('without a Redis there: exit 4, with what to do', async () => {
    await using rig = Rig.create({ 'tasks.json': JSON.stringify({ tasks: SOME }) });
    const url = `redis://:${SECRET}@127.0.0.1:${String(await Rig.freePort())}`;
    const { code, stdout, stderr } = await rig.devctl(`${command} --redis ${url}`, { env: MOCK });
    expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining('ECONNREFUSED') as string });
    expect(stderr).toContain('redis-server');
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test.each([
    'http://127.0.0.1:6379',
    `http://:${SECRET}@127.0.0.1:6379`,
    'nonsense',
    `redis://:${SECRET.replace('w', '#')}@127.0.0.1:1`,
    `redis://:${SECRET.replace('w', '@')}@127.0.0.1:1`,
    `redis://:${SECRET.replace('w', '/')}@127.0.0.1:1`,
    `:${SECRET}@127.0.0.1:6379`,
  ])('%s is refused, and no password said', async (url) => {
    await using rig = Rig.create({ 'tasks.json': JSON.stringify({ tasks: SOME }) });
    const { code, stdout, stderr } = await rig.devctl(`${command} --redis ${url}`, { env: MOCK });
    expect({ code: [2, 4].includes(code), stderr }).toMatchObject({ code: true });
    expect(stderr).toMatch(/is no Redis URL|Redis does not answer/);
    for (const part of ['pa55', 'nobody-may-see']) expect(stdout + stderr).not.toContain(part);
  });
});
