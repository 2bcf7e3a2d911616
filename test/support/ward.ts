import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { PACKAGE } from './package-root.ts';
import { descendants, type Seen } from './process-tree.ts';

/** A command below a ward. */
export interface Warded {
  words: string[];
  pid: number;
  /** As a shell says it. */
  code: number | undefined;
  isOutputOver: boolean;
  stdout: string;
  stderr: string;
  beganMs: number;
  /** When it had exited and nobody held its output any more. */
  endedMs: number | undefined;
}

export interface WardOptions {
  cwd: string;
  env: Record<string, string>;
  /** The output goes to /dev/null: for those who stay. */
  isQuiet?: boolean;
}

/**
 * The truth about who lives, without a question to devctl: all commands of a trial run below this process, which is a child
 * subreaper, so all that they ever start are its descendants. At its end it ends them all. Linux, with perl.
 */
export class Ward implements AsyncDisposable {
  readonly pid: number;
  readonly #perl: ChildProcessByStdio<Writable, Readable, null>;
  readonly #commands = new Map<string, Warded>();
  readonly #waiting = new Set<() => void>();
  #number = 0;
  #received = Buffer.alloc(0);
  #hasEnded = false;

  constructor() {
    this.#perl = spawn('perl', [join(PACKAGE, 'test', 'support', 'ward.pl')], {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.pid = this.#perl.pid ?? 0;
    this.#perl.stdin.on('error', () => undefined);
    this.#perl.stdout.on('data', (bytes: Buffer) => {
      this.#receive(bytes);
      for (const check of this.#waiting) check();
    });
    this.#perl.on('exit', () => {
      this.#hasEnded = true;
      for (const check of this.#waiting) check();
    });
  }

  /** Starts a command; its pid is known at return. */
  async start(words: string[], { cwd, env, isQuiet = false }: WardOptions): Promise<Warded> {
    const id = String((this.#number += 1));
    const command: Warded = {
      words,
      pid: 0,
      code: undefined,
      isOutputOver: false,
      stdout: '',
      stderr: '',
      beganMs: Date.now(),
      endedMs: undefined,
    };
    this.#commands.set(id, command);
    const entries = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const request = Buffer.from([id, isQuiet ? 'null' : 'pipe', cwd, ...entries, '', ...words].join('\0'));
    this.#perl.stdin.write(`${String(request.length)}\n`);
    this.#perl.stdin.write(request);
    await this.#until(() => command.pid > 0, 10_000);
    if (command.pid === 0) throw new Error(`the ward did not start ${words.join(' ')}`);
    return command;
  }

  /** Runs a command until its exit and the end of its output, as an agent does. Throws if that does not come. */
  async run(words: string[], options: WardOptions, deadlineMs?: number): Promise<Warded> {
    return this.end(await this.start(words, options), deadlineMs);
  }

  async end(command: Warded, deadlineMs = 40_000): Promise<Warded> {
    await this.#until(() => command.endedMs !== undefined, deadlineMs);
    if (command.endedMs !== undefined) return command;
    const how = command.code === undefined ? 'did not exit' : 'exited, and somebody holds its output';
    throw new Error(`${command.words.join(' ')} ${how} in ${String(deadlineMs)} ms\n${command.stdout}${command.stderr}`);
  }

  /** Every living process below, the oldest first. */
  living(): Seen[] {
    return descendants(this.pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#perl.stdin.end();
    await this.#until(() => this.#hasEnded, 10_000);
  }

  #until(condition: () => boolean, deadlineMs: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const check = () => {
        if (this.#hasEnded || condition()) finish();
      };
      const timer = setTimeout(finish, deadlineMs);
      this.#waiting.add(check);
      check();
    });
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const line = this.#received.indexOf('\n');
      if (line < 0) return;
      const [id = '', kind, size] = this.#received.toString('latin1', 0, line).split(' ');
      const end = line + 1 + Number(size);
      if (this.#received.length < end) return;
      const command = this.#commands.get(id);
      if (command) note(command, kind, this.#received.toString('utf8', line + 1, end));
      if (command?.endedMs !== undefined) this.#commands.delete(id);
      this.#received = this.#received.subarray(end);
    }
  }
}

function note(command: Warded, kind: string | undefined, text: string): void {
  if (kind === 'p') command.pid = Number(text);
  else if (kind === 'o') command.stdout += text;
  else if (kind === 'e') command.stderr += text;
  else if (kind === 'x') command.code = (Number(text) & 127) === 0 ? Number(text) >> 8 : 128 + (Number(text) & 127);
  else command.isOutputOver = true;
  if (command.code !== undefined && command.isOutputOver) command.endedMs = Date.now();
}
