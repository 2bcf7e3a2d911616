import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type * as Library from '../../src/library.ts';
import { claudeBinary } from '../support/claude-binary.ts';
import { Fleet } from '../support/fleet.ts';
import { bash, LONG, LONG_COMMAND, MockApi, prompt } from '../support/mock-api.ts';
import type { Conductor } from '../support/conductor.ts';
import { PACKAGE, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** `devctl executor`, and those who ask it by the built library. */
const { ClaudeExecutorClient } = (await import(join(PACKAGE, 'dist', 'library.js'))) as typeof Library;
type Client = Library.ClaudeExecutorClient;
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';

const TASKS = [{ id: 'nothing', prompt: 'nothing' }];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An executor at its work. */
async function executor(fleet: Fleet, env: Record<string, string> = {}, words = ''): Promise<Conductor> {
  const begun = fleet.run(`executor --redis ${fleet.redis.url} ${words}`, env);
  await waitFor('the executor', () => begun.stderr.includes('requests at once') || begun.isOver, 20_000);
  if (begun.isOver) throw new Error(`the executor has ended\n${begun.stderr}`);
  return begun;
}
const mock = (fleet: Fleet, ms: number, env: Record<string, string> = {}, words = '') =>
  executor(fleet, { MOCK_CLAUDE: 'true', MOCK_CLAUDE_MS: String(ms), ...env }, words);

/** A client that is closed with the test. */
async function withClient<T>(fleet: Fleet, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await ClaudeExecutorClient.connect(fleet.redis.url);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** Texts, and codes of errors. */
async function ask(client: Client, text: string, options: Partial<Library.ExecuteOptions> = {}): Promise<string> {
  return client.execute({ prompt: text, ...options }).then(
    (answer) => answer.text,
    (error: unknown) => (error as Library.ClaudeExecutorError).code,
  );
}
const many = (client: Client, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => ask(client, `number ${String(index)}`)));
const answers = (count: number) => Array.from({ length: count }, (_, index) => `mock: number ${String(index)}`);

/** So many requests have an executor. */
const taken = async (fleet: Fleet) => (await fleet.redis.ask((redis) => redis.keys('devctl:executor-*:claim:*'))).length;

async function metric(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? NaN);
}

describe.skipIf(CLAUDE === '')('with the real Claude Code', () => {
  test('text, session and usage come back, and its events to whoever wants them', async () => {
    await using api = await MockApi.start();
    await using fleet = await Fleet.create(TASKS, { claude: { path: CLAUDE, api } });
    await executor(fleet);
    await withClient(fleet, async (client) => {
      const kinds: string[] = [];
      const answer = await client.execute({
        prompt: prompt('a', [bash('pwd'), { echo: true }]),
        allowedTools: ['Bash'],
        cwd: fleet.orchestra.rig.root,
        onEvent: ({ kind }) => kinds.push(kind),
      });
      expect(answer.text).toBe(fleet.orchestra.rig.root);
      expect(answer.session).toMatch(UUID);
      expect(answer.usage).toMatchObject({ turns: 2, costUsd: expect.any(Number) as number });
      expect(answer.usage.tokens.input).toBeGreaterThan(100);
      expect(answer.usage.durationMs).toBeGreaterThan(0);
      expect([kinds.at(0), kinds.includes('assistant'), kinds.at(-1)]).toEqual(['init', true, 'result']);
      const quiet = await client.execute({ prompt: prompt('b', [{ text: 'ünquiet ✓' }]) });
      expect(quiet.text).toBe('ünquiet ✓');
      expect(await ask(client, 'x', { cwd: '/nowhere/at/all' })).toBe('workplace');
    });
  });

  test('time out: its code, and the spoke with its tool is ended', async () => {
    await using api = await MockApi.start();
    await using fleet = await Fleet.create(TASKS, { claude: { path: CLAUDE, api } });
    await executor(fleet);
    await withClient(fleet, async (client) => {
      const asked = ask(client, prompt('a', [bash(LONG), { text: 'never' }]), { timeoutMs: 6000, allowedTools: ['Bash'] });
      await waitFor('the tool', () => fleet.orchestra.players().find(({ command }) => command === LONG_COMMAND), 5500);
      expect(await asked).toBe('timeout');
      await waitFor('nobody to be left', () => fleet.orchestra.players().length === 0, 8000);
    });
  });

  test('three failures that are nobody’s own open the circuit, for CLAUDE_MAX_FAILURES=3', async () => {
    await using api = await MockApi.start();
    await using fleet = await Fleet.create(TASKS, { claude: { path: CLAUDE, api } });
    const port = await Rig.freePort();
    await executor(fleet, { CLAUDE_CODE_MAX_RETRIES: '0', CLAUDE_MAX_FAILURES: '3' }, `--http ${String(port)}`);
    api.refusal = { http: 500, message: 'broken' };
    await withClient(fleet, async (client) => {
      for (const id of ['a', 'b', 'c']) expect(await ask(client, prompt(id, []))).toBe('server');
      const before = api.requests.length;
      expect(await ask(client, prompt('d', []))).toBe('circuit_open');
      expect(api.requests).toHaveLength(before);
      expect(await (await fetch(`http://127.0.0.1:${String(port)}/claude-executor/health`)).json()).toMatchObject({
        status: 'degraded',
        circuitBreaker: 'open',
        metrics: { totalRequests: 3, successRate: 0 },
      });
      expect(await metric(port, 'claude_main_circuit_open')).toBe(1);
    });
  });
});

describe('a caller', () => {
  test('without an executor hears so at once', async () => {
    await using fleet = await Fleet.create(TASKS);
    await withClient(fleet, async (client) => {
      const beganMs = Date.now();
      expect(await ask(client, 'x')).toBe('no_executor');
      expect(Date.now() - beganMs).toBeLessThan(1000);
    });
  });

  test('without a Redis hears so, and nobody the password', async () => {
    const url = `redis://:pa55word@127.0.0.1:${String(await Rig.freePort())}`;
    const error = await ClaudeExecutorClient.connect(url).then(
      () => undefined,
      (one: unknown) => one as Library.ClaudeExecutorError,
    );
    expect(error).toMatchObject({ name: 'ClaudeExecutorError', code: 'no_redis' });
    expect(String(error)).not.toContain('pa55word');
  });

  test('that closes its client hears so of what it has asked', async () => {
    await using fleet = await Fleet.create(TASKS);
    await mock(fleet, 5000);
    const client = await ClaudeExecutorClient.connect(fleet.redis.url);
    const asked = ask(client, 'x');
    await waitFor('it to be taken', async () => (await taken(fleet)) === 1);
    client.close();
    expect(await asked).toBe('closed');
  });

  test('goes on after Redis was away', async () => {
    await using fleet = await Fleet.create(TASKS);
    await mock(fleet, 10);
    await withClient(fleet, async (client) => {
      expect(await ask(client, 'before')).toBe('mock: before');
      await fleet.redis.restart();
      const after = async () => (await ask(client, 'after')) === 'mock: after';
      await waitFor('an answer', after, 20_000);
    });
  });

  test('in a sandboxed processor of BullMQ has its answer', async () => {
    await using fleet = await Fleet.create(TASKS);
    await mock(fleet, 10);
    const { rig } = fleet.orchestra;
    const modules = join(rig.project, 'node_modules');
    mkdirSync(modules);
    symlinkSync(PACKAGE, join(modules, 'devctl'));
    symlinkSync(join(PACKAGE, 'node_modules', 'bullmq'), join(modules, 'bullmq'));
    rig.write({
      'processor.mjs': `
        import { ClaudeExecutorClient } from 'devctl/claude';
        export default async (job) => {
          const client = await ClaudeExecutorClient.connect(process.env.REDIS_URL);
          const { text } = await client.execute({ prompt: job.data.prompt });
          client.close();
          return { text, pid: process.pid };
        };`,
      'caller.mjs': `
        import { Queue, QueueEvents, Worker } from 'bullmq';
        import { fileURLToPath, pathToFileURL } from 'node:url';
        const connection = { host: '127.0.0.1', port: Number(new URL(process.env.REDIS_URL).port), maxRetriesPerRequest: null };
        const worker = new Worker('mine', pathToFileURL(fileURLToPath(new URL('processor.mjs', import.meta.url))), { connection });
        const [queue, events] = [new Queue('mine', { connection }), new QueueEvents('mine', { connection })];
        await events.waitUntilReady();
        const job = await queue.add('x', { prompt: 'from the sandbox' });
        const { text, pid } = await job.waitUntilFinished(events, 20000);
        console.log(JSON.stringify({ text, isOther: pid !== process.pid }));
        await Promise.all([worker.close(), queue.close(), events.close()]);`,
    });
    const { code, stdout, stderr } = await rig.exec('node', ['caller.mjs'], { env: { REDIS_URL: fleet.redis.url } });
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ text: 'mock: from the sandbox', isOther: true });
  });
});

describe('an executor', () => {
  test('works on CLAUDE_MAX_CONCURRENT requests at once', async () => {
    await using fleet = await Fleet.create(TASKS);
    const port = await Rig.freePort();
    await mock(fleet, 300, { CLAUDE_MAX_CONCURRENT: '2' }, `--http ${String(port)}`);
    await withClient(fleet, async (client) => {
      const [beganMs, seen, state] = [Date.now(), new Set<number>(), { isOver: false }];
      const all = many(client, 10).finally(() => (state.isOver = true));
      while (!state.isOver) seen.add(await metric(port, 'claude_main_active_requests'));
      expect(await all).toEqual(answers(10));
      expect(Math.max(...seen)).toBe(2);
      expect(Date.now() - beganMs).toBeGreaterThanOrEqual(1500);
      expect(await metric(port, 'claude_main_request_success_total')).toBe(10);
    });
  });

  test('turns away what comes when 50 wait', async () => {
    await using fleet = await Fleet.create(TASKS);
    const port = await Rig.freePort();
    const begun = await mock(fleet, 60_000, { CLAUDE_MAX_CONCURRENT: '2' }, `--http ${String(port)}`);
    await withClient(fleet, async (client) => {
      const all = many(client, 52);
      await waitFor('all to be taken', async () => (await taken(fleet)) === 52);
      expect(await metric(port, 'claude_main_queue_depth')).toBe(50);
      expect(await many(client, 5)).toEqual(Array(5).fill('busy'));
      expect(await metric(port, 'claude_main_backpressure_rejected_total')).toBe(5);
      begun.signal('SIGTERM');
      begun.signal('SIGTERM');
      expect((await all).sort()).toEqual([...Array<string>(2).fill('cancelled'), ...Array<string>(50).fill('ended')]);
    });
  });

  test('and another one: each request is answered once, and who has room takes it', async () => {
    await using fleet = await Fleet.create(TASKS);
    const ports = [await Rig.freePort(), await Rig.freePort()];
    for (const port of ports) await mock(fleet, 50, { CLAUDE_MAX_CONCURRENT: '3' }, `--http ${String(port)}`);
    await withClient(fleet, async (client) => {
      expect(await many(client, 60)).toEqual(answers(60));
      const each = await Promise.all(ports.map((port) => metric(port, 'claude_main_request_received_total')));
      console.log(`of 60 requests one took ${String(each[0])}, the other ${String(each[1])}`);
      expect(each.reduce((sum, one) => sum + one)).toBe(60);
      const done = await Promise.all(ports.map((port) => metric(port, 'claude_main_request_success_total')));
      expect(done).toEqual(each);
    });
  });

  test('that is told to end answers what it has taken, and takes nothing new: exit 0', async () => {
    await using fleet = await Fleet.create(TASKS);
    const begun = await mock(fleet, 1000, { CLAUDE_MAX_CONCURRENT: '1' });
    await withClient(fleet, async (client) => {
      const events: string[] = [];
      const all = many(client, 3).finally(() => events.push('answered'));
      await waitFor('all to be taken', async () => (await taken(fleet)) === 3);
      begun.signal('SIGTERM');
      const nobody = async () => (await ask(client, 'new')) === 'no_executor';
      await waitFor('it to take no more', nobody, 5000);
      expect(events).toEqual([]);
      expect(await all).toEqual(answers(3));
    });
    expect((await begun.end()).code).toBe(0);
  });

  test('told twice ends what it has, and says so to the callers', async () => {
    await using fleet = await Fleet.create(TASKS);
    const begun = await mock(fleet, 60_000, { CLAUDE_MAX_CONCURRENT: '1' });
    await withClient(fleet, async (client) => {
      const all = many(client, 2);
      await waitFor('both to be taken', async () => (await taken(fleet)) === 2);
      begun.signal('SIGTERM');
      begun.signal('SIGINT');
      expect((await all).sort()).toEqual(['cancelled', 'ended']);
    });
    expect([0, 130]).toContain((await begun.end()).code);
  });

  test.each(['CLAUDE_MAX_CONCURRENT', 'CLAUDE_TIMEOUT', 'CLAUDE_MAX_FAILURES'])('wants a number in %s', async (name) => {
    await using rig = Rig.create();
    const { code, stderr } = await rig.devctl('executor', { env: { [name]: 'many', MOCK_CLAUDE: 'true' } });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(`${name} "many"`) as string });
  });
});
