import type { execaSync, Options } from '../../lazy/execa.ts';
import { runBeside } from './beside-runner.ts';
import type { ToolAnswer, ToolRequest, ToolRunner } from '../tool-runner.ts';

export function execaRunner(): ToolRunner {
  return {
    run: async (request) => {
      const { execaSync } = await import('../../lazy/execa.ts');
      return runNow(execaSync, request);
    },
    runBeside,
  };
}

interface Ending {
  timedOut: boolean;
  failed: boolean;
  code?: string | undefined;
  signal?: string | undefined;
}

function outcomeOf({ timedOut, code, signal, failed }: Ending): ToolAnswer['outcome'] {
  if (timedOut) return 'timed-out';
  if (code === 'ENOENT') return 'missing';
  return signal === undefined ? (failed ? 'failed' : 'done') : 'killed';
}

/**
 * execaSync: a tmux client hands its stdout to the server, and where the server is stopped that end of the pipe lives on
 * after the client is killed. The synchronous spawn closes its own end at the timeout; the asynchronous one would wait
 * for an end of file that never comes. Source: measured; tmux client.c, MSG_IDENTIFY_STDOUT.
 */
export function runNow(execute: typeof execaSync, request: ToolRequest): ToolAnswer {
  return answerOf(execute(request.file, request.args, optionsOf(request)));
}

function optionsOf({ timeoutMs, cwd, env }: ToolRequest) {
  return {
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    reject: false,
    stdin: 'ignore',
    maxBuffer: 64 * 1024 * 1024,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env, extendEnv: false }),
  } as const satisfies Options;
}

function answerOf(result: Ending & { stdout: string; stderr: string; exitCode?: number | undefined }): ToolAnswer {
  // Of a program that is not there execa has no output at all, whatever its types say.
  const text = (output: string | undefined) => output ?? '';
  return { stdout: text(result.stdout), stderr: text(result.stderr), outcome: outcomeOf(result), exitCode: result.exitCode ?? 1 };
}
