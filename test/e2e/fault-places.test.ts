import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/leftovers.ts';
import { canUnshare, OWN_PIDS, unshare } from '../support/namespaces.ts';
import { DEVCTL, MODES, Rig, type Ran } from '../support/rig.ts';
import { IS_ROOT } from '../support/somebody.ts';

const PROCFILE = 'web: exec sleep 86431\nworker: sleep 86432 & wait\n';
const BOUND = { timeoutMs: 20_000 };

interface Status {
  verdict: string;
  services: { name: string; state: string; pid?: number }[];
}

/** Runs devctl in namespaces of its own. */
function within(rig: Rig, flags: string[], words: string, env: Record<string, string> = {}): Promise<Ran> {
  const [file = '', ...args] = unshare(...flags);
  return rig.exec(file, [...args, 'node', DEVCTL, ...words.split(' ')], { ...BOUND, env });
}

const pids = (rig: Rig) =>
  rig
    .leftovers()
    .map(({ pid }) => pid)
    .sort();

const SANDBOXES = [
  { name: 'with a /proc of its own', flags: OWN_PIDS },
  { name: 'that sees the /proc outside', flags: OWN_PIDS.filter((flag) => flag !== '--mount-proc') },
];

describe.skipIf(!canUnshare(...OWN_PIDS)).each(MODES)('in %s mode, another pid namespace', (mode) => {
  const env = { DEVCTL_MODE: mode };

  test.each(SANDBOXES)('$name than the run’s: every command says that it cannot see, and touches nothing', async ({ flags }) => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    expect((await rig.devctl('start', { env })).code).toBe(0);
    const before = pids(rig);
    for (const words of ['status', 'stop', 'stop web', 'start', 'restart', 'nuke --yes']) {
      const ran = await within(rig, flags, words, env);
      expect(ran.code, `${words}: ${ran.stdout}${ran.stderr}`).toBe(4);
      expect(ran.stderr, words).toContain('sandbox');
      expect(pids(rig), words).toEqual(before);
    }
    expect(await rig.json('status')).toMatchObject({ verdict: 'healthy' });
    expect(await rig.devctl('stop')).toMatchObject({ code: 0, stderr: '' });
    expect(rig.leftovers()).toEqual([]);
  });

  test('of an agent’s sandbox, in which all ends with the command: a start is refused, and says what works', async () => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    // The first process is known by its name.
    const sandbox = ['sh', '-c', 'cp "$(command -v bash)" bwrap && exec "$@"', 'sh', ...unshare(...OWN_PIDS), './bwrap', '-c'];
    const [file = '', ...args] = sandbox;
    const run = (words: string, more: Record<string, string> = {}) =>
      rig.exec(file, [...args, `node ${DEVCTL} ${words}; exit $?`], { ...BOUND, env: { ...env, ...more } });
    for (const words of ['start', 'restart']) {
      const refused = await run(words, { CLAUDECODE: '1' });
      expect(refused.code, refused.stderr).toBe(4);
      expect(refused.stderr).toContain('MCP tool "start"');
    }
    expect(rig.leftovers()).toEqual([]);
    // Without an agent it is somebody's flatpak or container.
    expect((await run('start', { CLAUDECODE: '' })).code).toBe(0);
  });

  test('holds a whole run: start, status, stop; and nobody outside is touched', async () => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    const stranger = spawn('sleep', ['86433'], { cwd: '/', stdio: 'ignore' });
    const script = '$DEVCTL start && $DEVCTL status && $DEVCTL restart && $DEVCTL stop; code=$?; $DEVCTL status; echo "$code $?"';
    const [file = '', ...args] = unshare(...OWN_PIDS);
    const ran = await rig.exec(file, [...args, 'bash', '-c', script], { ...BOUND, env: { ...env, DEVCTL: `node ${DEVCTL}` } });
    expect(ran.stdout.trimEnd().split('\n').at(-1), `${ran.stdout}${ran.stderr}`).toBe('0 3');
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
    stranger.kill('SIGKILL');
    expect(rig.leftovers()).toEqual([]);
    expect((await rig.devctl('status')).code).toBe(3);
  });

  test('a run that ended with its pid namespace is nobody’s: a start outside says so or begins anew', async () => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    expect((await within(rig, OWN_PIDS, 'start', env)).code).toBe(0);
    expect(rig.leftovers()).toEqual([]);
    const stopped = await rig.devctl('stop', BOUND);
    expect([0, 4], stopped.stderr).toContain(stopped.code);
    const started = await rig.devctl('start', { ...BOUND, env });
    expect(started.code, `the namespace is gone, and with it the run\n${started.stderr}`).toBe(0);
    expect((await rig.devctl('stop')).code).toBe(0);
  });
});

const SERVER = `require('node:net').createServer().listen(process.env.PORT, '0.0.0.0', () => console.log('listening'));`;

describe.skipIf(!canUnshare('--net')).each(MODES)('in %s mode, another network namespace', (mode) => {
  const web = { 'server.js': SERVER, 'Procfile.dev': 'web: exec node server.js -p $PORT\nworker: exec sleep 86432\n' };

  // Without rights it takes another user namespace, from which the kernel shows nobody's descriptors.
  test.skipIf(!IS_ROOT)('than the run’s sees its listeners, and stop leaves nothing', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create(web);
    const env = { DEVCTL_MODE: mode, PORT: String(port) };
    expect((await rig.devctl('start', { env })).code).toBe(0);
    const status = await within(rig, ['--net'], 'status --json');
    expect(status.code, status.stderr).toBe(0);
    const { data } = JSON.parse(status.stdout) as { data: Status };
    expect(data.services[0]).toMatchObject({ name: 'web', state: 'ready' });
    expect((await within(rig, ['--net'], 'start', env)).stdout).toContain('already up');
    expect(await within(rig, ['--net'], 'stop')).toMatchObject({ code: 0, stderr: '' });
    expect(rig.leftovers()).toEqual([]);
  });

  test('holds the services: a port held outside is free there, and who holds it is not touched', async () => {
    const port = await Rig.freePort();
    await using rig = Rig.create(web);
    const holder = spawn('node', ['-e', SERVER], { cwd: '/', env: { ...rig.env, DVTEST_ID: '', PORT: String(port) } });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const env = { DEVCTL_MODE: mode, PORT: String(port) };
    const started = await within(rig, ['--net'], 'start', env);
    expect(started, started.stderr).toMatchObject({ code: 0 });
    expect(await rig.json<Status>('status')).toMatchObject({ verdict: 'healthy', services: [{ state: 'ready' }, {}] });
    expect(await rig.devctl('stop')).toMatchObject({ code: 0, stderr: '' });
    expect(rig.leftovers()).toEqual([]);
    expect(isAlive(holder.pid ?? 0)).toBe(true);
    holder.kill('SIGKILL');
  });
});

describe('another TMUX_TMPDIR, TMPDIR or XDG_RUNTIME_DIR than the start’s', () => {
  test.each(['TMUX_TMPDIR', 'TMPDIR', 'XDG_RUNTIME_DIR', 'TMUX'])('hides nothing: %s', async (variable) => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    rig.write({ 'o/keep': '' }, rig.root);
    const other = { [variable]: join(rig.root, 'o') };
    const start = { env: { DEVCTL_MODE: 'tmux', ...(variable === 'TMPDIR' ? { XDG_RUNTIME_DIR: undefined } : {}) } };
    const elsewhere = { env: { ...start.env, ...other }, ...BOUND };
    expect((await rig.devctl('start', start)).code).toBe(0);
    const before = pids(rig);

    expect(await rig.json('status', elsewhere)).toMatchObject({ verdict: 'healthy', mode: 'tmux' });
    expect((await rig.devctl('start', elsewhere)).stdout).toContain('already up');
    expect(pids(rig)).toEqual(before);
    expect(await rig.devctl('restart web', elsewhere)).toMatchObject({ code: 0, stderr: '' });
    expect(servers(rig)).toHaveLength(1);
    expect(await rig.devctl('stop', elsewhere)).toMatchObject({ code: 0, stderr: '' });
    expect(rig.leftovers()).toEqual([]);
    expect(sockets(rig.root)).toEqual([]);
  });
});

const servers = (rig: Rig) =>
  pids(rig).filter((pid) => readFileSync(`/proc/${String(pid)}/comm`, 'utf8').startsWith('tmux: server'));

function sockets(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isSocket())
    .map((entry) => entry.name);
}
