import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { BAD, commitAll, filesOf, git, GOOD, judge } from './validate-projects.ts';

describe('what git ignores is passed over', () => {
  test('by .gitignore, by one in a folder, by .git/info/exclude; what is untracked is judged, what is tracked anyway as well', async () => {
    await using rig = Rig.create({
      '.gitignore': '/ignored.ts\nout/\n*.gen.ts\n!keep.gen.ts\n',
      'ignored.ts': BAD,
      'out/a.ts': BAD,
      'x.gen.ts': BAD,
      'keep.gen.ts': BAD,
      'sub/.gitignore': 'own.ts\n',
      'sub/own.ts': BAD,
      'sub/deep/own.ts': BAD,
      'sub/ignored.ts': BAD,
      'excluded.ts': BAD,
      'untracked.ts': BAD,
    });
    await git(rig, 'init -q');
    writeFileSync(join(rig.project, '.git', 'info', 'exclude'), 'excluded.ts\n');
    expect(filesOf(await judge(rig))).toEqual(['keep.gen.ts', 'sub/ignored.ts', 'untracked.ts']);
    await git(rig, 'add -f out/a.ts');
    expect(filesOf(await judge(rig))).toContain('out/a.ts');
  });

  test('node_modules never, with git and without', async () => {
    await using rig = Rig.create({ 'a.ts': BAD, 'node_modules/x/b.js': BAD, 'pkg/node_modules/y/c.ts': BAD });
    expect(filesOf(await judge(rig))).toEqual(['a.ts']);
    await git(rig, 'init -q');
    expect(filesOf(await judge(rig))).toEqual(['a.ts']);
  });

  test('a path that is ignored is passed over, and it says so', async () => {
    await using rig = Rig.create({ '.gitignore': 'out.ts\n', 'out.ts': BAD, 'a.ts': GOOD });
    await git(rig, 'init -q');
    const ran = await rig.devctl('validate out.ts');
    expect(ran.code, ran.stdout).toBe(0);
    expect(ran.stdout + ran.stderr).toMatch(/ignored.*out\.ts/);
  });

  test('what is passed over is never said to be so when it is not', async () => {
    await using rig = Rig.create({ 'd.ts/a.ts': BAD });
    await git(rig, 'init -q');
    const ran = await rig.devctl('validate d.ts');
    expect(ran.stdout).toContain('no-empty-catch');
    expect(ran.stdout).not.toContain('passed over');
  });

  test('a file that a path names and that is no code is said to be not judged', async () => {
    await using rig = Rig.create({ 'notes.md': BAD });
    const ran = await rig.devctl('validate notes.md');
    expect(ran.stdout + ran.stderr).toContain('notes.md');
  });
});

describe('which files are meant', () => {
  const FILES = { 'src/a.ts': BAD, 'src/b/c.tsx': BAD, 'lib/d.js': BAD, 'lib/e.mjs': BAD, 'f.cts': BAD, 'g.md': BAD };

  test.each([
    ['', ['f.cts', 'lib/d.js', 'lib/e.mjs', 'src/a.ts', 'src/b/c.tsx']],
    ['src', ['src/a.ts', 'src/b/c.tsx']],
    ['src/ lib/d.js', ['lib/d.js', 'src/a.ts', 'src/b/c.tsx']],
    ['./src/../lib', ['lib/d.js', 'lib/e.mjs']],
    ['src src/a.ts', ['src/a.ts', 'src/b/c.tsx']],
    ['--files src/**/*.ts', ['src/a.ts']],
    ['--files **/*.{tsx,mjs}', ['lib/e.mjs', 'src/b/c.tsx']],
    ['--files ./src/*.ts', ['src/a.ts']],
    ['lib --files **/*.js', ['lib/d.js']],
  ])('validate %s', async (words, expected) => {
    await using rig = Rig.create(FILES);
    const judged = await judge(rig, words);
    expect(filesOf(judged)).toEqual(expected);
    expect(judged.errors, 'each once').toBe(expected.length);
  });

  test('a glob that matches nothing is an error, not a clean bill', async () => {
    await using rig = Rig.create(FILES);
    const ran = await rig.devctl('validate --files nothing/**');
    expect(ran.code, ran.stdout).toBe(64);
    expect(ran.stderr).toContain('--files "nothing/**" matches no file');
  });

  test('from a subfolder: paths and globs are from there, and so are the paths in the text', async () => {
    await using rig = Rig.create(FILES);
    await git(rig, 'init -q');
    const cwd = join(rig.project, 'src');
    expect(filesOf(await judge(rig, '.', { cwd }))).toEqual(['src/a.ts', 'src/b/c.tsx']);
    expect(filesOf(await judge(rig, 'a.ts ../lib/d.js', { cwd }))).toEqual(['lib/d.js', 'src/a.ts']);
    expect(filesOf(await judge(rig, ['--files', '*.ts'], { cwd }))).toEqual(['src/a.ts']);
    const { stdout } = await rig.devctl('validate a.ts', { cwd });
    expect(stdout).toMatch(/^a\.ts$/m);
    expect(stdout).not.toContain('..');
  });

  test('with --root as if it were typed there', async () => {
    await using rig = Rig.create(FILES);
    expect(filesOf(await judge(rig, ['--root', join(rig.project, 'src')], { cwd: rig.root }))).toContain('src/a.ts'.slice(4));
  });

  test('an ending in capitals is code as well', async () => {
    await using rig = Rig.create({ 'A.TS': BAD, 'b.JS': BAD });
    expect(filesOf(await judge(rig))).toEqual(['A.TS', 'b.JS']);
  });
});

describe('repositories of all kinds', () => {
  test('without a commit, in a worktree, a bare one beside it', async () => {
    await using rig = Rig.create({ '.gitignore': 'out.ts\n', 'a.ts': BAD, 'out.ts': BAD });
    await git(rig, 'init -q -b main .');
    expect(filesOf(await judge(rig))).toEqual(['a.ts']);
    await commitAll(rig);
    const tree = join(rig.root, 'w');
    await git(rig, `worktree add -q ${tree}`);
    rig.write({ 'out.ts': BAD, 'new.ts': BAD }, tree);
    expect(filesOf(await judge(rig, '', { cwd: tree }))).toEqual(['a.ts', 'new.ts']);
    await git(rig, 'worktree add -q inner -b inner');
    expect(filesOf(await judge(rig)), 'a worktree inside is another project').toEqual(['a.ts']);
  });

  test('a submodule is somebody else’s, and neither it nor a repository inside is a crash', async () => {
    await using rig = Rig.create({ 'a.ts': BAD });
    const other = rig.addProject('other', { 'b.ts': BAD });
    await git(rig, 'init -q . && git add -A && git -c user.name=a -c user.email=a@b commit -qm x', { cwd: other });
    await commitAll(rig);
    await git(rig, `submodule --quiet add ${other} vendored`);
    expect(filesOf(await judge(rig))).toContain('a.ts');
    expect(filesOf(await judge(rig))).not.toContain('vendored');
    expect((await judge(rig, 'vendored/b.ts vendored')).skipped.map(({ why }) => why)).toEqual(['elsewhere', 'elsewhere']);
    rig.write({ 'inner/c.ts': BAD });
    await git(rig, 'init -q inner');
    expect(filesOf(await judge(rig))).toContain('a.ts');
  });

  test('a tracked file that is gone is no error', async () => {
    await using rig = Rig.create({ 'a.ts': BAD, 'b.ts': BAD });
    await commitAll(rig);
    await rig.sh('rm b.ts');
    expect(filesOf(await judge(rig))).toEqual(['a.ts']);
  });

  test('files in a conflict are judged once each', async () => {
    await using rig = Rig.create({ 'a.ts': GOOD });
    await commitAll(rig);
    await git(rig, 'checkout -q -b other');
    rig.write({ 'a.ts': `${BAD}// one\n` });
    await git(rig, 'commit -qam one');
    await git(rig, 'checkout -q main');
    rig.write({ 'a.ts': `${BAD}// two\n` });
    await git(rig, 'commit -qam two');
    await rig.sh('git merge other');
    const judged = await judge(rig);
    expect(judged.files).toBe(1);
    expect(judged.findings.length, 'a conflict is not clean').toBeGreaterThan(0);
  });
});

describe('what is no plain file', () => {
  test('links that loop, lead nowhere or to themselves, and folders that end in .ts', async () => {
    for (const isRepository of [true, false]) {
      await using rig = Rig.create({ 'a.ts': BAD, 'd.ts/inner.ts': BAD, 'links/x.ts': GOOD });
      symlinkSync('.', join(rig.project, 'links', 'loop'));
      symlinkSync('..', join(rig.project, 'links', 'up.ts'));
      symlinkSync('nowhere', join(rig.project, 'dead.ts'));
      symlinkSync('self.ts', join(rig.project, 'self.ts'));
      if (isRepository) await git(rig, 'init -q');
      const ran = await rig.devctl('validate --json', { timeoutMs: 15_000 });
      expect(ran.code, ran.stdout + ran.stderr).toBe(1);
      expect(filesOf(await judge(rig))).toEqual(['a.ts', 'd.ts/inner.ts']);
    }
  });

  test('what cannot be read may hold anything: it is told, and the rest being clean is no success', async () => {
    await using rig = Rig.create({ 'a.ts': GOOD });
    await rig.sh('ln -s self.ts self.ts');
    const ran = await rig.devctl('validate');
    expect(ran.code, ran.stdout).toBe(1);
    expect(ran.stdout).toContain('not judged, for it cannot be read: self.ts');
  });

  test('a link that is named and the file itself are one file, and none of them is said to be passed over', async () => {
    await using rig = Rig.create({ 'a.ts': BAD });
    await git(rig, 'init -q');
    await rig.sh('ln -s a.ts link.ts');
    expect((await judge(rig, 'a.ts link.ts')).skipped).toEqual([]);
  });

  test('a folder with a repository of its own is judged where its root is in none', async () => {
    await using rig = Rig.create({ 'devctl.yml': '', 'sub/a.ts': BAD });
    await git(rig, 'init -q sub');
    const judged = await judge(rig, 'sub/a.ts');
    expect([filesOf(judged), judged.skipped]).toEqual([['sub/a.ts'], []]);
  });

  test('a link inside does not make a file two, and what is found has the file’s own name', async () => {
    await using rig = Rig.create({ 'b.ts': BAD });
    symlinkSync('b.ts', join(rig.project, 'a.ts'));
    const judged = await judge(rig);
    expect(judged.errors).toBe(1);
    expect(filesOf(judged)).toEqual(['b.ts']);
  });

  test('what a link leads to outside is not mended, and the link stays one', async () => {
    await using rig = Rig.create();
    const text = `// devctl-ignore no-any: not needed any more\n${GOOD}`;
    const other = rig.addProject('other', { 'x.ts': text });
    symlinkSync(join(other, 'x.ts'), join(rig.project, 'l.ts'));
    await rig.devctl('validate --fix');
    expect(lstatSync(join(rig.project, 'l.ts')).isSymbolicLink()).toBe(true);
    expect(rig.read('../other/x.ts')).toBe(text);
  });

  test('a FIFO and a socket are never opened', async () => {
    for (const isRepository of [true, false]) {
      await using rig = Rig.create({ 'a.ts': BAD });
      if (isRepository) await git(rig, 'init -q');
      expect(spawnSync('mkfifo', [join(rig.project, 'pipe.ts')]).status).toBe(0);
      for (const words of ['validate', 'validate pipe.ts', 'validate pipe.ts --fix']) {
        const ran = await rig.devctl(words, { timeoutMs: 15_000 });
        expect([0, 1, 64], ran.stderr).toContain(ran.code);
      }
      expect((await rig.devctl('validate pipe.ts')).stdout).not.toContain('it is ignored');
    }
  });

  test('a folder that nobody can look into is told, not passed over in silence', async () => {
    await using rig = Rig.create({ 'a.ts': GOOD });
    mkdirSync(join(rig.project, 'shut'));
    writeFileSync(join(rig.project, 'shut', 'b.ts'), BAD);
    await rig.sh('chmod 000 shut');
    const ran = await rig.devctl('validate');
    // Root sees all the same.
    expect(ran.stdout + ran.stderr).toMatch(/shut/);
  });
});
