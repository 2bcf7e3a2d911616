import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installFakeClaude } from '../support/fake-claude.ts';
import { Fleet } from '../support/fleet.ts';
import type { TaskWish } from '../support/orchestra.ts';

/** Tasks of a repository, on a worker that has only its address. Prompts are shell commands here. */
class Remote implements AsyncDisposable {
  readonly fleet: Fleet;
  readonly origin: string;
  /** A person's clone of it. */
  readonly clone: string;

  private constructor(fleet: Fleet) {
    this.fleet = fleet;
    const { root } = fleet.orchestra.rig;
    this.origin = join(root, 'origin.git');
    this.clone = join(root, 'clone');
  }

  /** An origin with two branches and a tag, and nobody's name known to git. */
  static async create(): Promise<Remote> {
    const remote = new Remote(await Fleet.create([{ id: 'later', prompt: 'later' }]));
    const { rig } = remote.fleet.orchestra;
    installFakeClaude(rig);
    mkdirSync(remote.clone);
    await remote.git(`init --quiet --bare --initial-branch=main ${remote.origin}`);
    await remote.git('init --quiet --initial-branch=main');
    await remote.git(`remote add origin ${remote.origin}`);
    rig.write({ 'a.txt': 'one\n', 'sub/b.txt': 'b\n', 'gone.txt': 'to be removed\n' }, remote.clone);
    await remote.commit('first');
    await remote.git('tag v1');
    await remote.git('push --quiet origin main v1');
    await remote.git('checkout --quiet -b other');
    rig.write({ 'a.txt': 'of the other branch\n' }, remote.clone);
    await remote.commit('second');
    await remote.git('push --quiet origin other');
    await remote.git('checkout --quiet main');
    return remote;
  }

  async git(words: string): Promise<string> {
    const { code, stdout, stderr } = await this.fleet.orchestra.rig.sh(`git ${words}`, { cwd: this.clone });
    if (code !== 0) throw new Error(`git ${words}: ${stderr}`);
    return stdout.trim();
  }

  async commit(message: string): Promise<void> {
    await this.git('add --all');
    await this.git(`-c user.name=x -c user.email=x@example.com commit --quiet -m ${message}`);
  }

  /** With the worker and the hub at their work, until the hub's end. */
  async run(
    tasks: TaskWish[],
    settings: Record<string, unknown> = {},
    concurrency = 2,
  ): Promise<{ code: number; stderr: string }> {
    this.fleet.orchestra.setTasks(tasks, settings);
    await this.fleet.worker(`--concurrency ${String(concurrency)}`);
    return this.fleet.hub().end();
  }

  read(id: string): string {
    return this.fleet.orchestra.read(`${id}.txt`).trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fleet[Symbol.asyncDispose]();
  }
}

describe('with a repository and a ref', () => {
  test('a task works in a clone, and its changes come back as a patch for git am', async () => {
    await using remote = await Remote.create();
    const { orchestra } = remote.fleet;
    const change = [
      'pwd',
      'echo two >> a.txt',
      'git rm --quiet gone.txt',
      'head -c 5000 /dev/urandom > binary; cp binary ' + join(orchestra.rig.root, 'binary'),
      'echo "#!/bin/sh" > run.sh; chmod +x run.sh',
      'mkdir "with space"; echo "ünicode" > "with space/ü.txt"',
    ].join('; ');
    const commits =
      'for n in 1 2; do echo $n > n$n; git add .; git -c user.name=t -c user.email=t@e commit -qm "of the task $n"; done';
    const { code, stderr } = await remote.run(
      [
        { id: 'change', prompt: change },
        { id: 'commits', prompt: commits },
        { id: 'nothing', prompt: 'cat a.txt' },
      ],
      { repository: remote.origin, ref: 'main' },
    );
    expect(code, stderr).toBe(0);
    const place = remote.read('change').split('\n')[0] ?? '';
    expect(place.startsWith(orchestra.rig.env['XDG_STATE_HOME'] ?? '?')).toBe(true);
    expect(place.startsWith(orchestra.rig.project)).toBe(false);
    expect(existsSync(place)).toBe(false);
    expect(readdirSync(orchestra.rig.project).sort()).toEqual(['.orchestrator-output', 'tasks.json']);

    const named = '-c user.name=x -c user.email=x@example.com';
    for (const id of ['change', 'commits']) await remote.git(`${named} am --quiet ${join(orchestra.folder, `${id}.patch`)}`);
    const bytes = (name: string) => readFileSync(join(remote.clone, name));
    expect(bytes('a.txt').toString()).toBe('one\ntwo\n');
    expect(bytes('with space/ü.txt').toString()).toBe('ünicode\n');
    expect(bytes('binary').equals(readFileSync(join(orchestra.rig.root, 'binary')))).toBe(true);
    expect(existsSync(join(remote.clone, 'gone.txt'))).toBe(false);
    expect(await remote.git('ls-files --stage run.sh')).toMatch(/^100755 /);
    expect((await remote.git('log --format=%s')).split('\n')).toEqual([
      'of the task 2',
      'of the task 1',
      'devctl: task change',
      'first',
    ]);
    expect(orchestra.has('nothing.patch')).toBe(false);
    expect(orchestra.modeOf('change.patch')).toBe('600');
    // The origin is as it was.
    expect(await remote.git('ls-remote --heads origin')).not.toContain('devctl');
  });

  test('a branch, a tag, a commit, and the repository’s own HEAD; a folder inside', async () => {
    await using remote = await Remote.create();
    const sha = await remote.git('rev-parse other');
    const show = 'cat $(git rev-parse --show-toplevel)/a.txt; basename $PWD';
    const of = (id: string, ref?: string) => ({
      id,
      prompt: show,
      cwd: 'sub',
      repository: remote.origin,
      ...(ref === undefined ? {} : { ref }),
    });
    const { code, stderr } = await remote.run([of('branch', 'other'), of('tag', 'v1'), of('commit', sha), of('head')]);
    expect(code, stderr).toBe(0);
    const other = 'of the other branch\nsub';
    expect(['branch', 'tag', 'commit', 'head'].map((id) => remote.read(id))).toEqual([other, 'one\nsub', other, 'one\nsub']);
  });

  test('one that is not there is said, and its task alone fails', async () => {
    await using remote = await Remote.create();
    const good = { prompt: 'cat a.txt', repository: remote.origin };
    const { code } = await remote.run([
      { ...good, id: 'good' },
      { ...good, id: 'ref', ref: 'nobody-has-it' },
      { ...good, id: 'repository', repository: `${remote.origin}-not` },
      { ...good, id: 'folder', cwd: 'nowhere' },
    ]);
    expect(code).toBe(1);
    const { orchestra } = remote.fleet;
    expect(remote.read('good')).toBe('one');
    expect(orchestra.read('ref.error.txt')).toContain('has no nobody-has-it');
    expect(orchestra.read('repository.error.txt')).toContain('cannot be fetched');
    expect(orchestra.read('folder.error.txt')).toContain('nowhere');
  });

  test.each([{ when: 'at the first use of it' }, { when: 'when it has new commits' }])(
    'eight tasks at once, of two workers, $when: all are done',
    async ({ when }) => {
      await using remote = await Remote.create();
      const { fleet } = remote;
      if (when !== 'at the first use of it') {
        const { code, stderr } = await remote.run([{ id: 'a', prompt: 'true', repository: remote.origin }]);
        expect(code, stderr).toBe(0);
        await remote.git('checkout --quiet other');
        await remote.git('-c user.name=x -c user.email=x@example.com commit --quiet --allow-empty -m more');
        await remote.git('push --quiet origin other');
      }
      const ids = Array.from({ length: 8 }, (_, index) => `t${String(index)}`);
      fleet.orchestra.setTasks(ids.map((id) => ({ id, prompt: `echo ${id} >> a.txt; cat a.txt`, repository: remote.origin })));
      for (let count = 0; count < 2; count += 1) await fleet.worker('--concurrency 4');
      const { code, stderr } = await fleet.hub('--restart').end();
      expect(code, stderr).toBe(0);
      expect(ids.map((id) => remote.read(id))).toEqual(ids.map((id) => `one\n${id}`));
      expect(ids.filter((id) => !fleet.orchestra.has(`${id}.patch`))).toEqual([]);
    },
  );

  test('a patch has the very bytes: Latin-1, and the ends of lines of Windows', async () => {
    await using remote = await Remote.create();
    const { orchestra } = remote.fleet;
    const prompt = String.raw`printf 'caf\351\n' > latin1.txt; printf 'a\r\nb\r\n' > crlf.txt`;
    const { code, stderr } = await remote.run([{ id: 'a', prompt, repository: remote.origin }]);
    expect(code, stderr).toBe(0);
    const patch = join(orchestra.folder, 'a.patch');
    await remote.git(`-c user.name=x -c user.email=x@example.com am --keep-cr --quiet ${patch}`);
    const bytes = ['crlf.txt', 'latin1.txt'].map((name) => readFileSync(join(remote.clone, name), 'latin1'));
    expect(bytes).toEqual(['a\r\nb\r\n', 'caf\xe9\n']);
  });

  test('a task that fails leaves no patch', async () => {
    await using remote = await Remote.create();
    const { code } = await remote.run([{ id: 'a', prompt: 'echo x >> a.txt; exit 1', repository: remote.origin, maxRetries: 0 }]);
    expect(code).toBe(1);
    expect(remote.fleet.orchestra.has('a.patch')).toBe(false);
  });
});

describe('a hub in a checkout', () => {
  test('takes its origin and its HEAD: what is not committed is not seen by tasks', async () => {
    await using remote = await Remote.create();
    const { orchestra } = remote.fleet;
    await remote.git(`clone --quiet ${remote.origin} ${orchestra.rig.project}-2`);
    await remote.git(`-C ${orchestra.rig.project}-2 checkout --quiet other`);
    await orchestra.rig.sh('mv p-2/.git p/ && git -C p checkout --quiet -f && echo dirty > p/a.txt && rm -rf p-2', {
      cwd: orchestra.rig.root,
    });
    const { code, stderr } = await remote.run([{ id: 'a', prompt: 'cat a.txt' }]);
    expect(code, stderr).toBe(0);
    expect(remote.read('a')).toBe('of the other branch');
    expect(orchestra.rig.read('a.txt')).toBe('dirty\n');
  });

  test('that is not pushed is refused, and so is an absolute folder: exit 2', async () => {
    await using remote = await Remote.create();
    const { orchestra, redis } = remote.fleet;
    await remote.git(`clone --quiet ${remote.origin} ${orchestra.rig.project}/c`);
    const checkout = join(orchestra.rig.project, 'c');
    const task = { id: 'a', prompt: 'true' };
    orchestra.rig.write({ 'tasks.json': JSON.stringify({ tasks: [{ ...task, cwd: '/tmp' }] }) }, checkout);
    const orchestrate = () => orchestra.rig.devctl(`orchestrate tasks.json --redis ${redis.url}`, { cwd: checkout });
    const absolute = await orchestrate();
    expect(absolute).toMatchObject({ code: 2, stderr: expect.stringContaining('/tmp') as string });
    orchestra.rig.write({ 'tasks.json': JSON.stringify({ tasks: [task] }) }, checkout);
    await remote.git(`-C ${checkout} -c user.name=x -c user.email=x@e commit --quiet --allow-empty -m unpushed`);
    const unpushed = await orchestrate();
    expect(unpushed).toMatchObject({ code: 2, stderr: expect.stringContaining('is not pushed') as string });
    expect(unpushed.stderr).toContain('git push');
    expect(await redis.jobKeys()).toEqual([]);
  });
});
