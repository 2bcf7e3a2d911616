import { expect, describe, test } from 'vitest';
import { isAlive } from '../support/leftovers.ts';
import { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';
import { server, SERVER } from './port-holders.ts';

/** `web` listens on the port, `worker` sleeps; both write their pids. */
async function twoServices(): Promise<{ rig: Rig; port: number } & AsyncDisposable> {
  const port = await Rig.freePort();
  const rig = Rig.create({
    'server.js': SERVER,
    'Procfile.dev': `web: echo $$ >web.pid; exec node server.js -p ${String(port)}\nworker: echo $$ >worker.pid; exec sleep 600\n`,
    'devctl.yml': `services: { web: { port: ${String(port)} } }\n`,
  });
  return { rig, port, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

const pidOf = (rig: Rig, name: string): number => Number(rig.read(`${name}.pid`));

describe('a restart that would be refused touches nothing', () => {
  test.each(['restart', 'restart web', 'restart --dry-run'])('for the port of a service that has ended: %s', async (words) => {
    await using given = await twoServices();
    const { rig, port } = given;
    expect((await rig.devctl('start')).code, rig.history).toBe(0);
    process.kill(pidOf(rig, 'web'), 'SIGKILL');
    await waitFor('web to have ended', async () => /web +ended/.test((await rig.devctl('status')).stdout));
    await using holder = await server(rig, port, { cwd: '/' });

    const refused = await rig.devctl(words);
    expect(refused.code, rig.history).toBe(4);
    expect(refused.stderr).toContain(`port ${String(port)} is held by pid ${String(holder.pid)} "`);
    expect(isAlive(pidOf(rig, 'worker'))).toBe(true);
    expect((await rig.devctl('status')).stdout).toMatch(/worker +running/);
  });

  test.each(['restart', 'restart worker'])('for a port that a service has only now been given: %s', async (words) => {
    await using given = await twoServices();
    const { rig, port } = given;
    expect((await rig.devctl('start')).code, rig.history).toBe(0);
    const other = await Rig.freePort();
    await using holder = await server(rig, other, { cwd: '/' });
    rig.write({ 'devctl.yml': `services: { web: { port: ${String(port)} }, worker: { port: ${String(other)} } }\n` });
    const refused = await rig.devctl(words);
    expect(refused.code, rig.history).toBe(4);
    expect(refused.stderr).toContain(`pid ${String(holder.pid)}`);
    expect([pidOf(rig, 'web'), pidOf(rig, 'worker')].map(isAlive)).toEqual([true, true]);
  });

  test('for another mode than that of the services that stay', async () => {
    await using given = await twoServices();
    const { rig } = given;
    expect((await rig.devctl('start --mode direct')).code, rig.history).toBe(0);
    expect((await rig.devctl('restart web --mode tmux')).code, rig.history).toBe(2);
    expect(isAlive(pidOf(rig, 'web'))).toBe(true);
  });
});

describe('a restart is not refused', () => {
  test.each(['restart', 'restart web', 'restart --take-port'])(
    'for the port of its own service that is served from outside, as by a container: %s',
    async (words) => {
      await using given = await twoServices();
      const { rig, port } = given;
      const serve = `env -u DEVCTL_SESSION setsid -f sh -c 'echo $$ >"$1/server.pid"; cd /; exec node "$1/server.js" -p ${String(port)}' - "$PWD"`;
      rig.write({ 'Procfile.dev': `web: trap 'kill "$(cat server.pid)"; exit 0' TERM; ${serve}; sleep 600 & wait\n` });
      expect((await rig.devctl('start')).code, rig.history).toBe(0);
      const first = pidOf(rig, 'server');
      const again = await rig.devctl(words.endsWith('-port') ? `${words} ${String(port)}` : words);
      expect(again.code, rig.history).toBe(0);
      expect(isAlive(first)).toBe(false);
      expect((await rig.devctl('stop')).code, rig.history).toBe(0);
    },
  );

  test('for another mode where all that is up is restarted', async () => {
    await using rig = Rig.create({
      'Procfile.dev': 'web: exec sleep 600\nonce: exit 0\n',
      'devctl.yml': 'services: { once: { oneShot: true } }\n',
    });
    expect((await rig.devctl('start --mode direct')).code, rig.history).toBe(0);
    expect((await rig.devctl('restart web --mode tmux')).code, rig.history).toBe(0);
    expect(await rig.json('status')).toMatchObject({ mode: 'tmux' });
  });
});
