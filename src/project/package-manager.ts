export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

const LOCK_FILES: readonly [string, PackageManager][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** By the lock file that is there; npm where there is none of another. */
export function packageManager(files: { has(name: string): boolean }): PackageManager {
  return LOCK_FILES.find(([name]) => files.has(name))?.[1] ?? 'npm';
}
