import { spawnSync } from 'node:child_process';
import { waitFor } from './wait-for.ts';

type Runner = (
  words: string[],
  options: { cwd: string; env: Record<string, string> },
) => Promise<{ code: number | null | undefined; stderr: string }>;

const runHere: Runner = ([file = '', ...args], options) => {
  const { status, stderr } = spawnSync(file, args, { ...options, encoding: 'utf8' });
  return Promise.resolve({ code: status, stderr });
};

/** A shell in a pane of a private tmux server, which is the terminal of the tests. */
export class Terminal {
  readonly #socket: string;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  /** `run` starts its server: where it runs is where the terminal lives. */
  static async open(socket: string, cwd: string, env: Record<string, string>, run: Runner = runHere): Promise<Terminal> {
    const terminal = new Terminal(socket);
    const size = ['-x', '160', '-y', '50'];
    const words = ['tmux', '-S', socket, '-f', '/dev/null', 'new-session', '-d', ...size, 'bash', '--norc', '--noprofile'];
    const { code, stderr } = await run(words, { cwd, env: { ...env, PS1: '$ ' } });
    if (code !== 0) throw new Error(`no terminal: ${stderr}`);
    await terminal.waitFor(/\$ /);
    return terminal;
  }

  /** Of the terminal itself and of its shell. */
  pids(): number[] {
    return this.#tmux('display-message', '-p', '#{pid} #{pane_pid}').trim().split(' ').map(Number);
  }

  /** Types a line and Enter. */
  type(line: string): void {
    this.#tmux('send-keys', '-l', line);
    this.#tmux('send-keys', 'Enter');
  }

  /** Presses keys by tmux's names: "C-c", "Enter". */
  press(...keys: string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  /** What a person sees now. */
  screen(): string {
    return this.#tmux('capture-pane', '-p', '-J').replace(/\n+$/, '');
  }

  /** With what has scrolled away. */
  scrollback(): string {
    return this.#tmux('capture-pane', '-p', '-J', '-S', '-2000').replace(/\n+$/, '');
  }

  waitFor(pattern: RegExp, deadlineMs = 15_000): Promise<string> {
    return waitFor(
      `the terminal to show ${String(pattern)}`,
      () => (pattern.test(this.screen()) ? this.screen() : undefined),
      deadlineMs,
    ).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : ''}; it shows:\n${this.scrollback()}`);
    });
  }

  close(): void {
    this.#tmux('kill-server');
  }

  #tmux(...args: string[]): string {
    return spawnSync('tmux', ['-S', this.#socket, ...args], { encoding: 'utf8', timeout: 5000 }).stdout;
  }
}
