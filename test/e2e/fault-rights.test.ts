import { spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/leftovers.ts';
import { MODES, Rig, type Ran } from '../support/rig.ts';
import { asSomebody, IS_ROOT } from '../support/somebody.ts';
import { waitFor } from '../support/wait-for.ts';

if (!IS_ROOT) console.warn('not root: the tests with processes of another user are skipped');
const BOUND = { timeoutMs: 30_000 };

/** prctl(PR_SET_DUMPABLE, 0): from then on /proc/PID belongs to root, and its environment and descriptors are secret. Source: prctl(2). */
const PRCTL = process.arch === 'arm64' ? 167 : 157;
const SECRET = `syscall(${String(PRCTL)}, 4, 0, 0, 0, 0) == 0 or die; sleep 86431 while 1;`;

const isSecret = (pid: number): boolean => {
  try {
    readlinkSync(`/proc/${String(pid)}/cwd`);
    return IS_ROOT && statSync(`/proc/${String(pid)}/environ`).uid === 0;
  } catch {
    return true;
  }
};

describe.each(MODES)('in %s mode, as a user without rights,', (mode) => {
  const env = { DEVCTL_MODE: mode };

  test('processes whose /proc entries may not be read are ours by their mark, and end', async () => {
    await using rig = Rig.create({
      'secret.pl': SECRET,
      'Procfile.dev': `web: exec perl secret.pl
deep: sh -c 'setsid env -i PATH="$PATH" perl secret.pl </dev/null >/dev/null 2>&1 &'; exec sleep 86432\n`,
    });
    const devctl = asSomebody(rig);
    expect(await devctl(['start'], { env })).toMatchObject({ code: 0, stderr: '' });
    const secrets = () => rig.leftovers().filter(({ command }) => command.startsWith('perl secret.pl'));
    await waitFor('two that keep their secrets', () => secrets().filter(({ pid }) => isSecret(pid)).length === 2);
    const status = await devctl(['status']);
    expect(status, status.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(await devctl(['stop'], BOUND)).toMatchObject({ code: 0, stderr: '' });
    expect(rig.leftovers()).toEqual([]);
  });

  // As a program is that has a capability: node that may bind port 80.
  test('a server whose descriptors may not be read is ready: its port is held, by its user', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create({
      'server.pl': `use IO::Socket::INET; syscall(${String(PRCTL)}, 4, 0, 0, 0, 0) == 0 or die;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => ${String(port)}, Listen => 5, ReuseAddr => 1) or die;
print "listening\\n"; sleep 86431 while 1;\n`,
      'Procfile.dev': 'web: exec perl server.pl\n',
      'devctl.yml': `services: { web: { port: ${String(port)} } }\n`,
    });
    const devctl = asSomebody(rig);
    const started = await devctl(['start', '--timeout', '10s'], { env, ...BOUND });
    expect(started.code, `${started.stdout}${started.stderr}`).toBe(0);
    expect((await devctl(['status'])).code).toBe(0);
    expect(await devctl(['stop'], BOUND)).toMatchObject({ code: 0, stderr: '' });
    expect(rig.leftovers()).toEqual([]);
  });

  test.skipIf(!IS_ROOT)('a process of another user is nobody of ours, whatever it carries', async () => {
    await using rig = Rig.create({ 'Procfile.dev': 'web: exec sleep 86431\n' });
    const devctl = asSomebody(rig);
    expect(await devctl(['start'], { env })).toMatchObject({ code: 0 });
    const { data } = JSON.parse((await devctl(['status', '--json'])).stdout) as { data: { services: { pid: number }[] } };
    const pid = data.services[0]?.pid ?? 0;
    const session = readFileSync(`/proc/${String(pid)}/environ`, 'utf8')
      .split('\0')
      .find((entry) => entry.startsWith('DEVCTL_SESSION='));
    const other = spawn('sleep', ['86433'], {
      cwd: rig.project,
      stdio: 'ignore',
      env: { ...rig.env, DEVCTL_SESSION: session?.split('=')[1] },
    });
    expect(await devctl(['stop'], BOUND)).toMatchObject({ code: 0, stderr: '' });
    expect(isAlive(other.pid ?? 0)).toBe(true);
    other.kill('SIGKILL');
  });

  test.skipIf(!IS_ROOT)('a child that became root is named as left, with why and what to type; the rest ends', async () => {
    await using rig = Rig.create({
      'Procfile.dev': `web: exec sleep 86431
climber: ./become --reuid 0 --regid 0 --clear-groups sleep 86432 & exec sleep 86433\n`,
      'devctl.yml': 'services: { climber: { grace: 1s } }\n',
    });
    const devctl = asSomebody(rig);
    const become = join(rig.project, 'become');
    copyFileSync('/usr/bin/setpriv', become);
    chownSync(become, 0, 0);
    chmodSync(become, 0o4755);
    expect(await devctl(['start'], { env })).toMatchObject({ code: 0, stderr: '' });
    const climber = await waitFor('the climber', () => rig.leftovers().find(({ command }) => command === 'sleep 86432'));
    await waitFor('it to be root', () => statSync(`/proc/${String(climber.pid)}`).uid === 0);

    for (const words of [['stop'], ['stop', 'climber'], ['restart']]) {
      const ran = await devctl(words, BOUND);
      expectNamed(ran, words.join(' '), climber.pid);
      const left = rig.leftovers().map(({ command }) => command);
      expect(
        left.filter((command) => !/keeper\.sh|^tmux|^cat$/.test(command)),
        words.join(' '),
      ).toEqual(['sleep 86432']);
      expect((await devctl(['status'])).code, 'what is left is not "stopped"').toBe(8);
    }
    const told = JSON.parse((await devctl(['stop', '--json'], BOUND)).stdout) as { ok: boolean; failure: { code: string } };
    expect(told).toMatchObject({ ok: false, failure: { code: 'SURVIVORS' } });

    process.kill(climber.pid, 'SIGKILL');
    expect(await devctl(['stop'], BOUND)).toMatchObject({ code: 0, stderr: '' });
    expect(rig.leftovers()).toEqual([]);
    expect((await devctl(['status'])).code).toBe(3);
  });
});

/** The survivor, whose it is, that it was forbidden, and a command that ends it. */
function expectNamed({ code, stdout, stderr, ms }: Ran, what: string, pid: number): void {
  expect(code, `${what}\n${stdout}${stderr}`).toBe(1);
  expect(stderr, what).toContain(`pid ${String(pid)}`);
  expect(stderr, what).toContain('climber');
  expect(stderr, what).toContain('sleep 86432');
  expect(stderr, what).toMatch(/\b(?:user|of|as|belongs to|runs as) root\b/);
  expect(stderr, what).toMatch(/permi|may not|not allowed/i);
  expect(stderr, what).toMatch(new RegExp(`fix .*sudo[^]*${String(pid)}`));
  expect(stderr, 'what has ended, or would end with the others, is no survivor').not.toMatch(/pid \d+ +web/);
  expect(ms, `${what}: nothing is gained by waiting for a signal that was refused`).toBeLessThan(7000);
}
