import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findLeftovers } from './leftovers.ts';
import { DEVCTL, PACKAGE } from './package-root.ts';
import { Terminal } from './terminal.ts';
import { waitFor } from './wait-for.ts';

export { DEVCTL, PACKAGE };

export type TestMode = 'direct' | 'tmux';
export const MODES: TestMode[] = ['direct', 'tmux'];

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
  /** Until its exit, and then until the end of its output: what an agent waits for. */
  ms: number;
}

export interface RunOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
  timeoutMs?: number;
}

/**
 * A project in a temporary folder with a home of its own. `await using rig = await Rig.create({...})`: at its end it stops
 * the project, and fails if any process, socket or listener of the test is left behind. Everything that it ran is printed then.
 */
export class Rig implements AsyncDisposable {
  readonly root: string;
  readonly project: string;
  readonly tag: string;
  readonly env: Record<string, string>;
  readonly #history: string[] = [];
  readonly #terminals: Terminal[] = [];
  readonly #others: string[] = [];

  private constructor() {
    // A short root: a socket path has 107 bytes.
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'dv')));
    this.project = join(this.root, 'p');
    this.tag = randomBytes(6).toString('hex');
    this.env = {
      PATH: `${join(PACKAGE, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
      HOME: join(this.root, 'h'),
      TMPDIR: join(this.root, 't'),
      XDG_STATE_HOME: join(this.root, 's'),
      XDG_RUNTIME_DIR: join(this.root, 'r'),
      LANG: 'C.UTF-8',
      DVTEST_ID: this.tag,
      ...(process.env['DEVCTL_PROBE'] === undefined ? {} : { DEVCTL_PROBE: process.env['DEVCTL_PROBE'] }),
    };
    for (const name of ['p', 'h', 't', 's', 'r']) mkdirSync(join(this.root, name), { mode: 0o700 });
  }

  /** A project with these files; `Procfile.dev` is one of them as a rule. */
  static create(files: Record<string, string> = {}): Rig {
    const rig = new Rig();
    rig.write(files);
    return rig;
  }

  write(files: Record<string, string>, folder = this.project): void {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      if (text.startsWith('#!')) chmodSync(path, 0o755);
    }
  }

  read(name: string): string {
    return readFileSync(join(this.project, name), 'utf8');
  }

  has(name: string): boolean {
    return existsSync(join(this.project, name));
  }

  /** Another project folder of this rig, whose processes are looked for as well. */
  addProject(name: string, files: Record<string, string>): string {
    const folder = join(this.root, name);
    this.write(files, folder);
    this.#others.push(folder);
    return folder;
  }

  /** Runs devctl with pipes, as an agent does: until its exit and the end of its output. Throws if that does not come. */
  devctl(words: string, options: RunOptions = {}): Promise<Ran> {
    return this.exec('node', [DEVCTL, ...words.split(' ').filter(Boolean)], options);
  }

  /** Runs a shell line with pipes; `$DEVCTL` in it is the bin. */
  sh(line: string, options: RunOptions = {}): Promise<Ran> {
    return this.exec('bash', ['-c', line], { ...options, env: { DEVCTL: `node ${DEVCTL}`, ...options.env } });
  }

  async exec(file: string, args: string[], { env = {}, cwd = this.project, timeoutMs = 40_000 }: RunOptions = {}): Promise<Ran> {
    const begin = Date.now();
    const merged = Object.fromEntries(
      Object.entries({ ...this.env, ...env }).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const child = spawn(file, args, { cwd, env: merged, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let code: number | undefined;
    let isOver = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('exit', (status, signal) => (code = status ?? (signal === 'SIGKILL' ? 137 : 143)));
    child.on('close', () => (isOver = true));
    child.on('error', (error) => {
      stderr += error.message;
      isOver = true;
    });
    try {
      await waitFor('the end of the command and of its output', () => isOver, timeoutMs);
    } catch (error) {
      const where =
        code === undefined
          ? 'it did not exit'
          : `it exited with ${String(code)}, and its output did not end: somebody holds the pipe`;
      child.kill('SIGKILL');
      throw new Error(`${file} ${args.join(' ')}: ${where}\n${stdout}${stderr}`, { cause: error });
    } finally {
      this.#history.push(`$ ${args.join(' ')}\n${stdout}${stderr}-> ${String(code)} after ${String(Date.now() - begin)} ms`);
    }
    return { code: code ?? -1, stdout, stderr, ms: Date.now() - begin };
  }

  /** The data of a command's JSON answer. */
  async json<T = Record<string, unknown>>(words: string, options: RunOptions = {}): Promise<T> {
    const { stdout } = await this.devctl(`${words} --json`, options);
    const document = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { data?: T; failure?: T };
    return (document.data ?? document.failure) as T;
  }

  /** A shell in a pane of a private tmux server: a real terminal. */
  async terminal(): Promise<Terminal> {
    const terminal = await Terminal.open(join(this.root, `x${String(this.#terminals.length)}`), this.project, {
      ...this.env,
      DEVCTL: `node ${DEVCTL}`,
    });
    this.#terminals.push(terminal);
    return terminal;
  }

  /** A free port, as far as one can know. */
  static freePort(): Promise<number> {
    return new Promise((resolve, reject) => {
      const server = createServer();
      server.on('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => {
          if (address === null || typeof address === 'string') reject(new Error('no port'));
          else resolve(address.port);
        });
      });
    });
  }

  leftovers(): ReturnType<typeof findLeftovers> {
    return findLeftovers(this.root, this.tag, [this.project, ...this.#others]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const folder of [this.project, ...this.#others].filter((path) => existsSync(path)))
      await this.devctl('stop', { cwd: folder }).catch(() => {
        // What is left is looked for below.
      });
    for (const terminal of this.#terminals) terminal.close();
    const left = await waitFor('no process of the test to be left', () => this.leftovers().length === 0, 3000).then(
      () => [],
      () => this.leftovers(),
    );
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    spawnSync('chmod', ['-R', 'u+rwX', this.root]);
    rmSync(this.root, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`left behind: ${JSON.stringify(left, undefined, 1)}\n${this.#history.join('\n')}`);
  }

  /** What was run so far, for a failing test. */
  get history(): string {
    return this.#history.join('\n');
  }
}
