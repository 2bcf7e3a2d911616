import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../support/leftovers.ts';
import { DEVCTL, MODES, Rig, type TestMode } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** How a person's shell, an agent or a script calls devctl. */
interface Caller {
  name: string;
  /** For bash; `"$@"` is the devctl command. Its exit code is devctl's. */
  line: string;
  /** Its stdin is a pipe that nobody writes to or closes; else /dev/null. */
  hasSilentStdin?: boolean;
  /** Descriptors beside 1 and 2 that are pipes of the caller's, inherited by mistake. */
  leaked?: number[];
  /** The caller sees nothing of stdout. */
  isMute?: boolean;
  /** Its process group gets SIGKILL as soon as the command has ended. */
  dies?: boolean;
}

const CALLERS: Caller[] = [
  { name: 'a plain pipe', line: '"$@"' },
  { name: '| head -1', line: '"$@" | head -1; exit ${PIPESTATUS[0]}' },
  { name: '| cat', line: '"$@" | cat; exit ${PIPESTATUS[0]}' },
  { name: '2>&1 | cat', line: '"$@" 2>&1 | cat; exit ${PIPESTATUS[0]}' },
  { name: 'a command substitution', line: 'x=$("$@"); code=$?; echo "$x"; exit $code' },
  { name: 'TERM unset', line: 'unset TERM; "$@"' },
  { name: 'TERM=dumb', line: 'TERM=dumb "$@"' },
  { name: 'stdin closed', line: '"$@" <&-' },
  { name: 'stdin an open silent pipe', line: '"$@"', hasSilentStdin: true },
  { name: 'stdout closed', line: '"$@" >&-', isMute: true },
  { name: 'stdin, stdout and stderr closed', line: '"$@" <&- >&- 2>&-', isMute: true },
  // 17 besides: from there on libuv no longer marks what it inherits as close-on-exec.
  { name: 'pipes leaked on 9 and 63, stdout on 17', line: '"$@" 17>&1', leaked: [9, 63] },
  { name: 'nohup', line: 'nohup "$@"' },
  { name: 'timeout 60', line: 'timeout 60 "$@"' },
  { name: 'a process group that gets SIGKILL right after', line: '"$@"; echo "code $?"; kill -KILL 0', dies: true },
];

const COMMANDS = ['start', 'status', 'logs', 'restart', 'stop'];

/** A child in the background besides: it holds whatever its service holds. */
const PROCFILE = 'web: echo hello; exec sleep 86411\nworker: sleep 86412 & wait\n';

const EXIT_DEADLINE_MS = 45_000;
const EOF_DEADLINE_MS = 5_000;

describe.each(MODES)('in %s mode every command ends, and so does its output, with', (mode) => {
  test.concurrent.each(CALLERS)('$name', { timeout: 240_000 }, async (caller) => {
    await using rig = Rig.create({ 'Procfile.dev': PROCFILE });
    for (const command of COMMANDS) {
      const { code, stdout } = await call(rig, mode, caller, command);
      expect({ command, code }, stdout).toEqual({ command, code: 0 });
      if (command === 'logs' && caller.isMute !== true) expect(stdout).toContain('hello');
      const sleeping = rig.leftovers().filter((one) => /^sleep 8641[12]$/.test(one.command));
      expect(sleeping.map((one) => one.command).sort()).toEqual(command === 'stop' ? [] : ['sleep 86411', 'sleep 86412']);
      expect(sleeping.every((one) => isAlive(one.pid))).toBe(true);
    }
  });
});

/** Runs one command as the caller does, until its exit and then until the end of every pipe that it was given. */
async function call(rig: Rig, mode: TestMode, caller: Caller, command: string): Promise<{ code: number; stdout: string }> {
  const leaked = caller.leaked ?? [];
  const stdio: ('ignore' | 'pipe')[] = Array<'ignore'>(Math.max(2, ...leaked) + 1).fill('ignore');
  for (const fd of [...(caller.hasSilentStdin === true ? [0] : []), 1, 2, ...leaked]) stdio[fd] = 'pipe';
  const child = spawn('bash', ['-c', caller.line, 'bash', 'node', DEVCTL, command], {
    cwd: rig.project,
    env: { ...rig.env, TERM: 'xterm-256color', DEVCTL_MODE: mode },
    stdio,
    detached: caller.dies === true,
  });
  const texts = new Map<number, string>();
  const open = new Set([1, 2, ...leaked]);
  for (const fd of open) {
    const stream = child.stdio[fd] as Readable;
    stream.setEncoding('utf8').on('data', (text: string) => texts.set(fd, (texts.get(fd) ?? '') + text));
    stream.on('end', () => open.delete(fd));
  }
  let ended: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  child.on('exit', (code, signal) => (ended = { code, signal }));
  const context = () => `devctl ${command}; so far it said:\n${[...texts.values()].join('\n')}`;
  try {
    const { code, signal } = await waitFor(`the exit of ${context()}`, () => ended, EXIT_DEADLINE_MS);
    await waitFor(`the end of each pipe after ${context()}`, () => open.size === 0, EOF_DEADLINE_MS).catch((error: unknown) => {
      throw new Error(`somebody holds descriptor ${[...open].join(', ')}`, { cause: error });
    });
    const stdout = texts.get(1) ?? '';
    if (caller.dies !== true) return { code: code ?? -1, stdout };
    expect(signal).toBe('SIGKILL');
    return { code: Number(/^code (\d+)$/m.exec(stdout)?.[1] ?? -1), stdout };
  } finally {
    child.stdin?.destroy();
    for (const stream of child.stdio) stream?.destroy();
    if (ended === undefined) child.kill('SIGKILL');
  }
}
