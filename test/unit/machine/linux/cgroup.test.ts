import { describe, expect, test } from 'vitest';
import { groupCores, groupMemoryLimits } from '../../../../src/machine/linux/cgroup-limits.ts';
import { findGroups, groupFolders, parseLimit, parseQuota } from '../../../../src/machine/linux/cgroup-text.ts';

/** Captured: a container under version 1, a systemd desktop, Docker with a namespace of its own, a hybrid. */
const V1 = {
  cgroup: '9:name=systemd:/\n8:pids:/\n4:memory:/process_api/a299\n1:cpu,cpuacct:/\n0::/\n',
  mountinfo: [
    '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct',
    '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
    '38 31 0:35 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
  ].join('\n'),
};
const DESKTOP = {
  cgroup: '0::/user.slice/user-1000.slice/session-2.scope\n',
  mountinfo: '25 22 0:23 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate',
};
const MOVED = {
  cgroup: '0::/docker/4f5e/app\n',
  mountinfo: '600 590 0:28 /docker/4f5e /sys/fs/cgroup\\040two ro - cgroup2 cgroup rw',
};

describe('the groups that we are in', () => {
  test('under version 1, in the hierarchy of the controller', () => {
    const [memory, rest] = findGroups(V1.cgroup, V1.mountinfo, 'memory');
    expect(memory).toEqual({ version: 1, mount: '/sys/fs/cgroup/memory', folder: '/sys/fs/cgroup/memory/process_api/a299' });
    expect(rest).toEqual({ version: 2, mount: '/sys/fs/cgroup/unified', folder: '/sys/fs/cgroup/unified' });
    expect(findGroups(V1.cgroup, V1.mountinfo, 'cpu')).toContainEqual({
      version: 1,
      mount: '/sys/fs/cgroup/cpu,cpuacct',
      folder: '/sys/fs/cgroup/cpu,cpuacct',
    });
  });

  test('under version 2, up to the mount', () => {
    const [place] = findGroups(DESKTOP.cgroup, DESKTOP.mountinfo, 'memory');
    expect(place && groupFolders(place)).toEqual([
      '/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope',
      '/sys/fs/cgroup/user.slice/user-1000.slice',
      '/sys/fs/cgroup/user.slice',
      '/sys/fs/cgroup',
    ]);
  });

  test('where only a part of the hierarchy is mounted, under a name with a blank', () => {
    expect(findGroups(MOVED.cgroup, MOVED.mountinfo, 'memory')).toEqual([
      { version: 2, mount: '/sys/fs/cgroup two', folder: '/sys/fs/cgroup two/app' },
    ]);
  });

  test('and no text at all', () => {
    expect(findGroups('', '', 'memory')).toEqual([]);
  });
});

describe('what they grant', () => {
  const reader = (files: Record<string, string>) => (path: string) => files[path];

  test('every limit of a group and of those above it', () => {
    const read = reader({
      '/proc/self/cgroup': DESKTOP.cgroup,
      '/proc/self/mountinfo': DESKTOP.mountinfo,
      '/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope/memory.max': 'max\n',
      '/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope/memory.high': '1073741824\n',
      '/sys/fs/cgroup/user.slice/memory.max': '4294967296\n',
      '/sys/fs/cgroup/user.slice/cpu.max': '150000 100000\n',
      '/sys/fs/cgroup/user.slice/user-1000.slice/cpu.max': 'max 100000\n',
    });
    expect(groupMemoryLimits(read)).toEqual([
      { bytes: 1_073_741_824, source: '/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope/memory.high' },
      { bytes: 4_294_967_296, source: '/sys/fs/cgroup/user.slice/memory.max' },
    ]);
    expect(groupCores(read)).toBe(2);
  });

  test('under version 1', () => {
    const read = reader({
      '/proc/self/cgroup': V1.cgroup,
      '/proc/self/mountinfo': V1.mountinfo,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/memory/process_api/a299/memory.limit_in_bytes': '536870912\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    });
    expect(groupMemoryLimits(read).map(({ bytes }) => bytes)).toEqual([536_870_912]);
    expect(groupCores(read)).toBeUndefined();
  });

  test.each<[string | undefined, number | undefined]>([
    ['max\n', undefined],
    [undefined, undefined],
    ['9223372036854771712\n', undefined],
    ['0\n', 0],
    ['1024', 1024],
  ])('the limit %j', (text, bytes) => {
    expect(parseLimit(text)).toBe(bytes);
  });

  test.each<[string | undefined, string | undefined, number | undefined]>([
    ['200000', '100000', 2],
    ['10000', '100000', 1],
    ['max', '100000', undefined],
    ['-1', '100000', undefined],
    [undefined, undefined, undefined],
  ])('the quota %j of %j', (quota, period, cores) => {
    expect(parseQuota(quota, period)).toBe(cores);
  });
});
