import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';

const SLEEPS = { 'Procfile.dev': 'web: exec sleep 86451\n' };

test('--root means that project, whatever Procfile the caller’s variables name', async () => {
  await using rig = Rig.create(SLEEPS);
  const other = rig.addProject('other', { 'Procfile.dev': 'api: exec sleep 86452\n' });
  const named = join(rig.project, 'Procfile.dev');
  for (const env of [{ PROCFILE: named }, { OVERMIND_PROCFILE: named }]) {
    const plan = await rig.devctl(`start --dry-run --root ${other}`, { env });
    expect(plan.stdout).toContain('api');
    expect(plan.stdout).not.toContain('web');
  }
  expect((await rig.devctl('start')).code).toBe(0);
  expect((await rig.devctl(`stop --root ${other}`, { env: { PROCFILE: named } })).stdout).toContain('Nothing was running');
  expect(await rig.json('status')).toMatchObject({ verdict: 'healthy' });
});

test('before the verb and behind it, also where it is typed in a folder that is gone', async () => {
  await using rig = Rig.create(SLEEPS);
  expect((await rig.devctl('start')).code).toBe(0);
  for (const words of [`--root ${rig.project} status`, `status --root ${rig.project}`])
    expect((await rig.devctl(words, { cwd: rig.root })).code, words).toBe(0);
  const lost = await rig.sh(`mkdir x && cd x && rmdir ../x && $DEVCTL status --root ${rig.project}`);
  expect(lost.code, lost.stderr).toBe(0);
});

test('a folder that is nowhere, or is none, is told', async () => {
  await using rig = Rig.create({ ...SLEEPS, file: '' });
  expect(await rig.devctl('status --root nowhere')).toMatchObject({ code: 2 });
  expect((await rig.devctl('status --root file')).stderr).toContain('is not a folder');
});

test('a project whose folder is gone is listed, and ended by its path, or from a shell that still stands in it', async () => {
  for (const how of ['path', 'shell'] as const) {
    await using rig = Rig.create({});
    const project = rig.addProject('app', SLEEPS);
    expect((await rig.devctl('start', { cwd: project })).code).toBe(0);
    const gone = join(rig.root, 'moved');
    if (how === 'path') {
      renameSync(project, gone);
      expect((await rig.devctl('ls')).stdout).toContain(`the folder ${project} is gone`);
      expect((await rig.devctl(`stop --root ${project}`)).stdout).toContain('Stopped web');
      renameSync(gone, project);
    } else {
      const ran = await rig.sh(`rm -rf ${project} && $DEVCTL stop`, { cwd: project, env: { PWD: project } });
      expect(ran.stdout, ran.stderr).toContain('Stopped web');
    }
    expect(rig.leftovers()).toEqual([]);
  }
});

test('a worktree without a Procfile is not the main checkout that it lies in', async () => {
  await using rig = Rig.create(SLEEPS);
  const git = 'git -c user.email=a@b -c user.name=n';
  const made = await rig.sh(
    `git init -q && touch a && git add a && ${git} commit -qm x && git worktree add -q .claude/worktrees/x`,
  );
  expect(made.code, made.stderr).toBe(0);
  expect((await rig.devctl('start')).code).toBe(0);
  const inside = join(rig.project, '.claude', 'worktrees', 'x');
  expect((await rig.devctl('stop', { cwd: inside })).stdout).toContain('Nothing was running');
  expect(await rig.json('status')).toMatchObject({ verdict: 'healthy' });
});

test('a start that was killed while a service waited for another: a wait for it ends in time', async () => {
  await using rig = Rig.create({
    'Procfile.dev': 'db: exec sleep 86453\nweb: exec sleep 86454\n',
    'devctl.yml': 'services:\n  db: { ready: { log: never } }\n  web: { dependsOn: { db: ready } }\n',
  });
  const start = await rig.sh(
    '$DEVCTL start >/dev/null 2>&1 & until $DEVCTL ps | grep -q 86453; do :; done; kill -9 $!; wait; echo gone',
  );
  expect(start.stdout).toContain('gone');
  for (const words of ['wait web', 'wait', 'wait web --for exit', 'wait web --for log:x']) {
    const waited = await rig.devctl(`${words} --timeout 500ms`);
    expect(waited.code, words).toBe(124);
    expect(waited.ms, words).toBeLessThan(5000);
  }
});
