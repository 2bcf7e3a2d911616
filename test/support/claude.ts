import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './leftovers.ts';
import type { MockMessages } from './mock-messages.ts';
import { DEVCTL, type Rig } from './rig.ts';
import { waitFor } from './wait-for.ts';

export interface ClaudeRequest {
  /** Of claudeBinary(). */
  path: string;
  prompt?: string;
  args?: string[];
  env?: Record<string, string>;
  /** Through `devctl claude` with these options of devctl's own. */
  through?: string[];
}

/** A line of `--output-format stream-json`. */
export interface StreamLine {
  type: string;
  subtype?: string;
  session_id?: string;
  result?: string;
  [key: string]: unknown;
}

/** The real Claude Code at work in a rig's project. At the end of the test it is killed, if it still runs. */
export class ClaudeRun implements AsyncDisposable {
  readonly pid: number;
  stderr = '';
  #stdout = '';
  #code: number | undefined;
  #isOver = false;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    if (child.pid === undefined) throw new Error('Claude Code could not be started');
    this.#child = child;
    this.pid = child.pid;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    child.on('exit', (code, signal) => (this.#code = code ?? (signal === 'SIGKILL' ? 137 : 143)));
    child.on('close', () => (this.#isOver = true));
  }

  /** What it has printed so far; a line that is not finished yet is not among them. */
  get lines(): StreamLine[] {
    const whole = this.#stdout.slice(0, this.#stdout.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as StreamLine);
  }

  get sessionId(): string | undefined {
    return this.lines.find(({ session_id }) => session_id !== undefined)?.session_id;
  }

  /** Its exit and the end of its output; throws, and kills it, if that does not come. */
  async end(deadlineMs = 40_000): Promise<{ code: number; lines: StreamLine[]; result: string | undefined }> {
    try {
      await waitFor('the end of Claude Code', () => this.#isOver, deadlineMs);
    } catch (error) {
      this.#child.kill('SIGKILL');
      throw new Error(`Claude Code did not end\n${this.#stdout}\n${this.stderr}`, { cause: error });
    }
    const { lines } = this;
    return { code: this.#code ?? -1, lines, result: lines.find(({ type }) => type === 'result')?.result };
  }

  /** SIGKILL, to it alone: what it has started lives on. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await waitFor('the end of the killed Claude Code', () => this.#code !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#code === undefined) await this.kill();
  }
}

/**
 * Runs `claude -p` in the rig's project, with the mock for a model. Nothing of the tester's environment reaches it, and all
 * that it starts carries the rig's variable.
 */
export function claude(
  rig: Rig,
  mock: MockMessages,
  { path, prompt = 'go', args = [], env = {}, through }: ClaudeRequest,
): ClaudeRun {
  // Else the permissions of its .claude/settings.json do not count.
  const projects = { [rig.project]: { hasTrustDialogAccepted: true } };
  const home = rig.env['HOME'] ?? '';
  rig.write({ '.claude.json': JSON.stringify({ hasCompletedOnboarding: true, projects }) }, home);
  const [file, ...words] = through === undefined ? [path] : [process.execPath, DEVCTL, 'claude', ...through];
  const child = spawn(file, [...words, '-p', prompt, '--output-format', 'stream-json', '--verbose', ...args], {
    cwd: rig.project,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...claudeEnvironment(rig, mock, path), ...env },
  });
  return new ClaudeRun(child);
}

/** What Claude Code needs to work in a rig, with itself and devctl on the PATH. */
export function claudeEnvironment(rig: Rig, mock: Pick<MockMessages, 'url'>, path: string): Record<string, string> {
  const bin = join(rig.root, 'b');
  rig.write({ devctl: `#!/bin/sh\nexec node '${DEVCTL}' "$@"\n` }, bin);
  const link = join(bin, 'claude');
  rmSync(link, { force: true });
  symlinkSync(path, link);
  return {
    ...rig.env,
    PATH: `${bin}:${rig.env['PATH'] ?? ''}`,
    SHELL: '/bin/bash',
    USER: userName(),
    ANTHROPIC_BASE_URL: mock.url,
    ANTHROPIC_API_KEY: 'dummy-not-a-key',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_MAX_RETRIES: '0',
  };
}

/** A user without a name has none here either. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}

/**
 * Processes of agents' sessions that are over, and that no test of this rig has left. A sweep looks at the whole machine:
 * where there are such, a test would end them.
 */
export function strangersStrays(tag: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const variables = environmentOf(name);
      const agent = variables.find((variable) => variable.startsWith('CLAUDE_PID='))?.slice('CLAUDE_PID='.length);
      return agent !== undefined && !isAlive(Number(agent)) && !variables.includes(`DVTEST_ID=${tag}`);
    })
    .map(Number);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
