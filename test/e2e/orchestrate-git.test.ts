import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installFakeClaude } from '../support/fake-claude.ts';
import { Orchestra, type TaskWish } from '../support/orchestra.ts';
import { DEVCTL } from '../support/package-root.ts';

/** What tasks and repositories do in their own ways. Prompts are shell commands here. */
const NOBODY = { url: 'http://127.0.0.1:1' };
const AUTHOR = '-c user.name=me -c user.email=me@localhost';

const git = (orchestra: Orchestra, ...words: string[]) =>
  execFileSync('git', words, { cwd: orchestra.rig.project, env: orchestra.env, encoding: 'utf8' }).trim();

function repository(prompts: Record<string, string>, settings: Record<string, unknown> = {}): Orchestra {
  const tasks: TaskWish[] = Object.entries(prompts).map(([id, prompt]) => ({ id, prompt, worktree: true }));
  const orchestra = Orchestra.create(NOBODY, '/bin/false', tasks, settings);
  installFakeClaude(orchestra.rig);
  orchestra.rig.write({ 'a.txt': 'one\n', '.gitignore': 'tasks.json\n.orchestrator-output\n' });
  git(orchestra, 'init', '--quiet', '--initial-branch', 'main');
  git(orchestra, 'add', '.');
  git(orchestra, ...AUTHOR.split(' '), 'commit', '--quiet', '--message', 'first');
  return orchestra;
}

const branchOf = (orchestra: Orchestra, id: string) => `devctl/${orchestra.stats().run.slice(0, 8)}/${id}`;

describe('a task in a worktree', () => {
  test('may go to a branch of its own, or to none: what it did is on its branch', async () => {
    await using orchestra = repository({
      named: `git checkout -q -b my-feature; echo two >> a.txt; git ${AUTHOR} commit -qam named`,
      detached: `git checkout -q --detach; echo two >> a.txt; git ${AUTHOR} commit -qam detached; echo three >> a.txt`,
    });
    const { code, stderr } = await orchestra.run();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(git(orchestra, 'show', `${branchOf(orchestra, 'named')}:a.txt`)).toBe('one\ntwo');
    expect(git(orchestra, 'show', `${branchOf(orchestra, 'detached')}:a.txt`)).toBe('one\ntwo\nthree');
    expect(orchestra.stats().branches.map(({ task, commits }) => [task, commits])).toEqual([
      ['named', 1],
      ['detached', 2],
    ]);
    expect(git(orchestra, 'worktree', 'list').split('\n')).toHaveLength(1);
  });

  test('works there also when a hook of git has called devctl', async () => {
    await using orchestra = repository({ a: 'echo two >> a.txt; git rev-parse --abbrev-ref HEAD' });
    const { project } = orchestra.rig;
    const before = git(orchestra, 'rev-parse', 'main');
    const place = { GIT_DIR: join(project, '.git'), GIT_INDEX_FILE: join(project, '.git', 'index'), GIT_WORK_TREE: project };
    const { code, stderr } = await orchestra.begin('', place).end();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(git(orchestra, 'rev-parse', 'main')).toBe(before);
    expect(git(orchestra, 'status', '--porcelain')).toBe('');
    expect(orchestra.read('a.txt').trim()).toBe(branchOf(orchestra, 'a'));
    expect(git(orchestra, 'show', `${branchOf(orchestra, 'a')}:a.txt`)).toBe('one\ntwo');
  });

  test('is committed without the hooks of the person', async () => {
    await using orchestra = repository({ a: 'echo two >> a.txt' });
    const hooks = ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit', 'post-checkout'];
    const script = '#!/bin/sh\necho ran >> "$DVTEST_HOOKS"\nexit 1\n';
    orchestra.rig.write(Object.fromEntries(hooks.map((name) => [`.git/hooks/${name}`, script])));
    const ran = join(orchestra.rig.root, 'hooks');
    orchestra.rig.write({ hooks: '' }, orchestra.rig.root);
    const { code, stderr } = await orchestra.begin('', { DVTEST_HOOKS: ran }).end();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(readFileSync(ran, 'utf8')).toBe('');
    expect(orchestra.stats().branches).toMatchObject([{ task: 'a', commits: 1 }]);
  });

  test('a word at the end that leaves a server behind keeps nobody', async () => {
    await using orchestra = repository({ a: 'echo' }, { notify: { command: 'sleep 300 & echo $! > server; echo told > told' } });
    const { code, stderr } = await orchestra.run('', 20_000);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(orchestra.rig.read('told')).toBe('told\n');
    process.kill(Number(orchestra.rig.read('server')), 'SIGKILL');
  });

  test('under nohup a hang-up ends nothing', async () => {
    await using orchestra = repository({ a: 'sleep 2; echo done' });
    const line = `nohup ${DEVCTL} orchestrate tasks.json >out 2>&1 & hub=$!
      until grep -q '"spawned"' .orchestrator-output/.devctl/journal.jsonl 2>/dev/null; do sleep 0.05; done
      kill -HUP $hub; wait $hub; echo "code $?"`;
    const { stdout } = await orchestra.rig.sh(line, { env: orchestra.env });
    expect(stdout).toBe('code 0\n');
    expect(orchestra.read('a.txt')).toBe('done\n');
  });
});
