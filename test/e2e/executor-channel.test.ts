import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type * as Library from '../../src/library.ts';
import { ask, ClaudeExecutorClient, executor, metric, mock, taken, TASKS, withClient } from '../support/channel.ts';
import { claudeBinary } from '../support/claude-binary.ts';
import { Fleet } from '../support/fleet.ts';
import { bash, LONG, LONG_COMMAND, MockApi, prompt } from '../support/mock-api.ts';
import { PACKAGE, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** `devctl executor`, and those who ask it by the built library. */
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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

  test('an executor that is killed leaves nobody', async () => {
    await using api = await MockApi.start();
    await using fleet = await Fleet.create(TASKS, { claude: { path: CLAUDE, api } });
    const begun = await executor(fleet);
    await withClient(fleet, async (client) => {
      const asked = ask(client, prompt('a', [bash(LONG), { text: 'never' }]), { allowedTools: ['Bash'] });
      await waitFor('the tool', () => fleet.orchestra.players().find(({ command }) => command === LONG_COMMAND), 20_000);
      begun.kill();
      try {
        await waitFor('nobody to be left', () => fleet.orchestra.players().length === 0, 15_000);
      } finally {
        for (const { pid } of fleet.orchestra.players()) process.kill(pid, 'SIGKILL');
        client.close();
        await asked;
      }
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

  test('that closes its client at once hears so as well', async () => {
    await using fleet = await Fleet.create(TASKS);
    await mock(fleet, 5000);
    const client = await ClaudeExecutorClient.connect(fleet.redis.url);
    const asked = client.execute({ prompt: 'x' }).catch((error: unknown) => error);
    client.close();
    expect(await asked).toMatchObject({ name: 'ClaudeExecutorError', code: 'closed' });
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
