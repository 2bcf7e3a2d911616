import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canBind } from '../support/free-ports.ts';
import { Rig, type Ran } from '../support/rig.ts';
import { freeBase, repository, worktree } from './checkouts.ts';

const SERVER = `require('http').createServer((q, s) => s.end(process.cwd())).listen(process.env.PORT, '127.0.0.1')`;
/** Writes what it was given. */
const DUMP = (name: string) => `env | grep -E "^(PORT|[A-Z]+_PORT|[A-Z]+_URL)=" | sort >${name}.env; exec sleep 600`;

interface Row {
  root: string;
  folder: string;
  branch?: string;
  verdict: string;
  ports: number[];
  ageSeconds?: number;
  startedBy?: { kind: string };
}

const output = ({ stdout, stderr }: Ran) => stdout + stderr;
const list = async (rig: Rig, words = 'ls') => (await rig.json<{ projects: Row[] }>(words, { cwd: '/' })).projects;

test('ten worktrees, started at once by ten callers beside the main checkout, have ports of their own', async () => {
  const base = await freeBase(250);
  await using rig = await repository({
    'server.js': SERVER,
    'Procfile.dev': 'web: exec node server.js -p $PORT\n',
    'devctl.yml': `portBase: ${String(base)}\n`,
  });
  const names = Array.from({ length: 10 }, (_, index) => `w${String(index)}`);
  const folders: string[] = [];
  for (const name of names) folders.push(await worktree(rig, name));
  const all = [rig.project, ...folders];
  const started = await Promise.all(all.map((cwd) => rig.devctl('start --timeout 60s', { cwd, timeoutMs: 90_000 })));
  for (const one of started) expect(one.code, output(one)).toBe(0);

  const rows = (await list(rig)).filter(({ root }) => all.includes(root));
  expect(rows.map(({ root }) => root).sort()).toEqual([...all].sort());
  for (const row of rows) {
    expect(row).toMatchObject({ verdict: 'healthy', folder: 'there', startedBy: { kind: 'person' } });
    expect(row.branch).toBe(row.root === rig.project ? 'main' : names[folders.indexOf(row.root)]);
    expect(await (await fetch(`http://127.0.0.1:${String(row.ports[0])}`)).text()).toBe(row.root);
    expect(row.ageSeconds).toBeLessThan(120);
  }
  expect(new Set(rows.flatMap(({ ports }) => ports)).size).toBe(11);
  expect(rows.find(({ root }) => root === rig.project)?.ports).toEqual([base]);

  const text = (await rig.devctl('ls', { cwd: '/' })).stdout;
  for (const row of rows)
    expect(text).toMatch(new RegExp(`${row.root} .*healthy +port ${String(row.ports[0])} +up .*by a person`));

  // Stopped and started in another order, each is where it was.
  const stopped = await Promise.all(all.map((root) => rig.devctl(`stop --root ${root}`, { cwd: '/' })));
  for (const one of stopped) expect(one.code, output(one)).toBe(0);
  const some = folders.slice(5).reverse();
  const again = await Promise.all(some.map((cwd) => rig.devctl('start --timeout 60s', { cwd })));
  for (const one of again) expect(one.code, output(one)).toBe(0);
  const later = await list(rig);
  for (const root of some)
    expect(later.find((row) => row.root === root)?.ports).toEqual(rows.find((row) => row.root === root)?.ports);
  await Promise.all(some.map((cwd) => rig.devctl('stop', { cwd })));
}, 180_000);

describe('what a worktree’s services are given', () => {
  test('PORT, NAME_PORT and NAME_URL of all services moved by the same offset; the main checkout keeps its own', async () => {
    const base = await freeBase(250);
    await using rig = await repository({
      'Procfile.dev': `web: ${DUMP('web')}\napi: ${DUMP('api')}\n`,
      'devctl.yml': `portBase: ${String(base)}\n`,
    });
    const folder = await worktree(rig, 'w');
    for (const cwd of [folder, rig.project]) expect((await rig.devctl('start', { cwd })).code, rig.history).toBe(0);
    const read = (name: string) =>
      Object.fromEntries(
        rig
          .read(name)
          .trim()
          .split('\n')
          .map((line) => line.split('=') as [string, string]),
      );
    const [main, moved] = [read('api.env'), read('../w/api.env')];
    expect(main).toMatchObject({ PORT: String(base + 100), WEB_PORT: String(base), API_PORT: String(base + 100) });
    const offset = Number(moved['PORT']) - (base + 100);
    expect(offset).toBeGreaterThan(0);
    expect(moved).toMatchObject({
      WEB_PORT: String(base + offset),
      API_PORT: String(base + 100 + offset),
      WEB_URL: `http://localhost:${String(base + offset)}`,
      API_URL: `http://localhost:${String(base + 100 + offset)}`,
    });
    expect(read('../w/web.env')).toMatchObject({ PORT: String(base + offset) });
    const run = await rig.sh(`$DEVCTL run -s api -- sh -c 'echo $PORT $WEB_URL'`, { cwd: folder });
    expect(run.stdout.trim(), output(run)).toBe(`${moved['PORT'] ?? ''} ${moved['WEB_URL'] ?? ''}`);
    await rig.devctl('stop', { cwd: folder });
  });

  test('a service with a fixed port in its line is named with the line to write; nobody is in the main checkout', async () => {
    const base = await freeBase(120);
    await using rig = await repository({
      'Procfile.dev': `web: exec sleep 600\napi: exec sleep 600 --port ${String(base + 5)}\n`.replace(
        'sleep 600 --port',
        'perl -e "sleep 600" -- --port',
      ),
      'devctl.yml': `portBase: ${String(base)}\n`,
    });
    const folder = await worktree(rig, 'w');
    expect(output(await rig.devctl('check', { cwd: folder }))).toContain('Procfile.dev:2');
    const here = await rig.devctl('start', { cwd: folder });
    expect(here.code, output(here)).toBe(0);
    expect(output(here)).toContain('Procfile.dev:2');
    expect(output(here)).toContain('api: exec perl -e "sleep 600" -- --port $PORT');
    expect(output(here)).not.toContain('"web" listens');
    const there = await rig.devctl('start');
    expect(output(there)).not.toContain('Procfile.dev:2');
    await rig.devctl('stop', { cwd: folder });
  });

  test('its own ports, also where devctl is called by a service of the main checkout', async () => {
    const base = await freeBase(250);
    await using rig = await repository({ 'Procfile.dev': `web: ${DUMP('web')}\n`, 'devctl.yml': `portBase: ${String(base)}\n` });
    const folder = await worktree(rig, 'w');
    const started = await rig.sh(`$DEVCTL run -s web -- $DEVCTL start --root ${folder}`);
    expect(started.code, output(started)).toBe(0);
    const given = rig.read('../w/web.env');
    await rig.devctl('stop', { cwd: folder });
    expect(given).not.toMatch(new RegExp(`PORT=${String(base)}$`, 'm'));
  });

  test('no word of ports that are moved, where the caller’s PORT is what counts', async () => {
    const base = await freeBase(20);
    await using rig = await repository({ 'Procfile.dev': `web: ${DUMP('web')}\n` });
    const folder = await worktree(rig, 'w');
    const started = await rig.devctl('start', { cwd: folder, env: { PORT: String(base) } });
    expect(started.code, output(started)).toBe(0);
    const given = /^PORT=(\d+)$/m.exec(rig.read('../w/web.env'))?.[1];
    await rig.devctl('stop', { cwd: folder });
    expect(given === String(base) && /ports are moved/.test(output(started)), `PORT=${given ?? ''}: ${output(started)}`).toBe(
      false,
    );
  });

  test('a service that is added later takes no other worktree’s port', async () => {
    const base = await freeBase(100);
    const config = `portBase: ${String(base)}\nportStep: 10\n`;
    await using rig = await repository({ 'Procfile.dev': `web: ${DUMP('web')}\n`, 'devctl.yml': config });
    const one = await worktree(rig, 'one');
    const two = await worktree(rig, 'two');
    for (const cwd of [one, two]) expect((await rig.devctl('start', { cwd })).code).toBe(0);
    await Promise.all([one, two].map((cwd) => rig.devctl('stop', { cwd })));
    const all = [rig.project, one, two];
    for (const folder of all) rig.write({ 'Procfile.dev': `web: ${DUMP('web')}\napi: ${DUMP('api')}\n` }, folder);
    for (const cwd of all) expect((await rig.devctl('start', { cwd })).code).toBe(0);
    const given = ['', '../one/', '../two/'].flatMap((folder) =>
      ['web', 'api'].map((name) => /^PORT=(\d+)/m.exec(rig.read(`${folder}${name}.env`))?.[1]),
    );
    await Promise.all([one, two].map((cwd) => rig.devctl('stop', { cwd })));
    expect(new Set(given).size, given.join(' ')).toBe(6);
  });

  test('worktrees of a bare repository, on no branch and in a folder of a project below, have ports of their own', async () => {
    const base = await freeBase(250);
    await using rig = await repository({
      'app/Procfile.dev': `web: ${DUMP('web')}\n`,
      'app/devctl.yml': `portBase: ${String(base)}\n`,
    });
    expect((await rig.sh('git clone -q --bare . ../bare.git')).code).toBe(0);
    const folders = ['a', 'b'].map((name) => join(rig.addProject(name, {}), 'app'));
    for (const name of ['a', 'b'])
      expect((await rig.sh(`git -C ../bare.git worktree add -q --detach ../${name}`)).code, rig.history).toBe(0);
    for (const cwd of folders) expect((await rig.devctl('start', { cwd })).code, rig.history).toBe(0);
    const given = ['a', 'b'].map((name) => /^PORT=(\d+)/m.exec(rig.read(`../${name}/app/web.env`))?.[1]);
    const rows = await list(rig);
    const commit = (await rig.sh('git rev-parse HEAD')).stdout;
    await Promise.all(folders.map((cwd) => rig.devctl('stop', { cwd })));
    expect(new Set(given).size).toBe(2);
    for (const root of folders) expect(commit).toContain(rows.find((row) => row.root === root)?.branch ?? 'none');
  });
});

describe('every project from anywhere', () => {
  test('--root reaches one on every command, and ls tells who started it', async () => {
    const base = await freeBase(10);
    await using rig = Rig.create({
      'Procfile.dev': 'web: echo hello; exec sleep 600\n',
      'devctl.yml': `portBase: ${String(base)}\n`,
    });
    const agent = { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: 'x' };
    const at = (words: string, env = {}) => rig.devctl(`${words} --root ${rig.project}`, { cwd: '/', env });
    expect((await at('start', agent)).code).toBe(0);
    const row = (await list(rig)).find(({ root }) => root === rig.project);
    expect(row).toMatchObject({ verdict: 'healthy', startedBy: { kind: 'agent', name: 'claude-code' } });
    expect((await rig.devctl('ls', { cwd: '/' })).stdout).toContain('by claude-code');
    for (const words of [
      'status',
      'wait web',
      'wait web --for log:hello',
      'logs web',
      'ps',
      'env web',
      'check',
      'diagnose',
      'start',
      'restart web',
    ]) {
      const ran = await at(words);
      expect(ran.code, `${words}\n${output(ran)}`).toBe(0);
    }
    expect((await rig.devctl(`--root ${rig.project} status`, { cwd: '/' })).code).toBe(0);
    expect((await rig.devctl('status --root p', { cwd: rig.root })).code, 'a relative one').toBe(0);
    const run = await rig.devctl(`run --root ${rig.project} -s web pwd`, { cwd: '/' });
    expect(run.stdout.trim(), output(run)).toBe(rig.project);
    expect((await at('stop')).code).toBe(0);
    expect((await at('status')).code).toBe(3);
    expect((await rig.devctl(`status --root ${rig.root}/none`)).code).toBe(2);
    expect((await list(rig)).map(({ root }) => root)).not.toContain(rig.project);
    expect((await list(rig, 'ls --all')).map(({ root }) => root)).toContain(rig.project);
  });

  test('an environment whose worktree is gone is named and can be ended; its ports are kept until then', async () => {
    const base = await freeBase(250);
    await using rig = await repository({
      'server.js': SERVER,
      'Procfile.dev': 'web: exec node server.js -p $PORT\n',
      'devctl.yml': `portBase: ${String(base)}\n`,
    });
    const gone = await worktree(rig, 'gone');
    expect((await rig.devctl('start', { cwd: gone })).code, rig.history).toBe(0);
    const removed = await rig.sh(`git worktree remove --force ${gone}`);
    if (existsSync(gone)) rmSync(gone, { recursive: true });
    const row = (await list(rig)).find(({ root }) => root === gone);
    expect(row, output(removed)).toMatchObject({ folder: 'gone' });
    const text = (await rig.devctl('ls', { cwd: '/' })).stdout;
    expect(text).toMatch(new RegExp(`${gone}.*gone`));
    expect(text).toContain(`devctl stop --root ${gone}`);

    const next = await worktree(rig, 'next');
    expect((await rig.devctl('start', { cwd: next })).code, rig.history).toBe(0);
    const rows = await list(rig);
    expect(rows.find(({ root }) => root === next)?.ports).not.toEqual(row?.ports);

    expect((await rig.devctl(`status --root ${gone}`, { cwd: '/' })).stdout).toContain('web');
    const stopped = await rig.devctl(`stop --root ${gone}`, { cwd: '/' });
    expect(stopped.code, output(stopped)).toBe(0);
    expect(await canBind(row?.ports[0] ?? 0)).toBe(true);
    expect((await list(rig)).map(({ root }) => root)).not.toContain(gone);
    await rig.devctl('stop', { cwd: next });
  });
});
