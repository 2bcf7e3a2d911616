import { describe, expect, test } from 'vitest';
import { findLeftovers } from '../support/leftovers.ts';
import { MODES, Rig } from '../support/rig.ts';

const SERVER = `require('http').createServer((q, s) => s.end('hi')).listen(process.env.PORT, '127.0.0.1', () => console.log('listening'))`;

describe.each(MODES)('in %s mode', (mode) => {
  test('start, status, logs, restart and stop of a server and a worker', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'server.js': SERVER,
      'Procfile.dev': 'web: exec node server.js -p $PORT\nworker: while :; do echo tick; sleep 0.1; done\n',
    });
    const env = { DEVCTL_MODE: mode, PORT: String(port) };

    const started = await rig.devctl('start', { env });
    expect(started).toMatchObject({ code: 0, stderr: '' });
    expect(started.stdout).toContain(`http://localhost:${String(port)}`);
    expect(await (await fetch(`http://127.0.0.1:${String(port)}`)).text()).toBe('hi');

    const status = await rig.json<{ verdict: string; mode: string; services: { name: string; state: string; pid: number }[] }>(
      'status',
    );
    expect(status).toMatchObject({
      verdict: 'healthy',
      mode,
      services: [
        { name: 'web', state: 'ready' },
        { name: 'worker', state: 'running' },
      ],
    });

    const again = await rig.devctl('start', { env });
    expect(again.stdout).toContain('already up');
    const after = await rig.json<typeof status>('status');
    expect(after.services.map((service) => service.pid)).toEqual(status.services.map((service) => service.pid));

    expect((await rig.devctl('logs web')).stdout).toBe('listening\n');

    const restarted = await rig.devctl('restart web', { env });
    expect(restarted.code).toBe(0);
    const anew = await rig.json<typeof status>('status');
    expect(anew.services[0]?.pid).not.toBe(status.services[0]?.pid);
    expect(anew.services[1]?.pid).toBe(status.services[1]?.pid);

    expect((await rig.devctl('stop')).code).toBe(0);
    expect(findLeftovers(rig.root, rig.tag, [rig.project])).toEqual([]);
    expect((await rig.devctl('status')).code).toBe(3);
  });
});
