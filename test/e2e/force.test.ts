import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/leftovers.ts';
import { MODES, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';
import { orphan, server, SERVER } from './port-holders.ts';

interface Listed {
  pid: number;
  service?: string;
  role: string;
  class: string;
  evidence: string[];
  ports: number[];
}
const list = async (rig: Rig) => (await rig.json<{ processes: Listed[] }>('ps')).processes;

describe('a port of ours that a probable process holds', () => {
  test('keeps stop from saying that all is well; --force ends it, and --dry-run tells of it', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'server.js': SERVER,
      'Procfile.dev': 'web: exec sleep 600\n',
      'devctl.yml': `services: { web: { port: ${String(port)} } }\n`,
    });
    const pid = await orphan(rig, port);
    const plain = await rig.devctl('stop');
    expect(plain.code).toBe(1);
    expect(plain.stdout).toMatch(/^port +found 1 +left alone.* left 1$/m);
    expect(plain.stderr).toMatch(
      new RegExp(
        `port ${String(port)} is not free[^]*pid ${String(pid)}[^]*probable: listens on ${String(port)}, folder in the project, `,
      ),
    );
    expect(plain.stderr).toContain('devctl stop --force');
    expect(isAlive(pid)).toBe(true);

    const failure = JSON.parse((await rig.devctl('stop --json')).stdout) as {
      failure: { data: { held: Listed[]; layers: unknown[] } };
    };
    expect(failure.failure.data.held).toMatchObject([{ pid, class: 'probable' }]);
    expect(failure.failure.data.layers).toHaveLength(5);

    const dry = await rig.devctl('stop --force --dry-run');
    expect(dry.stdout).toMatch(new RegExp(`pid ${String(pid)} .*probable: listens on`));
    expect(isAlive(pid)).toBe(true);

    const forced = await rig.devctl('stop --force');
    expect(forced.code, forced.stderr).toBe(0);
    expect(forced.stdout).toMatch(/^port +found 1 +ended 1 +left 0$/m);
    expect(isAlive(pid)).toBe(false);
  });

  test('a stranger on a declared port that no run had is told of, and no failure', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 600\n', 'devctl.yml': `ports: [${String(port)}]\n` });
    await using holder = await server(rig, port, { cwd: '/' });
    const stopped = await rig.devctl('stop --force');
    expect(stopped.code, stopped.stderr).toBe(0);
    expect(stopped.stdout).toMatch(new RegExp(`Nothing was running\\.[^]*left alone: pid ${String(holder.pid)} .*foreign: `));
    expect(isAlive(holder.pid)).toBe(true);
    expect(await list(rig)).toMatchObject([{ pid: holder.pid, class: 'foreign', ports: [port] }]);
  });
});

describe.each(MODES)('in %s mode', (mode) => {
  const env = { DEVCTL_MODE: mode };

  test('a shared daemon that has left its service outlives stop, which says so; ps names it, and --force ends it', async () => {
    await using rig = Rig.create({
      'Procfile.dev': 'web: (setsid ./watchman 600 >/dev/null 2>&1 &); exec sleep 600\nown: exec ./watchman 600\n',
    });
    await rig.sh('cp "$(readlink -f "$(command -v sleep)")" watchman');
    expect((await rig.devctl('start', { env })).code).toBe(0);
    const daemon = await waitFor('the daemon', async () =>
      (await list(rig)).find(({ class: kind, evidence }) => kind === 'probable' && evidence.includes('shared daemon watchman')),
    );
    const stopped = await rig.devctl('stop');
    expect(stopped.code, stopped.stderr).toBe(0);
    expect(stopped.stdout).toMatch(
      new RegExp(`left alone: pid ${String(daemon.pid)} ./watchman 600 .*shared daemon watchman.*--force`),
    );
    expect(rig.leftovers().map(({ pid }) => pid)).toEqual([daemon.pid]);

    // Without the mark nothing tells it from a stranger once its run is over.
    if (process.env['DEVCTL_PROBE'] === 'portable') process.kill(daemon.pid, 'SIGKILL');
    else expect(await rig.devctl('stop --force')).toMatchObject({ code: 0, stderr: '' });
    await waitFor('its end', () => rig.leftovers().length === 0);
  });

  test('ps lists each process with its service and its evidence', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'server.js': SERVER,
      'Procfile.dev': `web: node server.js ${String(port)} ${String(port)}; true\nworker: exec sleep 600\n`,
    });
    expect((await rig.devctl('ps')).stdout).toContain('No process of');
    expect((await rig.devctl('start', { env })).code).toBe(0);
    const all = (await list(rig)).filter(({ role }) => role !== 'infrastructure');
    expect(all.map(({ service, role, class: kind }) => [service, role, kind])).toEqual([
      ['web', 'keeper', 'certain'],
      ['web', 'service', 'certain'],
      ['web', 'service', 'certain'],
      ['worker', 'keeper', 'certain'],
      ['worker', 'service', 'certain'],
    ]);
    expect(all.find(({ ports }) => ports.includes(port))?.service).toBe('web');
    const { stdout } = await rig.devctl('ps');
    expect(stdout).toMatch(/^web +pid \d+ +certain: .*child of \d+, session \d+/m);
    expect(stdout).toMatch(/\d+ certain, 0 probable, 0 foreign\. Next: devctl stop$/m);
  });
});
