// Runs end-to-end tests as a user without rights, where it is root that tests: root may read and signal everything, and
// would not notice what others may not. In a copy of the checkout, so that no file in it changes hands.
// Usage: node scripts/test-as-user.mjs [words for vitest]; without any, those that stand for the rest.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';

const FILES = ['life', 'signals', 'races', 'broken-tools', 'ready', 'end-of-file', 'fault-rights'];
/** Not the long ones, in which rights play no part. */
const NAMES = '^(?!.*(?:at any moment|bounded time|at once|that waits))';
const REPRESENTATIVES = [...FILES.map((name) => `test/e2e/${name}.test.ts`), '-t', NAMES];
/** A user that nobody else is; it has no name, as in many containers. */
const USER = 61_235;
const BECOME = ['--reuid', String(USER), '--regid', String(USER), '--clear-groups', '--no-new-privs'];
const COPIED = ['bin', 'dist', 'libexec', 'scripts', 'src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

/** @param {string[]} words */
const mayRun = (...words) => spawnSync('setpriv', [...BECOME, ...words]).status === 0;

/** @param {string} folder */
function makeCopy(folder) {
  const isOwn = (/** @type {string} */ path) => basename(path) !== 'node_modules';
  for (const name of COPIED) cpSync(name, join(folder, name), { recursive: true, filter: isOwn });
  const modules = join(folder, 'node_modules');
  // A folder of its own for the caches; its entries are links where the user may follow them.
  if (mayRun('test', '-r', realpathSync('node_modules/vitest/package.json'))) {
    mkdirSync(modules);
    for (const name of readdirSync('node_modules').filter((one) => !one.startsWith('.') || one === '.bin'))
      symlinkSync(realpathSync(join('node_modules', name)), join(modules, name));
  } else cpSync('node_modules', modules, { recursive: true, verbatimSymlinks: true });
  for (const name of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
    lchownSync(join(folder, name), USER, USER);
}

/** What is left of the user, which is nobody but these tests. */
function leftProcesses() {
  return readdirSync('/proc').filter((name) => {
    try {
      return (
        /^\d+$/.test(name) &&
        statSync(`/proc/${name}`).uid === USER &&
        !/^State:\s+Z/m.test(readFileSync(`/proc/${name}/status`, 'utf8'))
      );
    } catch {
      return false;
    }
  });
}

function main() {
  const reason =
    process.platform !== 'linux'
      ? 'only Linux has setpriv'
      : process.getuid?.() !== 0
        ? 'this is not root: the end-to-end tests run as a user anyway'
        : !mayRun(process.execPath, '-e', '0')
          ? `no setpriv, or another user may not run ${process.execPath}`
          : undefined;
  if (reason !== undefined) {
    console.log(`not run as another user: ${reason}`);
    return 0;
  }
  // Not below a folder that only root enters.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'dvu'));
  try {
    makeCopy(folder);
    const wanted = process.argv.length > 2 ? process.argv.slice(2) : REPRESENTATIVES;
    console.log(`as user ${String(USER)}, in ${folder}:`);
    const vitest = [process.execPath, join(folder, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', 'e2e', ...wanted];
    // With a folder in it that may not be entered a command that is nowhere is "forbidden" (126), not "not found" (127).
    const PATH = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => mayRun('test', '-x', entry));
    const env = {
      ...process.env,
      PATH: PATH.join(delimiter),
      HOME: folder,
      XDG_CACHE_HOME: join(folder, 'cache'),
      XDG_RUNTIME_DIR: undefined,
    };
    const { status } = spawnSync('setpriv', [...BECOME, ...vitest], { cwd: folder, env, stdio: 'inherit' });
    const left = leftProcesses();
    for (const pid of left) process.kill(Number(pid), 'SIGKILL');
    if (left.length > 0) console.error(`left behind by user ${String(USER)}, ended now: ${left.join(' ')}`);
    return left.length > 0 ? 1 : (status ?? 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = main();
