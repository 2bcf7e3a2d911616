import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Fleet } from '../support/fleet.ts';

/** Tasks of a repository, for workers that have only its address. */
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fleet[Symbol.asyncDispose]();
  }
}

describe('a hub in a checkout', () => {
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
