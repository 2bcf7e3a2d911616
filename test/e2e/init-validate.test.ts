import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';

/** `devctl init --validate`: a hook of git that really runs, and a workflow. */
const PROJECT = { 'package.json': '{ "name": "shop" }\n', 'Procfile.dev': 'web: node web.js\n', 'yarn.lock': '' };
const commit = 'git add -A && git -c user.name=a -c user.email=a@b.c commit -qm one';

test('a commit with a violation is refused, and one without goes through', async () => {
  await using rig = Rig.create({ ...PROJECT, 'src/pay.ts': 'try {\n  pay();\n} catch {}\n' });
  await rig.sh('git init -q .');
  const made = await rig.devctl('init --validate --yes');
  expect(made.code, made.stderr).toBe(0);
  expect(made.stdout).toContain('git config core.hooksPath .husky');
  expect(statSync(join(rig.project, '.husky/pre-commit')).mode & 0o111).not.toBe(0);
  await rig.sh('git config core.hooksPath .husky');
  // The hook calls devctl by its name.
  rig.write({ 'bin/devctl': `#!/bin/sh\nexec $DEVCTL "$@"\n` }, rig.root);
  const env = { PATH: `${join(rig.root, 'bin')}:${rig.env['PATH'] ?? ''}` };
  const refused = await rig.sh(commit, { env });
  expect(refused.code).not.toBe(0);
  expect(refused.stdout + refused.stderr).toMatch(/src\/pay\.ts[^]*no-empty-catch/);
  rig.write({ 'src/pay.ts': 'pay();\n' });
  expect((await rig.sh(commit, { env })).code).toBe(0);
});

test('a hook of somebody’s own is kept, and --remove takes out what was put in', async () => {
  await using rig = Rig.create({ ...PROJECT, '.husky/pre-commit': 'npm test\n' });
  await rig.sh('git init -q .');
  await rig.devctl('init --validate --yes');
  expect(rig.read('.husky/pre-commit')).toMatch(/^npm test\n[^]*devctl validate --staged/);
  expect(rig.read('.github/workflows/validate.yml')).toContain('yarn install --immutable');
  expect((await rig.devctl('init --validate --yes')).stdout).toContain('there already');
  await rig.devctl('init --validate --remove --yes');
  expect(rig.read('.husky/pre-commit')).toBe('npm test\n');
  expect(rig.has('.github')).toBe(false);
});

test('with --systemd beside it, neither is done', async () => {
  await using rig = Rig.create(PROJECT);
  const ran = await rig.devctl('init --validate --systemd --yes');
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain('--validate and --systemd do not go together');
  expect(rig.has('.husky')).toBe(false);
});
