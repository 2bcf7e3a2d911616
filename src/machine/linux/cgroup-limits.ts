import type { MemoryLimit } from '../hardware.ts';
import { findGroups, groupFolders, parseLimit, parseQuota } from './cgroup-text.ts';

const MEMORY_FILES = { 1: ['memory.limit_in_bytes'], 2: ['memory.max', 'memory.high'] } as const;

/** Every limit on memory that a group of ours, or one above it, has set. */
export function groupMemoryLimits(read: (path: string) => string | undefined): MemoryLimit[] {
  return placesOf(read, 'memory').flatMap(({ version, folders }) =>
    folders.flatMap((folder) =>
      MEMORY_FILES[version].flatMap((name) => {
        const bytes = parseLimit(read(`${folder}/${name}`));
        return bytes === undefined ? [] : [{ bytes, source: `${folder}/${name}` }];
      }),
    ),
  );
}

/** The smallest number of cores that a group of ours, or one above it, grants. */
export function groupCores(read: (path: string) => string | undefined): number | undefined {
  const granted = placesOf(read, 'cpu').flatMap(({ version, folders }) =>
    folders.flatMap((folder) => {
      const [quota, period] =
        version === 2
          ? (read(`${folder}/cpu.max`) ?? '').trim().split(' ')
          : [read(`${folder}/cpu.cfs_quota_us`), read(`${folder}/cpu.cfs_period_us`)];
      return parseQuota(quota, period) ?? [];
    }),
  );
  return granted.length === 0 ? undefined : Math.min(...granted);
}

function placesOf(read: (path: string) => string | undefined, controller: string) {
  const cgroup = read('/proc/self/cgroup') ?? '';
  const mountinfo = read('/proc/self/mountinfo') ?? '';
  return findGroups(cgroup, mountinfo, controller).map((place) => ({ version: place.version, folders: groupFolders(place) }));
}
