import { createServer, request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { installFakeClaude } from '../support/fake-claude.ts';
import { Fleet } from '../support/fleet.ts';
import type { Conductor } from '../support/conductor.ts';
import { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** `devctl orchestrate FILE --http PORT`, whose tasks nobody does: they take as long as they are told to. */
const TASKS = [
  { id: 'a', prompt: 'a', priority: 0 },
  { id: 'b', prompt: 'b', priority: 1 },
  { id: 'c', prompt: 'c', dependsOn: ['a'] },
];

const NAMES = [
  'request_received_total',
  'request_success_total',
  'request_error_total',
  'request_duration_count',
  'request_duration_sum',
  'circuit_open',
  'active_requests',
  'queue_depth',
  'backpressure_rejected_total',
  'latency{quantile="0.5"}',
  'latency{quantile="0.95"}',
  'latency{quantile="0.99"}',
  'tokens_input_total',
  'tokens_output_total',
  'cost_usd_total',
].map((name) => `claude_main_${name}`);

/** A hub that can be asked. */
class Served implements AsyncDisposable {
  readonly fleet: Fleet;
  readonly port: number;
  readonly hub: Conductor;

  private constructor(fleet: Fleet, port: number, hub: Conductor) {
    this.fleet = fleet;
    this.port = port;
    this.hub = hub;
  }

  static async begin(ms: number, words = '--concurrency 1', env: Record<string, string> = {}): Promise<Served> {
    const fleet = await Fleet.create(TASKS);
    const port = await Rig.freePort();
    const mock = { CLAUDE_EXECUTOR_MODE: 'mock', MOCK_CLAUDE_MS: String(ms) };
    const hub = fleet.orchestra.begin(`--http ${String(port)} ${words}`, { ...mock, ...env });
    await waitFor('its word for it', () => hub.stderr.includes(`http://127.0.0.1:${String(port)}/health`), 20_000);
    return new Served(fleet, port, hub);
  }

  ask(path: string, options: RequestInit = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${String(this.port)}${path}`, options);
  }

  /** With the headers that no fetch lets be set. */
  raw(path: string, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: this.port, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
  }

  cancel(id: string, token?: string): Promise<Response> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return this.ask(`/tasks/${id}/cancel`, { method: 'POST', headers });
  }

  get token(): string {
    return this.fleet.orchestra.read('.devctl/http-token').trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fleet[Symbol.asyncDispose]();
  }
}

describe('orchestrate --http', () => {
  test('/health and /claude-executor/health: the same, while a task runs', async () => {
    await using served = await Served.begin(3000);
    await waitFor('a at work', () => served.fleet.orchestra.records('attempt', 'a')[0]);
    for (const path of ['/health', '/claude-executor/health']) {
      const response = await served.ask(path);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
      expect(await response.json()).toEqual({
        status: 'healthy',
        redis: 'not used',
        claudeCLI: 'not used',
        circuitBreaker: 'closed',
        activeRequests: 1,
        metrics: { totalRequests: 0, successRate: 1 },
      });
    }
    expect((await served.ask('/nothing')).status).toBe(404);
    expect((await served.ask('/health', { method: 'POST' })).status).toBe(405);
  });

  test('/health of one whose Redis goes away', async () => {
    await using fleet = await Fleet.create(TASKS);
    const port = await Rig.freePort();
    const hub = fleet.hub(`--http ${String(port)}`);
    await waitFor('its word for it', () => hub.stderr.includes('/health'), 20_000);
    const health = async () => (await (await fetch(`http://127.0.0.1:${String(port)}/health`)).json()) as { redis: string };
    expect(await health()).toMatchObject({ status: 'healthy', redis: 'connected', claudeCLI: 'not used' });
    await fleet.redis.kill();
    await waitFor('it to say so', async () => (await health()).redis === 'disconnected', 8000);
  });

  test('/metrics has all names, and its numbers are right', async () => {
    await using served = await Served.begin(1200);
    const metrics = async () => {
      const lines = (await (await served.ask('/metrics')).text())
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'));
      return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
    };
    const first = await metrics();
    for (const name of NAMES) expect([...first.keys()]).toContain(name);
    const two = await waitFor('two to be done', async () => {
      const now = await metrics();
      return now.get('claude_main_request_success_total') === 2 && now.get('claude_main_active_requests') === 1 && now;
    });
    expect(Object.fromEntries(two)).toMatchObject({
      claude_main_request_received_total: 3,
      claude_main_request_error_total: 0,
      claude_main_circuit_open: 0,
      claude_main_queue_depth: 0,
      claude_main_request_duration_count: 2,
      claude_main_request_duration_sum: 2400,
      'claude_main_latency{quantile="0.5"}': 1200,
    });
    expect((await served.ask('/metrics')).headers.get('content-type')).toContain('text/plain');
    expect((await served.hub.end()).code).toBe(0);
  });

  test('/metrics counts failures by their kind, and what Claude Code tells of its costs', async () => {
    await using fleet = await Fleet.create(TASKS);
    const { orchestra } = fleet;
    installFakeClaude(orchestra.rig);
    orchestra.setTasks([
      { id: 'good', prompt: 'echo good' },
      { id: 'bad', prompt: 'exit 1', maxRetries: 0 },
      { id: 'last', prompt: 'until [ -e go ]; do sleep 0.1; done', dependsOn: ['good'] },
    ]);
    const port = await Rig.freePort();
    const hub = orchestra.begin(`--http ${String(port)}`);
    await waitFor('the failure', () => orchestra.records('failed', 'bad')[0] && orchestra.records('attempt', 'last')[0], 20_000);
    const get = (path: string) => fetch(`http://127.0.0.1:${String(port)}${path}`);
    const text = await (await get('/metrics')).text();
    const lines = [
      'request_received_total 3',
      'request_success_total 1',
      'request_error_total 1',
      'error_total{code="other"} 1',
      'cost_usd_total 0.02',
      'active_requests 1',
    ];
    for (const line of lines) expect(text).toContain(`\nclaude_main_${line}\n`);
    expect(await (await get('/health')).json()).toMatchObject({
      claudeCLI: 'accessible',
      metrics: { totalRequests: 2, successRate: 0.5 },
    });
    orchestra.rig.write({ go: '' });
    expect((await hub.end()).code).toBe(1);
  });

  test('/events streams what happens, until the run is over', async () => {
    await using served = await Served.begin(1200);
    const response = await served.ask('/events');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    let text = '';
    try {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk as Uint8Array).toString();
    } catch {
      // The connection is cut at the end.
    }
    expect((await served.hub.end()).code).toBe(0);
    const events = text
      .split('\n\n')
      .map((block) => /^event: (\S+)\ndata: (.*)$/.exec(block))
      .filter((match) => match !== null)
      .map(([, name, data]) => ({ name, data: JSON.parse(data ?? '') as { task?: string; kind?: string; token?: string } }));
    const of = (wanted: string) => events.filter(({ name }) => name === wanted).map(({ data }) => data.task);
    expect(of('done')).toEqual(['a', 'b', 'c']);
    expect(of('attempt').slice(-2)).toEqual(['b', 'c']);
  });

  test('POST /tasks/ID/cancel wants the token: 401, 202, 404, 409', async () => {
    await using served = await Served.begin(4000);
    const { orchestra } = served.fleet;
    await waitFor('a at work', () => orchestra.records('attempt', 'a')[0]);
    const { token } = served;
    expect(orchestra.modeOf('.devctl/http-token')).toBe('600');
    expect(served.hub.stderr).not.toContain(token);
    for (const wrong of [undefined, '', 'x', `${token}x`, token.slice(1)])
      expect((await served.cancel('a', wrong)).status).toBe(401);
    expect((await served.ask('/tasks/a/cancel', { headers: { authorization: `Bearer ${token}` } })).status).toBe(405);
    expect((await served.cancel('nobody', token)).status).toBe(404);
    expect(orchestra.records('cancelled')).toEqual([]);
    expect((await served.cancel('b', token)).status).toBe(202);
    expect((await served.cancel('b', token)).status).toBe(409);
    expect((await served.cancel('a', token)).status).toBe(202);
    const { code } = await served.hub.end();
    expect(code).toBe(1);
    expect(['a', 'b', 'c'].map((id) => orchestra.stateOf(id))).toEqual(['cancelled', 'cancelled', 'skipped']);
    expect(orchestra.has('.devctl/http-token')).toBe(false);
  });

  test('nobody whom a web page sends: a foreign Host or Origin is 403', async () => {
    await using served = await Served.begin(3000);
    const own = `127.0.0.1:${String(served.port)}`;
    const paths = ['/health', '/metrics', '/events', '/tasks/a/cancel'];
    const foreign = [
      { host: 'evil.example' },
      { host: `evil.example:${String(served.port)}` },
      { host: '127.0.0.1' },
      { host: own, origin: 'http://evil.example' },
      { host: own, origin: 'null' },
      { host: own, origin: `https://${own}` },
    ];
    for (const path of paths) for (const headers of foreign) expect(await served.raw(path, headers)).toBe(403);
    expect(await served.raw('/health', { host: own, origin: `http://${own}` })).toBe(200);
    expect(await served.raw('/health', { host: `localhost:${String(served.port)}` })).toBe(200);
  });

  test('a port that is taken: a clear failure, and no task begins', async () => {
    await using fleet = await Fleet.create(TASKS);
    const other = createServer();
    const port = await Rig.freePort();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    try {
      const { code, stderr } = await fleet.orchestra.begin(`--http ${String(port)}`, { CLAUDE_EXECUTOR_MODE: 'mock' }).end();
      expect(code, stderr).toBe(4);
      expect(stderr).toContain(String(port));
      expect(stderr).toMatch(/EADDRINUSE|in use|taken/);
      expect(fleet.orchestra.records('attempt')).toEqual([]);
    } finally {
      other.close();
    }
    for (const word of ['0', '70000', 'x'])
      expect((await fleet.orchestra.begin(`--http ${word}`, { CLAUDE_EXECUTOR_MODE: 'mock' }).end()).code).toBe(2);
  });
});
