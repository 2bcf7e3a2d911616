import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PACKAGE, Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

// /bin/sh is dash on Debian, bash on macOS and Fedora, busybox on Alpine.
const SHELLS = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([name = '']) => spawnSync('which', [name]).status === 0,
);
const RESET = 'env --default-signal=INT,QUIT,TTIN,TTOU';

/** Runs a command under a keeper of this shell, without a terminal; for its exit file, its log and its pid. */
function keep(rig: Rig, shell: string[], command: string, policy = 'never') {
  const folder = join(rig.root, 'k');
  mkdirSync(folder, { recursive: true });
  spawnSync('mkfifo', [join(folder, 'a.stdin')]);
  const quoted = command.replace(/'/g, `'\\''`);
  writeFileSync(
    join(folder, 'a.spec'),
    `k_cmd='${quoted}'\nk_policy=${policy}\nk_run=r\nk_shell=sh\nk_cwd=/\nk_mark=\nk_reset='${RESET}'\n`,
  );
  const [file = '', ...args] = shell;
  const keeper = spawn(file, [...args, join(PACKAGE, 'libexec', 'keeper.sh'), 'a'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: rig.env['PATH'], DEVCTL_RUN_DIR: folder, DVTEST_ID: rig.tag },
  });
  let log = '';
  keeper.stdout.setEncoding('utf8').on('data', (text: string) => (log += text));
  const field = (name: string) => {
    const path = join(folder, 'a.exit');
    return existsSync(path) ? new RegExp(`^${name}=(.*)$`, 'm').exec(readFileSync(path, 'utf8'))?.[1] : undefined;
  };
  return {
    pid: keeper.pid ?? 0,
    log: () => log,
    field,
    ended: () => waitFor('the keeper to record the end', () => field('state') === 'ended'),
  };
}

describe.each(SHELLS)('under %s', (...shell) => {
  test.each([
    ['exit 0', '0'],
    ['exit 7', '7'],
    ['nosuch-command', '127'],
    ['kill -SEGV $$', '139'],
    ['kill -TERM $$', '143'],
    ['trap "exit 3" TERM; kill 0; sleep 1', '3'],
    ['trap "exit 5" TERM; kill -TERM -$$; sleep 1', '5'],
  ])('%s is recorded as %s', async (command, code) => {
    await using rig = Rig.create();
    const keeper = keep(rig, shell, command);
    await keeper.ended();
    expect(keeper.field('code')).toBe(code);
  });

  test('the service has default signals, and a standard input that does not end', async () => {
    await using rig = Rig.create();
    const keeper = keep(rig, shell, 'grep SigIgn /proc/self/status; timeout 0.3 cat; echo cat=$?; exit 4');
    await keeper.ended();
    expect(keeper.log()).toMatch(/^SigIgn:\s+0+$/m);
    // timeout's own code: cat was still reading.
    expect(keeper.log()).toContain('cat=124');
    expect(keeper.field('code')).toBe('4');
  });

  test('a TERM for the keeper alone reaches the service, and its own exit code is recorded', async () => {
    await using rig = Rig.create();
    const keeper = keep(rig, shell, 'trap "echo bye; exit 6" TERM; echo up; while :; do sleep 0.05; done', 'always');
    await waitFor('the service to be up', () => keeper.log().includes('up'));
    process.kill(keeper.pid, 'SIGTERM');
    await keeper.ended();
    expect(keeper.field('code')).toBe('6');
    expect(keeper.log()).toContain('bye');
  });

  test('a service that fails is started again, and said so in its log', async () => {
    await using rig = Rig.create();
    const counter = join(rig.project, 'n');
    const keeper = keep(rig, shell, `echo x >> ${counter}; [ "$(wc -l < ${counter})" -gt 1 ] || exit 3`, 'on-failure');
    await keeper.ended();
    expect(keeper.field('code')).toBe('0');
    expect(keeper.log()).toContain('devctl: a ended with code 3');
  });
});
