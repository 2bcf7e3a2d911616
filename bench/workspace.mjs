import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { poll } from './poll.mjs';
import { processesOf } from './processes.mjs';

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * A short temporary folder (a socket path has 107 bytes) that holds everything of this run: devctl as it is now, built
 * there so that no other build changes it half way, its state, and the projects.
 */
export class Workspace {
  constructor() {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'dvb')));
    /** @type {Record<string, string>} */
    this.env = {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: join(this.root, 'h'),
      TMPDIR: join(this.root, 't'),
      XDG_STATE_HOME: join(this.root, 's'),
      XDG_RUNTIME_DIR: join(this.root, 'r'),
      LANG: 'C.UTF-8',
    };
    // It makes every start of node dearer (26 to 54 ms here), also the floor's: measured as this machine's users have it.
    const certificates = process.env['NODE_EXTRA_CA_CERTS'];
    if (certificates !== undefined) this.env['NODE_EXTRA_CA_CERTS'] = certificates;
    for (const name of ['h', 't', 's', 'r']) mkdirSync(join(this.root, name), { mode: 0o700 });
    this.devctl = join(this.root, 'devctl', 'bin', 'devctl.js');
  }

  build() {
    const copy = dirname(dirname(this.devctl));
    for (const name of ['src', 'scripts', 'libexec', 'bin', 'package.json', 'tsconfig.json'])
      cpSync(join(PACKAGE, name), join(copy, name), { recursive: true });
    symlinkSync(join(PACKAGE, 'node_modules'), join(copy, 'node_modules'));
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: copy, stdio: 'inherit' });
  }

  /**
   * @param {string} name
   * @param {Record<string, string>} files
   */
  project(name, files) {
    const folder = join(this.root, name);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    return new Project(this, folder);
  }

  /** What runs of this workspace. */
  processes() {
    return processesOf(this.root);
  }

  /** @param {number} deadlineMs */
  waitUntilEmpty(deadlineMs = 10_000) {
    poll('everything to be gone', () => this.processes().length === 0, deadlineMs, 20);
  }

  /** Ends what runs of this workspace, by pid, and says what it was. */
  endAll() {
    const left = this.processes();
    for (const { pid } of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // gone meanwhile
      }
    }
    if (left.length > 0) this.waitUntilEmpty();
    return left;
  }

  /** Removes everything, and says how many processes had been left behind. */
  dispose() {
    const left = this.endAll();
    for (const { pid, argv } of left) console.error(`left behind, ended now: ${String(pid)} ${argv.join(' ')}`);
    rmSync(this.root, { recursive: true, force: true });
    return left.length;
  }
}

/** A folder with its own command runner. */
export class Project {
  /**
   * @param {Workspace} workspace
   * @param {string} folder
   */
  constructor(workspace, folder) {
    this.workspace = workspace;
    this.folder = folder;
  }

  /** @param {string} name */
  path(name) {
    return join(this.folder, name);
  }

  /**
   * How long a command takes until its exit, in ms.
   * @param {string[]} argv
   * @param {{ codes?: number[], env?: Record<string, string>, input?: string }} [options]
   */
  time([file = '', ...args], { codes = [0], env = {}, input = '' } = {}) {
    const began = performance.now();
    const done = spawnSync(file, args, { cwd: this.folder, env: { ...this.workspace.env, ...env }, encoding: 'utf8', input });
    const ms = performance.now() - began;
    if (done.error) throw done.error;
    if (!codes.includes(done.status ?? -1))
      throw new Error(`${[file, ...args].join(' ')}: ${String(done.status ?? done.signal)}\n${done.stdout}${done.stderr}`);
    return ms;
  }

  /**
   * @param {string} words
   * @param {{ codes?: number[], env?: Record<string, string>, input?: string }} [options]
   */
  devctl(words, options) {
    return this.time([process.execPath, this.workspace.devctl, ...words.split(' ')], options);
  }

  /** The floor: what any program of Node pays. */
  node() {
    return this.time([process.execPath, '-e', '0']);
  }

  /**
   * Begins a command and does not wait for it; its output goes to the file `out`.
   * @param {string[]} argv
   * @param {Record<string, string>} [env]
   */
  begin([file = '', ...args], env = {}) {
    const out = openSync(this.path('out'), 'w');
    const began = performance.now();
    const child = spawn(file, args, {
      cwd: this.folder,
      env: { ...this.workspace.env, ...env },
      stdio: ['ignore', out, out],
      detached: true,
    });
    /** @type {Promise<number>} */
    const over = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => resolve(code ?? -1));
    });
    return { began, pid: child.pid ?? 0, over, output: () => readFileSync(this.path('out'), 'utf8') };
  }
}
