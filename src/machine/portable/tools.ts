import type { ToolAnswer, ToolRequest } from '../tool-runner.ts';

/** Runs a tool to its end, at once. */
export type RunNow = (request: ToolRequest) => ToolAnswer;

const TIMEOUT_MS = 10_000;
const MAX_TRIES = 5;

/**
 * A terminal sends Ctrl-C and its hang-up to the whole foreground group: a ps that dies of them half way would show an empty
 * machine, on which a stop is soon done. Ignored signals stay so through exec. Source: signal(7), exec(3p).
 */
const DEAF = `trap '' INT QUIT HUP TERM; exec "$@"`;

/** ps and lsof, with an environment of their own: dates in one form, and nothing of ours that would make them look like ours. */
export function portableTools(run: RunNow, path: string): { ps: (args: string[]) => string; lsof: (args: string[]) => string } {
  const call = (file: string, args: string[]): ToolAnswer => {
    const shell = ['-c', DEAF, 'sh', file, ...args];
    const ask = () => run({ file: '/bin/sh', args: shell, timeoutMs: TIMEOUT_MS, env: { PATH: path, LC_ALL: 'C', TZ: 'UTC0' } });
    let answer = ask();
    // The shell can be hit before it has become deaf.
    for (let again = 0; answer.outcome === 'killed' && again < MAX_TRIES; again += 1) answer = ask();
    if (answer.outcome === 'killed') throw toolError(file, 'it was killed');
    // That says the ps of Linux where there is nobody, and also where the hang-up hit it that it was told to ignore.
    const tries = args.includes('-A') ? MAX_TRIES : 1;
    for (let again = 0; file === 'ps' && isNobody(answer) && again < tries; again += 1) answer = ask();
    if (answer.exitCode === 127) throw toolError(file, 'it is not installed');
    if (answer.outcome === 'timed-out') throw toolError(file, 'it did not answer');
    return answer;
  };
  return {
    ps: (args) => {
      const { stdout } = call('ps', args);
      // Of some pids none may be there; of all processes one always is.
      if (args.includes('-A') && stdout.trim() === '') throw toolError('ps', 'it printed nothing');
      return stdout;
    },
    lsof: (args) => {
      // -w: no warnings, so that what is left on standard error is an error; exit code 1 means "none" as well as "bad syntax".
      const answer = call('lsof', ['-nP', '-w', ...args]);
      if (answer.outcome === 'failed' && answer.stdout === '' && isError(answer.stderr))
        throw toolError('lsof', answer.stderr.trim());
      return answer.stdout;
    },
  };
}

/** It catches every signal, ignored or not, and ends with 1 and without a word. Source: procps-ng 4, ps/display.c; measured. */
function isNobody({ outcome, stdout }: ToolAnswer): boolean {
  return process.platform === 'linux' && outcome === 'failed' && stdout.trim() === '';
}

/** A file or a pid that has gone meanwhile is none. */
function isError(stderr: string): boolean {
  return stderr
    .split('\n')
    .some(
      (line) =>
        line.trim() !== '' &&
        !/status error on .*: No such file|no pwd entry|WARNING|Output information may be incomplete/i.test(line),
    );
}

function toolError(tool: string, reason: string): NodeJS.ErrnoException {
  return Object.assign(new Error(reason), { code: 'ETOOL', syscall: tool });
}
