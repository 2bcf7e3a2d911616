import { join } from 'node:path';
import { fail, ok, type Result } from '../../result.ts';
import { locate } from '../posix/child-commands.ts';
import type { ProcessIdentity, Processes } from '../processes.ts';
import type { OpenedPanes, OpenRequest, Pane, Tmux } from '../tmux.ts';
import type { ToolAnswer, ToolRunner } from '../tool-runner.ts';
import { isNoServer, LIST_PANES, openingCalls, parsePanes, parseReports } from './command-lines.ts';

const ASK_TIMEOUT_MS = 2000;
const OPEN_TIMEOUT_MS = 10_000;

/** Gives the mark to what it starts, and becomes it. */
const MARKED = 'ulimit -S -w "$0" 2>/dev/null || ulimit -S -x "$0" 2>/dev/null; exec "$@"';

interface TmuxParts {
  runner: ToolRunner;
  processes: Processes;
  /** libexec: keeper.sh and tmux.conf. */
  libexec: string;
  env: Record<string, string | undefined>;
}

/** tmux driven by its command line, always with an absolute `-S`: `-L` depends on the caller's TMUX_TMPDIR. */
export function tmuxCli({ runner, processes, libexec, env }: TmuxParts): Tmux {
  const base = (socket: string) => ['-u', '-S', socket, '-f', join(libexec, 'tmux.conf')];
  /** The server keeps its first client's environment for life: it gets none of the caller's secrets. */
  const plain = {
    PATH: env['PATH'] ?? '/usr/bin:/bin',
    SHELL: '/bin/sh',
    HOME: env['HOME'] ?? '/',
    TERM: env['TERM'] ?? 'dumb',
    ...locale(env),
  };

  const ask = (socket: string, args: string[]) =>
    runner.run({ file: 'tmux', args: [...base(socket), ...args], timeoutMs: ASK_TIMEOUT_MS, env: plain });
  const failed = (action: string, socket: string, answer: ToolAnswer) =>
    fail({
      code: 'TMUX_FAILED',
      action,
      socket,
      reason:
        answer.outcome === 'timed-out' ? 'it did not answer' : answer.stderr.trim() || `exit code ${String(answer.exitCode)}`,
    } as const);

  const isAlive = (pid: number) => {
    const identity = processes.identify(pid);
    return identity !== undefined && processes.isAlive(identity);
  };

  async function open(request: OpenRequest, existing: Pane[]): Promise<Result<OpenedPanes>> {
    const keepers = new Map<string, ProcessIdentity>();
    let server: ProcessIdentity | undefined;
    // Debian's tmux 3.3a loses child exits (11 of 40 trials): whether a pane is dead, the kernel knows.
    const panes = existing.map((pane) => ({ ...pane, isDead: pane.isDead || !isAlive(pane.pid) }));
    for (const call of openingCalls(request, panes, join(libexec, 'keeper.sh'))) {
      const answer = await runner.run({
        file: '/bin/sh',
        args: ['-c', MARKED, request.mark, 'tmux', ...base(request.socket), ...call],
        timeoutMs: OPEN_TIMEOUT_MS,
        cwd: request.cwd,
        env: { ...plain, DEVCTL_RUN_DIR: request.runFolder },
      });
      for (const report of parseReports(answer.stdout)) {
        server ??= processes.identify(report.serverPid);
        const keeper = processes.identify(report.keeperPid);
        if (keeper) keepers.set(report.service, keeper);
      }
      if (answer.outcome !== 'done') return failed('open panes', request.socket, answer);
    }
    return ok({ server, keepers });
  }

  return {
    isInstalled: () => locate('tmux', plain.PATH).length > 0,
    open,
    panes: async (socket) => {
      const answer = await ask(socket, LIST_PANES);
      if (answer.outcome === 'done') return ok(parsePanes(answer.stdout));
      return answer.outcome === 'failed' && isNoServer(answer.stderr) ? ok([]) : failed('list panes', socket, answer);
    },
    killServer: async (socket) => {
      const answer = await ask(socket, ['kill-server']);
      return answer.outcome === 'done' || (answer.outcome === 'failed' && isNoServer(answer.stderr))
        ? ok(undefined)
        : failed('end the server', socket, answer);
    },
    killPane: async (socket, pane) => {
      const answer = await ask(socket, ['kill-pane', '-t', pane]);
      return answer.outcome === 'done' ? ok(undefined) : failed('end a pane', socket, answer);
    },
    tell: async (socket, text) => {
      await ask(socket, ['display-message', '-d', '4000', text.replace(/#/g, '##')]);
    },
    attach: async (socket, pane) => {
      if (pane !== undefined) await ask(socket, ['select-window', '-t', pane, ';', 'select-pane', '-t', pane]);
      return interactive([...base(socket), 'attach-session'], { ...plain, TERM: env['TERM'] ?? 'screen' });
    },
    view: (socket, logs) => {
      const args = logs.flatMap(({ service, path }, index) => {
        const follow = ['tail', '-n', '200', '-F', path];
        const opened =
          index === 0
            ? ['new-session', '-s', 'view', '-n', service, ...follow]
            : ['split-window', ...follow, ';', 'select-layout', 'tiled'];
        return [...(index === 0 ? [] : [';']), ...opened, ';', 'set-option', '-p', '@devctl', service];
      });
      const config = [';', 'set-option', '-g', 'destroy-unattached', 'on'];
      return interactive([...base(socket), ...args, ...config], { ...plain, TERM: env['TERM'] ?? 'screen' });
    },
  };
}

/** Gives the terminal to tmux until the person leaves. */
function interactive(args: string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const child = process.getBuiltinModule('node:child_process').spawn('tmux', args, { stdio: 'inherit', env });
    child.on('error', () => {
      resolve(127);
    });
    child.on('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

function locale(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    ['LANG', 'LC_ALL', 'LC_CTYPE', 'COLORTERM'].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}
