import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/leftovers.ts';
import { Wire } from '../support/mcp.ts';
import { DEVCTL, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

const SLEEPER = { 'Procfile.dev': 'web: exec sleep 600\n' };

test('standard output carries nothing but messages, whatever comes in', async () => {
  await using rig = Rig.create({ 'Procfile.dev': 'web: echo loud; exec sleep 600\nbad\n', 'devctl.yml': ': : :\n' });
  await using wire = new Wire(rig);
  expect((await wire.initialize()).result).toMatchObject({ protocolVersion: '2025-11-25', serverInfo: { name: 'devctl' } });
  wire.write('this is no JSON\n\n{"jsonrpc":"2.0"}\n[]\n{"jsonrpc":"2.0","method":"notifications/nonsense"}\n');
  expect((await wire.answer(wire.send('no/such/method'))).error).toBeDefined();
  const { result, error } = await wire.answer(wire.call('no-such-tool'));
  expect(result?.['isError'] ?? error).toBeTruthy();
  expect((await wire.answer(wire.call('start'))).result).toMatchObject({ isError: true });
  expect((await wire.answer(wire.send('tools/call', { name: 'status', arguments: null }))).id).toBeDefined();
  rig.write({ 'Procfile.dev': 'web: echo loud; exec sleep 600\n', 'devctl.yml': '' });
  expect((await wire.answer(wire.call('start'), 30_000)).result?.['isError']).not.toBe(true);
  expect((await wire.answer(wire.call('stop'), 30_000)).result?.['isError']).not.toBe(true);
  wire.child.stdin?.end();
  await waitFor('the server to end', () => wire.isOver, 1000);
  expect(wire.child.exitCode).toBe(0);
});

test('an older revision and one that nobody knows are answered with one that is spoken', async () => {
  await using rig = Rig.create(SLEEPER);
  for (const asked of ['2024-11-05', '2025-06-18', '1999-01-01']) {
    await using wire = new Wire(rig);
    const { result } = await wire.initialize(asked);
    expect(result?.['protocolVersion']).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(((await wire.answer(wire.send('tools/list'))).result?.['tools'] as unknown[]).length).toBeGreaterThan(7);
  }
});

describe('the server ends when its input ends', () => {
  test('before anything was said', async () => {
    await using rig = Rig.create(SLEEPER);
    expect(await rig.sh('$DEVCTL mcp </dev/null')).toMatchObject({ code: 0, stdout: '' });
  });

  test('in the middle of a wait: within a second', async () => {
    await using rig = Rig.create(SLEEPER);
    await using wire = new Wire(rig);
    await wire.initialize();
    expect((await wire.answer(wire.call('start'), 30_000)).result?.['isError']).not.toBe(true);
    wire.call('wait', { service: 'web', for: 'log:never', timeoutSeconds: 5 });
    await wire.answer(wire.call('status'));
    const begin = Date.now();
    wire.child.stdin?.end();
    await waitFor('the server to end', () => wire.isOver, 4000);
    expect(Date.now() - begin).toBeLessThan(1000);
    expect((await rig.json<{ verdict: string }>('status')).verdict).toBe('healthy');
  });

  test('in the middle of a start: it ends, and the next devctl finds its way', async () => {
    await using rig = Rig.create({
      'Procfile.dev': 'web: touch up; exec sleep 600\n',
      'devctl.yml': 'services:\n  web:\n    ready: { log: never }\n',
    });
    expect((await rig.devctl('check')).code, rig.history).toBe(0);
    await using wire = new Wire(rig);
    await wire.initialize();
    wire.call('start', { timeoutSeconds: 20 });
    await waitFor('the service to be started', () => rig.has('up'), 10_000);
    const begin = Date.now();
    wire.child.stdin?.end();
    await waitFor('the server to end', () => wire.isOver, 8000);
    expect(Date.now() - begin).toBeLessThan(2000);
    expect((await rig.devctl('stop')).code).toBe(0);
    expect(rig.leftovers()).toEqual([]);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('and by %s, in the middle of a wait', async (signal) => {
    await using rig = Rig.create(SLEEPER);
    await using wire = new Wire(rig);
    await wire.initialize();
    await wire.answer(wire.call('start'), 30_000);
    wire.call('wait', { service: 'web', for: 'log:never', timeoutSeconds: 5 });
    await wire.answer(wire.call('status'));
    wire.child.kill(signal);
    await waitFor('the server to end', () => wire.isOver, 1500);
    expect((await rig.json<{ verdict: string }>('status')).verdict).toBe('healthy');
  });

  test.each([
    ['in peace', ''],
    [
      'in the middle of a wait',
      '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"wait","arguments":{"for":"log:never","service":"web"}}}',
    ],
  ])('a client that is killed %s takes it along', async (_, call) => {
    await using rig = Rig.create(SLEEPER);
    expect((await rig.devctl('start')).code).toBe(0);
    const hello =
      '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}';
    const script = `const s = require('child_process').spawn(process.execPath, [${JSON.stringify(DEVCTL)}, 'mcp'], { stdio: ['pipe', 'pipe', 'inherit'] });
s.stdout.on('data', () => console.log(s.pid));
s.stdin.write(${JSON.stringify(`${hello}\n${call}\n`)});
setInterval(() => 0, 1000);`;
    const client = spawn(process.execPath, ['-e', script], {
      cwd: rig.project,
      env: rig.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    client.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const server = await waitFor('the server to answer', () => Number(/^\d+$/m.exec(said)?.[0] ?? 0) || undefined);
    expect(isAlive(server)).toBe(true);
    client.kill('SIGKILL');
    await waitFor('the server to end', () => !isAlive(server), 1500);
    expect((await rig.json<{ verdict: string }>('status')).verdict).toBe('healthy');
  });
});
