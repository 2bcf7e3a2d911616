import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Agent, REVISIONS } from '../support/mcp.ts';
import { MODES, Rig } from '../support/rig.ts';

const SERVER = `require('http').createServer((q, s) => s.end('hi')).listen(process.env.PORT, '127.0.0.1', () => console.log('listening'))`;
const TOOLS = ['start', 'stop', 'restart', 'status', 'logs', 'ps', 'check', 'wait'];
const READ_ONLY = ['status', 'logs', 'ps', 'check', 'wait', 'diagnose'];
const SLEEPERS = { 'Procfile.dev': 'web: exec sleep 600\nworker: exec sleep 600\n' };

interface Service {
  name: string;
  state: string;
  pid?: number;
  url?: string;
}
const services = (data: Record<string, unknown> | undefined) => (data?.['services'] ?? []) as Service[];

describe.each(REVISIONS)('in protocol revision %s', (revision) => {
  test('the tools, their input, their hints and what is loaded without a search', async () => {
    await using rig = Rig.create(SLEEPERS);
    await using agent = await Agent.connect(rig, { revision });
    expect(agent.client.getNegotiatedProtocolVersion()).toBe(revision);
    const instructions = agent.client.getInstructions() ?? '';
    expect(instructions).toContain('start');
    expect(instructions.split('\n').length).toBeLessThanOrEqual(8);
    const { tools } = await agent.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(TOOLS));
    for (const { name, inputSchema, outputSchema, annotations, description, _meta } of tools) {
      expect(description?.length, name).toBeGreaterThan(10);
      expect(inputSchema.properties, name).toHaveProperty('root');
      expect(inputSchema.required ?? [], name).toEqual([]);
      expect(annotations?.readOnlyHint, name).toBe(READ_ONLY.includes(name));
      expect(annotations?.destructiveHint, name).toBe(['stop', 'restart'].includes(name));
      expect(_meta?.['anthropic/alwaysLoad'], name).toBe(['start', 'status', 'logs'].includes(name) ? true : undefined);
      expect(outputSchema === undefined, name).toBe(['logs', 'diagnose'].includes(name));
    }
  });

  test('start, status, wait, logs, ps, check, restart, diagnose and stop', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({ 'server.js': SERVER, 'Procfile.dev': 'web: exec node server.js\nworker: exec sleep 600\n' });
    await using agent = await Agent.connect(rig, { revision, env: { PORT: String(port) } });
    expect((await agent.do('check')).data).toMatchObject({ files: [expect.stringContaining('Procfile.dev')], warnings: [] });
    expect((await agent.do('status')).data).toMatchObject({
      verdict: 'stopped',
      next: expect.stringContaining('start') as string,
    });
    expect(services((await agent.do('start')).data)[0]).toMatchObject({ name: 'web', url: `http://localhost:${String(port)}` });
    expect(await (await fetch(`http://127.0.0.1:${String(port)}`)).text()).toBe('hi');
    const before = await agent.do('status');
    expect(before.data).toMatchObject({ verdict: 'healthy', root: rig.project });
    await agent.do('start', { services: ['web'] });
    expect((await agent.do('wait', { service: 'web', for: 'log:listen' })).data).toMatchObject({
      status: { verdict: 'healthy' },
    });
    expect((await agent.do('logs', { services: ['web'], lines: 5 })).text).toContain('listening');
    expect((await agent.do('logs', { grep: 'no such line' })).text).not.toContain('listening');
    expect((await agent.do('logs', { sinceLast: true })).text).toContain('listening');
    expect((await agent.do('logs', { sinceLast: true })).text).not.toContain('listening');
    const pids = ((await agent.do('ps')).data?.['processes'] as { pid: number }[]).map(({ pid }) => pid);
    expect(pids).toEqual(expect.arrayContaining(services(before.data).map(({ pid }) => pid)));
    await agent.do('restart', { services: ['web'] });
    const after = services((await agent.do('status')).data);
    expect(after[0]?.pid).not.toBe(services(before.data)[0]?.pid);
    expect(after[1]?.pid).toBe(services(before.data)[1]?.pid);
    expect((await agent.do('logs', { services: ['web'], previousRun: true })).text).toContain('listening');
    expect((await agent.do('diagnose')).text).toContain('worker');
    await agent.do('stop', { services: ['worker'] });
    expect(services((await agent.do('status')).data).find(({ name }) => name === 'web')?.pid).toBe(after[0]?.pid);
    await agent.do('stop');
    expect((await agent.do('status')).data).toMatchObject({ verdict: 'stopped' });
    await agent.do('stop');
  });

  test('input that is wrong: an error whose text says what to write, and nothing is done', async () => {
    await using rig = Rig.create({ ...SLEEPERS, file: '' });
    await using agent = await Agent.connect(rig, { revision });
    await agent.do('start');
    const before = services((await agent.do('status')).data);
    for (const name of ['start', 'stop', 'restart', 'logs']) {
      const text = await agent.fail(name, { services: ['webb'] });
      expect(text, name).toContain('web');
      expect(text, name).toMatch(/^fix: /m);
    }
    expect(await agent.fail('wait', { service: 'webb' })).toMatch(/^fix: /m);
    for (const name of [...TOOLS, 'diagnose'])
      for (const root of ['/no/such/folder', `${rig.project}/file`]) {
        const text = await agent.fail(name, { root });
        expect(text, name).toContain(root);
        expect(text, name).toMatch(/^fix: /m);
      }
    for (const [name, input] of [
      ['start', { services: 'web' }],
      ['start', { timeoutSeconds: '5' }],
      ['start', { timeoutSeconds: 0 }],
      ['start', { takePorts: [0] }],
      ['start', { services: ['--help'] }],
      ['stop', { services: [1] }],
      ['stop', { root: 5 }],
      ['restart', { timeoutSeconds: -1 }],
      ['logs', { lines: 0 }],
      ['logs', { lines: 2.5 }],
      ['logs', { grep: '(' }],
      ['logs', { since: 'yesterday noon' }],
      ['wait', { for: 'happiness' }],
      ['wait', { for: 'log:(', service: 'web' }],
      ['wait', { timeoutSeconds: 1e9 }],
      ['status', { root: '\0' }],
    ] as const)
      expect((await agent.fail(name, input)).length, `${name} ${JSON.stringify(input)}`).toBeGreaterThan(10);
    expect(services((await agent.do('status')).data).map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
  });

  // A name that the schema does not have must not mean "all of them".
  test.each([{ service: 'web' }, { name: 'web' }, { Services: ['web'] }])(
    'stop with %j does not stop everything',
    async (input) => {
      await using rig = Rig.create(SLEEPERS);
      await using agent = await Agent.connect(rig, { revision });
      await agent.do('start');
      const told = await agent.call('stop', input).catch(() => undefined);
      const status = await agent.do('status');
      const worker = services(status.data).find(({ name }) => name === 'worker');
      expect(worker?.state, told?.text).toBe('running');
    },
  );
});

test('a start that fails says why, with the lines of the log and the fix, and is bounded', async () => {
  const noise = 'for i in $(seq 40); do head -c 20000 /dev/zero | tr "\\0" x; echo; done';
  await using rig = Rig.create({
    'Procfile.dev': `web: ${noise}; echo "boom: no database" >&2; exit 3\nworker: exec sleep 600\n`,
  });
  await using agent = await Agent.connect(rig);
  const text = await agent.fail('start');
  expect(text).toMatch(/\bweb\b/);
  expect(text).toMatch(/(?:exit|code)\D{0,20}3\b/);
  expect(text).toContain('boom: no database');
  expect(text).toMatch(/^fix: /m);
  expect(Buffer.byteLength(text)).toBeLessThan(32_000);
});

test('errors in the Procfile and in devctl.yml: file, line and the fix, in every tool that reads them', async () => {
  await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 600\nno colon here\n' });
  await using agent = await Agent.connect(rig);
  for (const name of ['check', 'start', 'restart']) expect(await agent.fail(name), name).toMatch(/Procfile\.dev:2\b[^]*^fix: /m);
  rig.write({ 'Procfile.dev': 'web: exec sleep 600\n', 'devctl.yml': 'services:\n  web:\n    prot: 3000\n' });
  for (const name of ['check', 'start']) expect(await agent.fail(name), name).toMatch(/devctl\.yml:3\b[^]*port/);
  rig.write({ 'devctl.yml': '' });
  await agent.do('start');
});

test('no project, and a project whose folder goes away', async () => {
  await using rig = Rig.create();
  const other = rig.addProject('q', SLEEPERS);
  await using agent = await Agent.connect(rig);
  for (const name of ['start', 'check']) expect(await agent.fail(name), name).toMatch(/Procfile[^]*^fix: /m);
  await agent.do('start', { root: other });
  expect((await agent.do('status', { root: '../q' })).data).toMatchObject({ root: other, verdict: 'healthy' });
  rmSync(other, { recursive: true });
  await agent.do('stop', { root: other });
  expect(rig.leftovers().filter(({ command }) => command.includes('sleep 600'))).toEqual([]);
});

test('two calls at once', async () => {
  await using rig = Rig.create(SLEEPERS);
  const other = rig.addProject('q', { 'Procfile.dev': 'web: exec sleep 600\n' });
  await using agent = await Agent.connect(rig);
  const starts = await Promise.all([agent.do('start'), agent.do('start'), agent.do('start', { root: other })]);
  expect(starts.map(({ data }) => services(data).length)).toEqual([2, 2, 1]);
  expect(rig.leftovers().filter(({ command }) => command === 'sleep 600')).toHaveLength(3);
  let isOver = false;
  const waiting = agent.call('wait', { service: 'web', for: 'log:never', timeoutSeconds: 5 }).finally(() => (isOver = true));
  await agent.do('status');
  await agent.do('stop', { root: other });
  expect(isOver).toBe(false);
  await agent.do('stop');
  expect((await waiting).isError).toBe(true);
});

test('logs without an end are bounded, and so is every other answer', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `s${String(index)}`);
  const line = 'for i in $(seq 1000); do echo "$i $(head -c 1500 /dev/zero | tr "\\0" x)"; done; exec sleep 600';
  await using rig = Rig.create({ 'Procfile.dev': `web: ${line}\n${names.map((name) => `${name}: exec sleep 600\n`).join('')}` });
  await using agent = await Agent.connect(rig);
  const answers = [await agent.do('start', { timeoutSeconds: 60 })];
  await agent.do('wait', { service: 'web', for: 'log:^1000 ' });
  answers.push(await agent.do('logs', { lines: 1000 }), await agent.do('logs', { lines: 1000, grep: 'x', services: ['web'] }));
  for (const name of ['status', 'ps', 'diagnose', 'wait', 'stop']) answers.push(await agent.do(name));
  for (const { text, data } of answers) {
    expect(Buffer.byteLength(text), text.slice(0, 200)).toBeLessThan(64_000);
    expect(Buffer.byteLength(JSON.stringify(data ?? {})), text.slice(0, 200)).toBeLessThan(64_000);
  }
});

test.each(MODES)('services outlive the server and know nothing of the agent (%s)', async (mode) => {
  const agentEnv = {
    CLAUDECODE: '1',
    CLAUDE_PID: '4242',
    CLAUDE_CODE_SESSION_ID: 'abc',
    CLAUDE_CODE_ENTRYPOINT: 'cli',
    CLAUDE_PROJECT_DIR: '/x',
    CLAUDE_ENV_FILE: '/x/e',
    CLAUDE_EFFORT: 'high',
    AI_AGENT: 'claude',
    GIT_EDITOR: 'true',
    NODE_OPTIONS: '--max-old-space-size=8192 --no-deprecation',
  };
  await using rig = Rig.create({ 'Procfile.dev': 'web: env >env.txt; exec sleep 600\n' });
  {
    await using agent = await Agent.connect(rig, { env: { ...agentEnv, DEVCTL_MODE: mode } });
    expect((await agent.do('start')).data).toMatchObject({ mode });
  }
  expect((await rig.json<{ verdict: string }>('status')).verdict).toBe('healthy');
  const names = rig.read('env.txt');
  expect(names.match(/^(?:CLAUDE|AI_AGENT|GIT_EDITOR|DEVCTL_(?!SESSION|PROBE|GIVEN)).*/gm)).toBeNull();
  expect(/^NODE_OPTIONS=(.*)/m.exec(names)?.[1]).toBe('--no-deprecation');
  expect((await rig.devctl('stop')).code).toBe(0);
});
