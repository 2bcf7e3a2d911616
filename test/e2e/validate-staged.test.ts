import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEVCTL, Rig } from '../support/rig.ts';
import { BAD, commitAll, filesOf, git, GOOD, judge, linesOf } from './validate-projects.ts';

describe('--staged', () => {
  test('judges what is staged, not the file', async () => {
    await using rig = Rig.create({ 'a.ts': GOOD, 'b.ts': GOOD, 'c.ts': BAD });
    await commitAll(rig);
    expect(filesOf(await judge(rig, '--staged')), 'nothing is staged').toEqual([]);
    rig.write({ 'a.ts': GOOD + BAD });
    expect(filesOf(await judge(rig, '--staged')), 'changed, and not staged').toEqual([]);
    await git(rig, 'add a.ts');
    rig.write({ 'a.ts': GOOD, 'b.ts': GOOD + BAD });
    expect(linesOf(await judge(rig, '--staged')), 'staged, and mended since').toEqual(['a.ts:2 no-empty-catch']);
  });

  test('of a file that is staged in part, only that part, with its own lines', async () => {
    const many = '// fine\n'.repeat(20);
    await using rig = Rig.create({ 'a.ts': many });
    await commitAll(rig);
    rig.write({ 'a.ts': many + BAD });
    await git(rig, 'add -A');
    rig.write({ 'a.ts': BAD + GOOD + many + BAD });
    expect(linesOf(await judge(rig, '--staged'))).toEqual(['a.ts:21 no-empty-catch']);
  });

  test('renames, copies, deletions, mode changes, links, submodules', async () => {
    await using rig = Rig.create({ 'a.ts': BAD + '// fine\n'.repeat(9), 'gone.ts': BAD, 'mode.ts': BAD, 'kept.ts': BAD });
    await commitAll(rig);
    await git(rig, 'mv a.ts moved.ts');
    await git(rig, 'rm -q gone.ts');
    await rig.sh('chmod +x mode.ts; ln -s kept.ts link.ts; ln -s nowhere dead.ts');
    await git(rig, 'add -A');
    const files = filesOf(await judge(rig, '--staged'));
    expect(files).toContain('moved.ts');
    expect(files).not.toContain('gone.ts');
    expect(files, 'a link is staged as its target’s name').not.toContain('link.ts');
    await rig.sh('rm moved.ts');
    expect(filesOf(await judge(rig, '--staged')), 'gone from the disk, and still staged').toContain('moved.ts');
    expect(filesOf(await judge(rig, '--staged moved.ts'))).toEqual(['moved.ts']);
  });

  test('a new repository: everything staged is new', async () => {
    await using rig = Rig.create({ 'a.ts': BAD, 'b.ts': BAD });
    await git(rig, 'init -q');
    expect(filesOf(await judge(rig, '--staged'))).toEqual([]);
    await git(rig, 'add a.ts');
    expect(filesOf(await judge(rig, '--staged'))).toEqual(['a.ts']);
  });

  test('with paths, with --files, from a subfolder; what is ignored and was added by force is judged', async () => {
    await using rig = Rig.create({ '.gitignore': 'f.ts\n', 'a.ts': BAD, 'src/b.ts': BAD, 'src/c.tsx': BAD, 'f.ts': BAD });
    await git(rig, 'init -q');
    await git(rig, 'add -A -f');
    const cwd = join(rig.project, 'src');
    expect(filesOf(await judge(rig, '--staged'))).toEqual(['a.ts', 'f.ts', 'src/b.ts', 'src/c.tsx']);
    expect(filesOf(await judge(rig, '--staged src'))).toEqual(['src/b.ts', 'src/c.tsx']);
    expect(filesOf(await judge(rig, '--staged .', { cwd }))).toEqual(['src/b.ts', 'src/c.tsx']);
    expect(filesOf(await judge(rig, ['--staged', '--files', '**/*.tsx']))).toEqual(['src/c.tsx']);
  });

  test('a suppression counts as it is staged', async () => {
    await using rig = Rig.create({ 'a.ts': BAD });
    await git(rig, 'init -q');
    await git(rig, 'add -A');
    rig.write({ 'a.ts': `// devctl-ignore no-empty-catch: it may be gone already\n${BAD}` });
    expect(filesOf(await judge(rig, '--staged'))).toEqual(['a.ts']);
    expect(filesOf(await judge(rig))).toEqual([]);
  });

  test('text of any kind, and git’s filters and settings', async () => {
    await using rig = Rig.create({ '.gitattributes': '*.ts text eol=crlf\n', 'a.ts': GOOD + BAD, 'ä "b".ts': BAD });
    await git(rig, 'init -q');
    await git(rig, 'config diff.noprefix true');
    await git(rig, 'config diff.external false');
    await git(rig, 'config status.relativePaths false');
    await git(rig, 'config core.autocrlf true');
    await git(rig, 'add -A');
    expect(filesOf(await judge(rig, '--staged'))).toEqual(['a.ts', 'ä "b".ts']);
  });
});

describe('as a pre-commit hook', () => {
  const hook = (words = '') => `#!/bin/sh\nexec node ${DEVCTL} validate --staged ${words}\n`;
  const commit = 'git -c user.name=a -c user.email=a@example.com commit -qm x';

  test('it stops a commit, of what is staged, of -a, of a named file, of --amend; -n goes past it', async () => {
    await using rig = Rig.create({ 'a.ts': GOOD, 'b.ts': GOOD });
    await commitAll(rig);
    rig.write({ '.git/hooks/pre-commit': hook() });
    rig.write({ 'a.ts': GOOD + BAD });
    const all = await rig.sh(`${commit} -a`);
    expect(all.code).toBe(1);
    expect(all.stdout + all.stderr).toContain('no-empty-catch');
    expect((await rig.sh(`${commit} a.ts`)).code, 'a named file').toBe(1);
    expect((await rig.sh(`${commit} --amend -a`)).code, '--amend').toBe(1);

    // What is staged is not part of a commit that names another file.
    await git(rig, 'add a.ts');
    rig.write({ 'b.ts': GOOD + GOOD.replace('answer', 'other') });
    const only = await rig.sh(`${commit} b.ts`);
    expect(only.code, only.stdout + only.stderr).toBe(0);
    expect((await rig.sh(commit)).code, 'the staged rest').toBe(1);
    expect((await rig.sh('git diff --cached --name-only')).stdout, 'the index is as it was').toBe('a.ts\n');
    expect((await rig.sh(`${commit} -n`)).code).toBe(0);
  });

  test('in a worktree, and in a project that is a folder of its repository', async () => {
    await using rig = Rig.create({ 'app/Procfile.dev': 'web: true\n', 'app/a.ts': GOOD, 'top.ts': GOOD });
    await commitAll(rig);
    rig.write({ '.git/hooks/pre-commit': `#!/bin/sh\ncd app && exec node ${DEVCTL} validate --staged\n` });
    rig.write({ 'app/a.ts': GOOD + BAD, 'top.ts': GOOD + BAD });
    const ran = await rig.sh(`${commit} -a`);
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).toContain('a.ts');
    expect(ran.stdout + ran.stderr, 'not of this project').not.toContain('top.ts');

    await git(rig, 'checkout -q .');
    const tree = join(rig.root, 'w');
    await git(rig, `worktree add -q ${tree}`);
    rig.write({ 'app/a.ts': GOOD + BAD }, tree);
    const there = await rig.sh(`${commit} -a`, { cwd: tree });
    expect(there.code).toBe(1);
    expect(there.stdout + there.stderr).toContain('a.ts');
    rig.write({ 'app/a.ts': `${GOOD}// fine\n` }, tree);
    const fine = await rig.sh(`${commit} -a`, { cwd: tree });
    expect(fine.code, fine.stdout + fine.stderr).toBe(0);
  });

  test('the first commit of a repository, typed in a subfolder', async () => {
    await using rig = Rig.create({ 'src/a.ts': BAD });
    await git(rig, 'init -q');
    rig.write({ '.git/hooks/pre-commit': hook('--strict') });
    await git(rig, 'add -A');
    expect((await rig.sh(commit, { cwd: join(rig.project, 'src') })).code).toBe(1);
    rig.write({ 'src/a.ts': GOOD });
    await git(rig, 'add -A');
    expect((await rig.sh(commit, { cwd: join(rig.project, 'src') })).code).toBe(0);
  });
});

describe('--since REF', () => {
  test('what was committed, changed and added since the branch left it, and nothing of the other side', async () => {
    await using rig = Rig.create({ 'old.ts': BAD, 'a.ts': GOOD, 'b.ts': GOOD, 'c.ts': GOOD });
    await commitAll(rig);
    await git(rig, 'checkout -q -b work');
    rig.write({ 'a.ts': GOOD + BAD });
    await git(rig, 'commit -qam work');
    await git(rig, 'checkout -q main');
    rig.write({ 'c.ts': GOOD + BAD, 'theirs.ts': BAD });
    await git(rig, 'add -A');
    await git(rig, 'commit -qm theirs');
    await git(rig, 'checkout -q work');
    rig.write({ 'b.ts': GOOD + BAD, 'new.ts': BAD });
    expect(filesOf(await judge(rig, '--since main'))).toEqual(['a.ts', 'b.ts', 'new.ts']);
    await git(rig, 'add b.ts');
    rig.write({ 'b.ts': GOOD });
    expect(filesOf(await judge(rig, '--since main')), 'the file, not what is staged').toEqual(['a.ts', 'new.ts']);
    expect(filesOf(await judge(rig, '--since HEAD'))).toEqual(['new.ts']);
    expect(filesOf(await judge(rig, '--since HEAD~1')), 'a tag, a hash, HEAD~1').toEqual(['a.ts', 'new.ts']);
  });

  test('what was deleted or moved since is no error', async () => {
    await using rig = Rig.create({ 'a.ts': BAD + '// fine\n'.repeat(9), 'b.ts': BAD });
    await commitAll(rig);
    await git(rig, 'mv a.ts moved.ts');
    await rig.sh('rm b.ts');
    expect(filesOf(await judge(rig, '--since main'))).toEqual(['moved.ts']);
  });

  test('from a subfolder, in a worktree', async () => {
    await using rig = Rig.create({ 'src/a.ts': GOOD });
    await commitAll(rig);
    const tree = join(rig.root, 'w');
    await git(rig, `worktree add -q ${tree}`);
    rig.write({ 'src/a.ts': GOOD + BAD, 'top.ts': BAD }, tree);
    expect(filesOf(await judge(rig, '--since main .', { cwd: join(tree, 'src') }))).toEqual(['src/a.ts']);
    expect(filesOf(await judge(rig, '--since main', { cwd: tree }))).toEqual(['src/a.ts', 'top.ts']);
  });

  test('a clone that is too shallow says so', async () => {
    await using rig = Rig.create({ 'a.ts': GOOD });
    await commitAll(rig);
    rig.write({ 'a.ts': GOOD + BAD });
    await git(rig, 'commit -qam second');
    const clone = join(rig.root, 'clone');
    await git(rig, `clone -q --depth 1 file://${rig.project} ${clone}`);
    const ran = await rig.devctl('validate --since HEAD~1', { cwd: clone });
    expect(ran.code).toBe(64);
    expect(ran.stderr).toMatch(/HEAD~1/);
  });
});
