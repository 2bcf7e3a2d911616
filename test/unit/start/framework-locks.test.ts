import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../src/machine/machine.ts';
import { describeLock, findFrameworkLocks, lockPid } from '../../../src/start/framework-locks.ts';
import { memoryFiles } from '../fakes/memory-files.ts';

/** Alive are 41, a server of next, and 42, a stranger. */
const COMMANDS: Record<number, string[]> = { 41: ['node', 'node_modules/.bin/next', 'dev'], 42: ['sleep', '600'] };
const processes = {
  identify: (pid: number) => (COMMANDS[pid] ? { pid, start: 1 } : undefined),
  isAlive: ({ pid }: { pid: number }) => COMMANDS[pid] !== undefined,
  argv: (pid: number) => COMMANDS[pid] ?? [],
} as unknown as Machine['processes'];

const find = (files: Record<string, string>, ours: number[] = []) =>
  findFrameworkLocks(
    { files: memoryFiles(files), processes },
    [{ cwd: '/app' }, { cwd: '/app/api' }, { cwd: '/app' }],
    new Set(ours),
  );

describe('locks by which a framework refuses a second server', () => {
  test.each([
    ['/app/.next/dev/lock', '{"pid":41,"port":3000,"appUrl":"http://localhost:3000"}', 'next dev', true],
    ['/app/.nuxt/nuxt.lock', '{\n  "pid": 42,\n  "startedAt": 1\n}', 'nuxt', false],
    ['/app/api/.astro/dev.json', '{"pid":42}', 'astro dev', false],
    ['/app/tmp/pids/server.pid', '42\n', 'Rails', false],
  ])('%s', (path, text, framework, isServer) => {
    expect(find({ [path]: text })).toMatchObject([{ path, framework, isServer }]);
  });

  test('of a pid that is gone, of one that is ours, and none at all are no obstacle', () => {
    expect(find({ '/app/tmp/pids/server.pid': '4242' })).toEqual([]);
    expect(find({ '/app/.next/dev/lock': '{"pid":41}' }, [41])).toEqual([]);
    expect(find({})).toEqual([]);
  });

  test('say what to type where only the file is in the way, and never to end a stranger', () => {
    const [lock] = find({ '/app/tmp/pids/server.pid': '42' });
    if (!lock) throw new Error('no lock');
    expect(describeLock(lock)).toBe(
      '/app/tmp/pids/server.pid names pid 42, which is "sleep 600" by now and no server of Rails; it refuses to start until you type: rm /app/tmp/pids/server.pid',
    );
    expect(describeLock({ ...lock, isServer: true })).toContain('runs here already');
  });

  test.each([
    ['41', 41],
    [' 41 \n', 41],
    ['{"pid":41}', 41],
    ['1', undefined],
    ['', undefined],
    ['41 42', undefined],
    ['{"pid":"41"}', undefined],
    [undefined, undefined],
  ])('the pid in %j', (text, pid) => {
    expect(lockPid(text)).toBe(pid);
  });
});
