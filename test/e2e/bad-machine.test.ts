import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEVCTL, MODES, Rig } from '../support/rig.ts';
import { expectMessage, expectRefusal, runWith, type Refusal, type Run } from './refusal.ts';

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65534;
if (!IS_ROOT) console.warn('not root: the tests with a full disk and with a read-only project are skipped');

const GOOD = 'web: exec sleep 600\nworker: exec sleep 600\n';

/** As somebody who has no rights of his own here: root may read and write everything. */
function runAsNobody(rig: Rig): Run {
  if (!IS_ROOT) return runWith(rig);
  for (const folder of [rig.root, rig.project, ...['h', 't', 's', 'r'].map((name) => join(rig.root, name))])
    chownSync(folder, NOBODY, NOBODY);
  return (words, options) =>
    rig.exec(
      'setpriv',
      ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', process.execPath, DEVCTL, ...words],
      options,
    );
}

describe('somebody without the right to', () => {
  test.each(['Procfile.dev', 'devctl.yml', '.env'])('read %s is refused', async (name) => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD, [name]: name === 'Procfile.dev' ? GOOD : '' });
    const run = runAsNobody(rig);
    chmodSync(join(rig.project, name), IS_ROOT ? 0o600 : 0);
    await expectRefusal(rig, run, ['start'], { exit: 78, code: 'UNREADABLE_FILE', says: [name, 'you may not read it'] });
  });

  test.each(MODES)('write to the log folder is refused in %s mode', async (mode) => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD, 'log/keep': '' });
    const run = runAsNobody(rig);
    chmodSync(join(rig.project, 'log'), 0o555);
    await expectRefusal(
      rig,
      run,
      ['start'],
      { exit: 4, code: 'SYSTEM', says: [join(rig.project, 'log'), 'permission is denied (EACCES)'] },
      { env: { DEVCTL_MODE: mode } },
    );
    expect((await run(['status'])).code).toBe(3);
  });

  test('make the log folder is refused', async () => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD });
    const run = runAsNobody(rig);
    if (IS_ROOT) chownSync(rig.project, 0, 0);
    chmodSync(rig.project, 0o555);
    await expectRefusal(rig, run, ['start'], { exit: 4, code: 'SYSTEM', says: [join(rig.project, 'log'), 'EACCES'] });
  });

  test.each(['start', 'stop', 'restart'])('write to the state folder is refused: %s', async (verb) => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD });
    const run = runAsNobody(rig);
    const state = join(rig.root, 's');
    if (IS_ROOT) chownSync(state, 0, 0);
    chmodSync(state, 0o555);
    await expectRefusal(rig, run, [verb], { exit: 4, code: 'SYSTEM', says: [state, 'EACCES'] });
  });

  test('enter the folder of the Procfile is refused', async () => {
    await using rig = Rig.create({ 'shut/Procfile': GOOD });
    const run = runAsNobody(rig);
    chmodSync(join(rig.project, 'shut'), IS_ROOT ? 0o700 : 0);
    const refusal = { exit: 4, code: 'SYSTEM', says: [join(rig.project, 'shut'), 'permission is denied (EACCES)'] };
    await expectRefusal(rig, run, ['start', '-f', 'shut/Procfile'], refusal);
  });
});

describe('a file in the place of', () => {
  test('the log folder is refused', async () => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD, log: 'a log of somebody\n' });
    await expectRefusal(rig, runWith(rig), ['start'], { exit: 4, code: 'SYSTEM', says: [join(rig.project, 'log')] });
    expect(rig.read('log')).toBe('a log of somebody\n');
  });

  test('the state folder is refused', async () => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD });
    writeFileSync(join(rig.root, 's', 'devctl'), '');
    await expectRefusal(rig, runWith(rig), ['start'], { exit: 4, code: 'SYSTEM', says: [join(rig.root, 's', 'devctl')] });
  });
});

/** A small file system on the folder, until the end of the test. */
function mount(folder: string, ...args: string[]): Disposable {
  const done = spawnSync('mount', [...args, folder], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`cannot mount on ${folder}: ${done.stderr}`);
  return { [Symbol.dispose]: () => spawnSync('umount', ['-l', folder]) };
}

const smallDisk = (folder: string): Disposable => mount(folder, '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs');

/** Leaves this many blocks of 4 kB free. */
function fill(folder: string, blocks = 0): void {
  const free = statfsSync(folder).bavail - blocks;
  writeFileSync(join(folder, 'ballast'), Buffer.alloc(Math.max(0, free) * 4096));
}

describe.skipIf(!IS_ROOT)('a full disk', () => {
  const full = (path: string): Refusal => ({
    exit: 4,
    code: 'SYSTEM',
    says: [path, 'no space is left on the device (ENOSPC)', 'df -h'],
  });

  test.each(MODES)('under the project refuses a start in %s mode', async (mode) => {
    await using rig = Rig.create();
    using disk = smallDisk(rig.project);
    expect(disk).toBeDefined();
    rig.write({ 'Procfile.dev': GOOD });
    fill(rig.project);
    await expectRefusal(rig, runWith(rig), ['start'], full(rig.project), { env: { DEVCTL_MODE: mode } });
    expect((await rig.devctl('status')).code).toBe(3);
  });

  test.each(MODES)('under the state folder refuses a start in %s mode', async (mode) => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD });
    const state = join(rig.root, 's');
    using disk = smallDisk(state);
    expect(disk).toBeDefined();
    fill(state);
    await expectRefusal(rig, runWith(rig), ['start'], full(state), { env: { DEVCTL_MODE: mode } });
    expect((await rig.devctl('status')).code).toBe(3);
  });

  // Each size ends the start at another of its writes: the lock, a log, the record, a spec.
  test.each(MODES.flatMap((mode) => [1, 2, 3, 4, 5, 6, 7, 8].map((blocks) => ({ mode, blocks }))))(
    'with $blocks free blocks under the state folder starts everything or nothing in $mode mode',
    async ({ mode, blocks }) => {
      await using rig = Rig.create({ 'Procfile.dev': GOOD });
      const state = join(rig.root, 's');
      using disk = smallDisk(state);
      expect(disk).toBeDefined();
      fill(state, blocks);
      const started = await rig.devctl('start', { env: { DEVCTL_MODE: mode } });
      if (started.code === 0) {
        expect(await rig.json('status')).toMatchObject({ verdict: 'healthy' });
        expect((await rig.devctl('stop')).code).toBe(0);
      } else {
        expect(started, rig.history).toMatchObject({ code: 4, stdout: '' });
        expectMessage(started.stderr, { exit: 4, code: 'SYSTEM', says: ['(ENOSPC)'] });
      }
      expect(rig.leftovers(), rig.history).toEqual([]);
      expect((await rig.devctl('status')).code).toBe(3);
    },
  );

  test.each(MODES)('that fills up later does not keep a stop from ending everything in %s mode', async (mode) => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD });
    const state = join(rig.root, 's');
    using disk = smallDisk(state);
    expect(disk).toBeDefined();
    expect((await rig.devctl('start', { env: { DEVCTL_MODE: mode } })).code).toBe(0);
    fill(state);
    expect(await rig.json('status')).toMatchObject({ verdict: 'healthy' });
    const stopped = await rig.devctl('stop');
    expect(stopped, rig.history).toMatchObject({ code: 0 });
    expect(rig.leftovers()).toEqual([]);
  });
});

describe.skipIf(!IS_ROOT)('a read-only', () => {
  test.each(MODES)('project folder refuses a start in %s mode', async (mode) => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD });
    using bind = mount(rig.project, '--bind', rig.project);
    using readOnly = mount(rig.project, '-o', 'remount,ro,bind');
    expect([bind, readOnly]).toHaveLength(2);
    const refusal = {
      exit: 4,
      code: 'SYSTEM',
      says: [join(rig.project, 'log'), 'the file system is read-only (EROFS)', 'logs.dir'],
    };
    await expectRefusal(rig, runWith(rig), ['start'], refusal, { env: { DEVCTL_MODE: mode } });
    expect((await rig.devctl('status')).code).toBe(3);
  });

  test('project folder starts with logs.dir elsewhere, as the refusal says', async () => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD });
    rig.write({ 'devctl.yml': `logs: { dir: ${join(rig.root, 'h', 'logs')} }\n` });
    using bind = mount(rig.project, '--bind', rig.project);
    using readOnly = mount(rig.project, '-o', 'remount,ro,bind');
    expect([bind, readOnly]).toHaveLength(2);
    expect(await rig.devctl('start')).toMatchObject({ code: 0 });
    expect((await rig.devctl('stop')).code).toBe(0);
    expect(rig.leftovers()).toEqual([]);
  });

  test('state folder refuses a start', async () => {
    await using rig = Rig.create({ 'Procfile.dev': GOOD });
    const state = join(rig.root, 's');
    using bind = mount(state, '--bind', state);
    using readOnly = mount(state, '-o', 'remount,ro,bind');
    expect([bind, readOnly]).toHaveLength(2);
    await expectRefusal(rig, runWith(rig), ['start'], { exit: 4, code: 'SYSTEM', says: [state, 'EROFS'] });
  });
});
