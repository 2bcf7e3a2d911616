import { sendToOwnGroup } from './send-signal.ts';
import type { ToolAnswer, ToolRequest } from '../tool-runner.ts';

/** After its exit its last words are waited for so long: whoever has inherited its pipes may hold them for days. */
const LAST_WORDS_MS = 200;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * A tool in a process group of its own, while everything else goes on. Not by execa, whose answer waits for the end of the pipes: a server
 * that a hook of git leaves behind would keep it for ever, its timeout notwithstanding. Source: measured, execa 9.
 */
export function runBeside({ file, args, timeoutMs, cwd, env }: ToolRequest): Promise<ToolAnswer> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
    });
    const said = { stdout: [] as Buffer[], stderr: [] as Buffer[], bytes: 0 };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (chunk: Buffer) => {
        said.bytes += chunk.length;
        if (said.bytes <= MAX_OUTPUT_BYTES) said[name].push(chunk);
      });
    const state: { isLate: boolean } = { isLate: false };
    const timer = setTimeout(() => {
      state.isLate = true;
      if (child.pid !== undefined) sendToOwnGroup(child.pid, 'SIGKILL');
    }, timeoutMs);
    const settle = (outcome: ToolAnswer['outcome'], exitCode: number) => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      resolve({ stdout: text(said.stdout), stderr: text(said.stderr), outcome, exitCode });
    };
    child.on('error', () => {
      settle('missing', 127);
    });
    child.on('exit', (code, signal) => {
      const outcome = state.isLate ? 'timed-out' : signal !== null ? 'killed' : code === 0 ? 'done' : 'failed';
      const over = () => {
        settle(outcome, code ?? 1);
      };
      const patience = setTimeout(over, LAST_WORDS_MS);
      child.on('close', () => {
        clearTimeout(patience);
        over();
      });
    });
  });
}
