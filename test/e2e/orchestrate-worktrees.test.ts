import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claudeBinary } from '../support/claude-binary.ts';
import { bash, LONG_COMMAND, LONG_ONCE, MockApi, prompt, type ApiStep } from '../support/mock-api.ts';
import { Orchestra, type TaskWish } from '../support/orchestra.ts';

/** Tasks in git worktrees of their own, with the real Claude Code and the real git. */
const binary = await claudeBinary();
const CLAUDE = binary.kind === 'there' ? binary.path : '';

const git = (orchestra: Orchestra, ...words: string[]) =>
  execFileSync('git', words, { cwd: orchestra.rig.project, env: orchestra.env, encoding: 'utf8' }).trim();

const inWorktree = (id: string, ...steps: ApiStep[]): TaskWish => ({
  id,
  worktree: true,
  prompt: prompt(id, [...steps, { text: `${id} is done` }]),
});

/** A repository with one commit, and a change of the person's own that is in none. */
function repository(api: MockApi, tasks: TaskWish[]): Orchestra {
  const orchestra = Orchestra.create(api, CLAUDE, tasks);
  orchestra.rig.write({ 'file.txt': 'one\ntwo\nthree\n', 'other.txt': 'other\n', '.gitignore': 'tasks.json\n' });
  git(orchestra, 'init', '--quiet', '--initial-branch', 'main');
  git(orchestra, 'add', '.');
  git(orchestra, '-c', 'user.name=Somebody', '-c', 'user.email=somebody@localhost', 'commit', '--quiet', '--message', 'first');
  orchestra.rig.write({ 'other.txt': 'a change of my own\n' });
  return orchestra;
}

/** What a person has before and after. */
const checkout = (orchestra: Orchestra) => ({
  head: git(orchestra, 'rev-parse', '--abbrev-ref', 'HEAD'),
  commit: git(orchestra, 'rev-parse', 'HEAD'),
  status: git(orchestra, 'status', '--porcelain'),
  stash: git(orchestra, 'stash', 'list'),
  files: readdirSync(orchestra.rig.project).filter((name) => name !== '.orchestrator-output'),
});

const worktrees = (orchestra: Orchestra) => {
  const folder = join(orchestra.folder, 'worktrees');
  const runs = existsSync(folder) ? readdirSync(folder) : [];
  return runs.flatMap((run) => [
    ...readdirSync(join(folder, run)),
    ...(readdirSync(join(folder, run)).length === 0 ? ['nothing'] : []),
  ]);
};

describe.skipIf(CLAUDE === '')('a worktree', () => {
  test('is where a task works: its branch has the commit, the folder goes, the checkout is as it was', async () => {
    await using api = await MockApi.start();
    const own = 'git -c user.name=me -c user.email=me@localhost commit --quiet --all --message "of the task itself"';
    await using orchestra = repository(api, [
      inWorktree('one', bash('sed -i s/two/TWO/ file.txt; echo new > new.txt; pwd'), { echo: true }),
      inWorktree('other', bash(`echo 2 > file.txt; ${own}; echo more >> file.txt`)),
      inWorktree('apart', bash('echo apart > apart.txt')),
      inWorktree('idle', bash('cat other.txt'), { echo: true }),
    ]);
    const before = checkout(orchestra);
    const { code, stdout, stderr } = await orchestra.run();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(checkout(orchestra)).toEqual(before);
    expect(orchestra.read('one.txt')).toMatch(/\.orchestrator-output\/worktrees\/[0-9a-f]{8}\/one\n$/);
    // What is committed, and nothing of a person's own.
    expect(orchestra.read('idle.txt')).toBe('other\n');
    expect(worktrees(orchestra)).toEqual([]);
    expect(git(orchestra, 'worktree', 'list').split('\n')).toHaveLength(1);

    const name = (id: string) => `devctl/${orchestra.stats().run.slice(0, 8)}/${id}`;
    const branches = git(orchestra, 'branch', '--list', '--format', '%(refname:short)', 'devctl/*').split('\n');
    expect(branches).toEqual([name('apart'), name('one'), name('other')]);
    expect(git(orchestra, 'show', `${name('one')}:file.txt`)).toBe('one\nTWO\nthree');
    expect(git(orchestra, 'show', `${name('one')}:new.txt`)).toBe('new');
    expect(git(orchestra, 'show', `${name('other')}:file.txt`)).toBe('2\nmore');
    expect(git(orchestra, 'log', '--format=%s', `main..${name('other')}`).split('\n')).toEqual([
      'devctl: task other',
      'of the task itself',
    ]);
    const found = Object.fromEntries(orchestra.stats().branches.map((branch) => [branch.task, branch]));
    expect(found).toEqual({
      one: { task: 'one', branch: name('one'), commits: 1, files: ['file.txt', 'new.txt'], conflictsWith: [name('other')] },
      other: { task: 'other', branch: name('other'), commits: 2, files: ['file.txt'], conflictsWith: [name('one')] },
      apart: { task: 'apart', branch: name('apart'), commits: 1, files: ['apart.txt'], conflictsWith: [] },
    });
    expect(stdout).toContain(`branch ${name('one')}  1 commit of one  conflicts with ${name('other')}`);
  });

  test('of a failed task stays as it is; the next attempt goes on in it', async () => {
    await using api = await MockApi.start();
    await using orchestra = repository(api, [
      inWorktree('a', bash('echo half > half.txt'), { http: 400, times: 6, then: bash('cat half.txt') }, { echo: true }),
    ]);
    const before = checkout(orchestra);
    expect((await orchestra.run()).code).toBe(1);
    expect(worktrees(orchestra)).toEqual(['a']);
    expect(orchestra.read(`worktrees/${orchestra.stats().run.slice(0, 8)}/a/half.txt`)).toBe('half\n');
    expect(orchestra.stats().branches).toMatchObject([{ task: 'a', commits: 0 }]);
    expect(checkout(orchestra)).toEqual(before);
    const { code, stderr } = await orchestra.run('--retry-failed');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(orchestra.read('a.txt')).toBe('half\n');
    expect(worktrees(orchestra)).toEqual([]);
    expect(orchestra.stats().branches).toMatchObject([{ task: 'a', commits: 1, files: ['half.txt'] }]);
    expect(checkout(orchestra)).toEqual(before);
  });

  test('is found again when the hub was killed', async () => {
    await using api = await MockApi.start();
    await using orchestra = repository(api, [inWorktree('a', bash(`echo work > work.txt; ${LONG_ONCE}; rm ran`))]);
    const before = checkout(orchestra);
    const hub = orchestra.begin();
    await orchestra.tool(LONG_COMMAND);
    const { pid } = await orchestra.spoke('a');
    hub.kill();
    await hub.end();
    process.kill(pid, 'SIGKILL');
    const { code, stderr } = await orchestra.run('--resume');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(worktrees(orchestra)).toEqual([]);
    expect(orchestra.stats().branches).toMatchObject([{ task: 'a', commits: 1 }]);
    expect(checkout(orchestra)).toEqual(before);
  });

  test('of a failed task of an earlier run is none of the next run', async () => {
    await using api = await MockApi.start();
    await using orchestra = repository(api, [
      inWorktree('a', bash('echo half > half.txt'), { http: 400, times: 6, then: { text: 'x' } }),
    ]);
    expect((await orchestra.run()).code).toBe(1);
    const { run: earlier } = orchestra.stats();
    orchestra.setTasks([inWorktree('a', bash('echo whole > whole.txt; ls'), { echo: true })]);
    expect((await orchestra.run()).code).toBe(0);
    const { run, branches } = orchestra.stats();
    expect(run).not.toBe(earlier);
    expect(branches).toMatchObject([{ task: 'a', branch: `devctl/${run.slice(0, 8)}/a`, commits: 1, files: ['whole.txt'] }]);
    expect(git(orchestra, 'log', '--format=%s', `main..devctl/${earlier.slice(0, 8)}/a`)).toBe('');
  });

  test('needs a repository', async () => {
    await using api = await MockApi.start();
    await using orchestra = Orchestra.create(api, CLAUDE, [inWorktree('a')]);
    expect((await orchestra.run()).code).toBe(1);
    expect(orchestra.read('a.error.txt')).toMatch(/^a worktree needs a git repository/);
    expect(api.turns).toEqual([]);
  });
});
