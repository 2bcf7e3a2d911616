import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GroupRequest } from '../../../../src/machine/cgroups.ts';
import { groupsBelow } from '../../../../src/machine/linux/cgroup-folders.ts';

const REQUEST: GroupRequest = { name: 'ours-1', memoryBytes: 1000, toolPids: 800 };
const NOTHING = { join: [], joinTools: [], holdsTools: false };
const isRoot = process.getuid?.() === 0;

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'devctl-groups-'));
});
afterEach(() => {
  rmSync(top, { recursive: true });
});

const at = (path: string) => join(top, 'cgroup', path);
const groups = () => groupsBelow(join(top, 'proc'));
const textOf = (path: string) => readFileSync(at(path), 'utf8');
function write(path: string, text = '') {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** We are in /box of `memory` and in the topmost group of `pids`. */
function version1(writable = ['memory', 'memory/box', 'pids']) {
  write(join(top, 'proc/self/cgroup'), '8:pids:/\n4:memory:/box\n');
  const mount = (controller: string) => `35 31 0:32 / ${at(controller)} rw,relatime - cgroup cgroup rw,${controller}`;
  write(join(top, 'proc/self/mountinfo'), `${mount('pids')}\n${mount('memory')}\n`);
  for (const folder of ['memory/box', 'pids']) mkdirSync(at(folder), { recursive: true });
  for (const folder of writable) write(at(`${folder}/cgroup.procs`));
}

/** We are in /user/app; these groups hand these controllers down. */
function version2(handsDown: Record<string, string>) {
  write(join(top, 'proc/self/cgroup'), '0::/user/app\n');
  write(join(top, 'proc/self/mountinfo'), `25 22 0:23 / ${at('')} rw,nosuid shared:4 - cgroup2 cgroup2 rw\n`);
  for (const folder of ['', 'user', 'user/app']) {
    write(at(`${folder}/cgroup.procs`));
    write(at(`${folder}/cgroup.subtree_control`), `${handsDown[folder] ?? ''}\n`);
  }
}

describe('version 1: a group for each controller, below ours', () => {
  const PLANNED = () => ({
    join: [at('memory/box/ours-1/cgroup.procs')],
    joinTools: [at('memory/box/cgroup.procs'), at('pids/ours-1/cgroup.procs')],
    holdsTools: true,
  });

  test('is planned, and nothing is made', () => {
    version1();
    expect(groups().plan(REQUEST)).toEqual(PLANNED());
    expect(existsSync(at('memory/box/ours-1'))).toBe(false);
    expect(existsSync(at('pids/ours-1'))).toBe(false);
  });

  test('is made, with its limit', () => {
    version1();
    expect(groups().open(REQUEST)).toEqual(PLANNED());
    expect(textOf('memory/box/ours-1/memory.limit_in_bytes')).toBe('1000');
    expect(textOf('pids/ours-1/pids.max')).toBe('800');
  });

  test('only for what was asked', () => {
    version1();
    const [memory, pids] = [
      groups().plan({ ...REQUEST, toolPids: undefined }),
      groups().plan({ ...REQUEST, memoryBytes: undefined }),
    ];
    expect(memory).toEqual({ ...PLANNED(), joinTools: [at('memory/box/cgroup.procs')], holdsTools: false });
    expect(pids).toEqual({ join: [], joinTools: [at('pids/ours-1/cgroup.procs')], holdsTools: true });
    expect(groups().plan({ name: 'ours-1', memoryBytes: undefined, toolPids: undefined })).toEqual(NOTHING);
  });

  test('only where we may', () => {
    version1(['pids']);
    expect(groups().plan(REQUEST)).toEqual({ join: [], joinTools: [at('pids/ours-1/cgroup.procs')], holdsTools: true });
  });

  test('what could not be made is not named', () => {
    version1();
    write(at('pids/ours-1'), 'a file in the way');
    expect(groups().open(REQUEST)).toEqual({ ...PLANNED(), joinTools: [at('memory/box/cgroup.procs')], holdsTools: false });
  });
});

describe('version 2: the program and its tools side by side, beside ours', () => {
  const PLANNED = (parent: string) => ({
    join: [at(`${parent}/ours-1/program/cgroup.procs`)],
    joinTools: [at(`${parent}/ours-1/tools/cgroup.procs`)],
    holdsTools: true,
  });

  test('in the nearest group that hands its controllers down', () => {
    version2({ '': 'cpu memory pids', user: 'memory pids' });
    expect(groups().plan(REQUEST)).toEqual(PLANNED('user'));
    expect(existsSync(at('user/ours-1'))).toBe(false);
  });

  test('as far up as that is', () => {
    version2({ '': 'cpu memory pids', user: 'cpu' });
    expect(groups().plan(REQUEST)).toEqual(PLANNED(''));
  });

  test('is made, with both limits', () => {
    version2({ user: 'memory pids' });
    expect(groups().open(REQUEST)).toEqual(PLANNED('user'));
    expect(textOf('user/ours-1/cgroup.subtree_control')).toBe('+memory +pids');
    expect(textOf('user/ours-1/program/memory.max')).toBe('1000');
    expect(textOf('user/ours-1/tools/pids.max')).toBe('800');
    expect(existsSync(at('user/ours-1/program/pids.max'))).toBe(false);
    expect(existsSync(at('user/ours-1/tools/memory.max'))).toBe(false);
  });

  test('with one limit where one was asked', () => {
    version2({ user: 'memory pids' });
    groups().open({ ...REQUEST, toolPids: undefined });
    expect(textOf('user/ours-1/cgroup.subtree_control')).toBe('+memory');
    expect(existsSync(at('user/ours-1/tools/pids.max'))).toBe(false);
    groups().open({ ...REQUEST, name: 'ours-2', memoryBytes: undefined });
    expect(textOf('user/ours-2/cgroup.subtree_control')).toBe('+pids');
    expect(existsSync(at('user/ours-2/program/memory.max'))).toBe(false);
  });

  test('with the limit that can be handed down, where the other one cannot', () => {
    version2({ user: 'memory' });
    expect(groups().open(REQUEST)).toEqual({ ...PLANNED('user'), holdsTools: false });
    expect(textOf('user/ours-1/cgroup.subtree_control')).toBe('+memory');
    expect(textOf('user/ours-1/program/memory.max')).toBe('1000');
  });

  test('not beside a group with a limit of its own, which all would escape', () => {
    version2({ user: 'memory pids' });
    write(at('user/app/memory.max'), '4294967296\n');
    expect(groups().plan(REQUEST)).toEqual(NOTHING);
    write(at('user/app/memory.max'), 'max\n');
    expect(groups().plan(REQUEST)).toEqual(PLANNED('user'));
  });

  test('not where one hands something else down', () => {
    version2({ '': 'cpu hugetlb', user: 'memory_recursiveprot io', 'user/app': '' });
    expect(groups().plan(REQUEST)).toEqual(NOTHING);
    expect(groups().open(REQUEST)).toEqual(NOTHING);
  });

  test('what could not be made is not named', () => {
    version2({ user: 'memory pids' });
    write(at('user/ours-1'), 'a file in the way');
    expect(groups().open(REQUEST)).toEqual(NOTHING);
  });
});

describe('where nothing may be written there is nothing to plan', () => {
  test('version 1', () => {
    version1([]);
    expect(groups().plan(REQUEST)).toEqual(NOTHING);
    expect(groups().open(REQUEST)).toEqual(NOTHING);
    expect(existsSync(at('pids/ours-1'))).toBe(false);
  });

  test('version 2', () => {
    version2({ '': 'memory pids', user: 'memory pids' });
    for (const folder of ['', 'user']) rmSync(at(`${folder}/cgroup.procs`));
    expect(groups().plan(REQUEST)).toEqual(NOTHING);
  });

  test.skipIf(isRoot)('for want of rights', () => {
    version2({ user: 'memory pids' });
    chmodSync(at('user/cgroup.procs'), 0o444);
    expect(groups().plan(REQUEST)).toEqual(NOTHING);
    chmodSync(at('user/cgroup.procs'), 0o644);
    expect(groups().plan(REQUEST).join).toHaveLength(1);
    chmodSync(at('user'), 0o555);
    expect(groups().plan(REQUEST)).toEqual(NOTHING);
    chmodSync(at('user'), 0o755);
  });

  test('and no /proc at all', () => {
    expect(groups().plan(REQUEST)).toEqual(NOTHING);
    expect(() => {
      groups().close(() => true);
    }).not.toThrow();
  });
});

describe('closing', () => {
  const isOurs = (name: string) => name.startsWith('ours-');
  const make = (...folders: string[]) => {
    for (const folder of folders) mkdirSync(at(folder), { recursive: true });
  };

  test('removes the groups that are over, in every hierarchy, and no others', () => {
    version1();
    make('memory/box/ours-1', 'pids/ours-1', 'pids/ours-2/tools', 'pids/system.slice');
    groups().close((name) => isOurs(name) && name !== 'ours-2');
    expect(existsSync(at('memory/box/ours-1'))).toBe(false);
    expect(existsSync(at('pids/ours-1'))).toBe(false);
    expect(existsSync(at('pids/ours-2/tools'))).toBe(true);
    expect(existsSync(at('pids/system.slice'))).toBe(true);
  });

  test('removes the groups within', () => {
    version2({ user: 'memory pids' });
    make('user/ours-1/program', 'user/ours-1/tools');
    groups().close(isOurs);
    expect(existsSync(at('user/ours-1'))).toBe(false);
    expect(existsSync(at('user/app'))).toBe(true);
  });

  test('leaves one that is not empty, for the next time', () => {
    version2({ user: 'memory pids' });
    make('user/ours-1/program', 'user/ours-2/program');
    write(at('user/ours-1/tools/somebody'));
    groups().close(isOurs);
    expect(existsSync(at('user/ours-1/tools/somebody'))).toBe(true);
    expect(existsSync(at('user/ours-1/program'))).toBe(false);
    expect(existsSync(at('user/ours-2'))).toBe(false);
    rmSync(at('user/ours-1/tools/somebody'));
    groups().close(isOurs);
    expect(existsSync(at('user/ours-1'))).toBe(false);
  });
});
