import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../src/machine/machine.ts';
import { chooseOffset, worktreeShift } from '../../../src/project/worktree-ports.ts';
import { memoryFiles } from '../fakes/memory-files.ts';
import { projectId } from '../../../src/project/identity.ts';
import { projectPaths } from '../../../src/project/paths.ts';
import { valueOf } from '../fakes/expect-ok.ts';

const HOME = { stateHome: '/s', runtimeDir: '/r', home: '/h', tmp: '/t', uid: 1000 };

describe('the choice of an offset', () => {
  test('worktree after worktree: no port twice, none that a browser refuses, the main checkout untouched', () => {
    const ports = fc.uniqueArray(fc.integer({ min: 1024, max: 20_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(ports, fc.integer({ min: 1, max: 25 }), (main, count) => {
        const taken = new Set(main);
        const offsets = new Set<number>();
        for (let n = 0; n < count; n += 1) {
          const offset = chooseOffset(main, { ports: taken, offsets }, 10);
          if (offset === undefined) return;
          const mine = main.map((port) => port + offset);
          expect(mine.some((port) => taken.has(port) || port === 6000 || port === 5000)).toBe(false);
          expect(offsets.has(offset)).toBe(false);
          offsets.add(offset);
          for (const port of mine) taken.add(port);
        }
      }),
    );
  });

  test('below, where nothing is left above the last port', () => {
    expect(chooseOffset([65_530], { ports: new Set([65_530]), offsets: new Set() }, 10)).toBe(-10);
  });
});

describe('a worktree', () => {
  const WORKTREES = {
    '/repo/.git/HEAD': 'ref: refs/heads/main\n',
    '/repo/Procfile.dev': 'web: x',
    ...Object.fromEntries(
      ['a', 'b'].flatMap((name) => [
        [`/${name}/.git`, `gitdir: /repo/.git/worktrees/${name}\n`],
        [`/${name}/Procfile.dev`, 'web: x'],
        [`/repo/.git/worktrees/${name}/commondir`, '../..\n'],
        [`/repo/.git/worktrees/${name}/HEAD`, 'ref: refs/heads/x\n'],
      ]),
    ),
  };
  const machineOf = (files: ReturnType<typeof memoryFiles>): Machine =>
    ({
      files,
      home: HOME,
      clock: { now: () => 0, elapsed: () => 0, sleep: () => Promise.resolve(), sleepUnless: () => Promise.resolve() },
      processes: {
        self: () => ({ pid: 1, start: 1 }),
        world: () => ({ bootId: 'b', pidNamespace: 'pid:[1]' }),
        isAlive: () => true,
      },
    }) as unknown as Machine;
  const shift = async (files: ReturnType<typeof memoryFiles>, root: string, ports = [3000, 3100]) => {
    const id = projectId(root);
    return valueOf(await worktreeShift(machineOf(files), { root, id, paths: projectPaths(id, HOME) }, ports));
  };

  test('the main checkout keeps its ports', async () => {
    expect(await shift(memoryFiles(WORKTREES), '/repo')).toBeUndefined();
  });

  test('each has an offset of its own, and keeps it', async () => {
    const files = memoryFiles(WORKTREES);
    expect(await shift(files, '/b')).toEqual({ offset: 10, main: '/repo' });
    expect(await shift(files, '/a')).toEqual({ offset: 20, main: '/repo' });
    expect(await shift(files, '/b')).toEqual({ offset: 10, main: '/repo' });
  });

  test('a service that comes later: the offset stays where its port is free, and moves where it is not', async () => {
    const files = memoryFiles(WORKTREES);
    await shift(files, '/b');
    await shift(files, '/a');
    expect(await shift(files, '/b', [3000, 3100, 3200])).toEqual({ offset: 10, main: '/repo' });
    expect(await shift(files, '/b', [3000, 3010])).toEqual({ offset: 30, main: '/repo' });
  });

  test('one that is gone gives its ports back', async () => {
    const files = memoryFiles(WORKTREES);
    await shift(files, '/b');
    for (const name of ['/b/.git', '/b/Procfile.dev']) files.remove(name);
    expect(await shift(files, '/a')).toEqual({ offset: 10, main: '/repo' });
  });

  test('a submodule is none', async () => {
    const files = memoryFiles({ '/sub/.git': 'gitdir: /repo/.git/modules/sub\n', '/repo/.git/modules/sub/HEAD': 'x' });
    expect(await shift(files, '/sub')).toBeUndefined();
  });
});
