import { join } from 'node:path';
import { readQuietly } from '../machine/read-quietly.ts';
import type { Machine } from '../machine/machine.ts';
import type { Service } from '../project/service.ts';

/**
 * Files by which a framework refuses a second server in the same folder, for as long as the pid in them lives, whoever has
 * that pid by now. Source: next 16.4 build/lockfile.js, @nuxt/cli 4.0 utils/lockfile, astro 7.3 core/dev/lockfile.js (JSON
 * with `pid`); rack lib/rackup/server.rb (the pid alone).
 */
const LOCKS: readonly { file: string; framework: string; isServer: RegExp }[] = [
  { file: '.next/dev/lock', framework: 'next dev', isServer: /next/ },
  { file: '.nuxt/nuxt.lock', framework: 'nuxt', isServer: /nuxt|nuxi|nitro/ },
  { file: '.astro/dev.json', framework: 'astro dev', isServer: /astro/ },
  { file: 'tmp/pids/server.pid', framework: 'Rails', isServer: /rails|puma|unicorn|thin|rackup|webrick|falcon|ruby/ },
];

/** A lock whose pid lives: the framework would refuse to start. */
export interface FrameworkLock {
  path: string;
  framework: string;
  pid: number;
  command: string;
  /** It is the framework's server; else the pid was used again, and only the file is in the way. */
  isServer: boolean;
}

/** Looks for such locks in the folders of these services; those of processes that are ours are no obstacle. */
export function findFrameworkLocks(
  { files, processes }: Pick<Machine, 'files' | 'processes'>,
  services: Pick<Service, 'cwd'>[],
  ours: ReadonlySet<number>,
): FrameworkLock[] {
  const folders = [...new Set(services.map((service) => service.cwd))];
  return folders.flatMap((folder) =>
    LOCKS.flatMap(({ file, framework, isServer }) => {
      const path = join(folder, file);
      const pid = lockPid(readQuietly(files, path));
      const identity = pid === undefined || ours.has(pid) ? undefined : processes.identify(pid);
      if (!identity || !processes.isAlive(identity)) return [];
      const command = processes.argv(identity.pid).join(' ');
      return [{ path, framework, pid: identity.pid, command, isServer: isServer.test(command) }];
    }),
  );
}

/** The pid in a lock: JSON with `pid`, or a number alone. Pure. */
export function lockPid(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const word = /^\s*(\d{1,10})\s*$/.exec(text)?.[1] ?? /"pid"\s*:\s*(\d{1,10})\b/.exec(text)?.[1];
  return word === undefined || Number(word) <= 1 ? undefined : Number(word);
}

export function describeLock({ path, framework, pid, command, isServer }: FrameworkLock): string {
  return isServer
    ? `${framework} runs here already: ${path} names pid ${String(pid)} (${command}); a second one refuses to start until it has ended`
    : `${path} names pid ${String(pid)}, which is "${command}" by now and no server of ${framework}; it refuses to start until you type: rm ${path}`;
}
