import type { ChildProcess } from 'node:child_process';
import { waitFor } from './wait-for.ts';

/** A `devctl orchestrate` under way. */
export class Conductor {
  readonly pid: number;
  stdout = '';
  stderr = '';
  #code: number | undefined;
  #isOver = false;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    if (child.pid === undefined) throw new Error('devctl could not be started');
    this.pid = child.pid;
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    child.on('exit', (code, signal) => (this.#code = code ?? (signal === 'SIGKILL' ? 137 : 143)));
    child.on('close', () => (this.#isOver = true));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Alone: what it has started lives on. */
  kill(): void {
    if (this.#code === undefined) this.#child.kill('SIGKILL');
  }

  async end(timeoutMs = 55_000): Promise<{ code: number; stdout: string; stderr: string }> {
    await waitFor('the end of devctl orchestrate', () => this.#isOver, timeoutMs).catch((error: unknown) => {
      throw new Error(`it did not end\n${this.stdout}\n${this.stderr}`, { cause: error });
    });
    return { code: this.#code ?? -1, stdout: this.stdout, stderr: this.stderr };
  }
}
