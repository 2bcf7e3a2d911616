import type { ToolRunner } from '../tool-runner.ts';

/**
 * execaSync: a tmux client hands its stdout to the server, and where the server is stopped that end of the pipe lives on
 * after the client is killed. The synchronous spawn closes its own end at the timeout; the asynchronous one would wait
 * for an end of file that never comes. Source: measured; tmux client.c, MSG_IDENTIFY_STDOUT.
 */
export function execaRunner(): ToolRunner {
  return {
    run: async ({ file, args, timeoutMs, cwd, env }) => {
      const { execaSync } = await import('../../lazy/execa.ts');
      const result = execaSync(file, args, {
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        reject: false,
        stdin: 'ignore',
        maxBuffer: 8 * 1024 * 1024,
        ...(cwd === undefined ? {} : { cwd }),
        ...(env === undefined ? {} : { env, extendEnv: false }),
      });
      const outcome = result.timedOut ? 'timed-out' : result.code === 'ENOENT' ? 'missing' : result.failed ? 'failed' : 'done';
      return { stdout: result.stdout, stderr: result.stderr, outcome, exitCode: result.exitCode ?? 1 };
    },
  };
}
