import type { Machine } from '../../../src/machine/machine.ts';
import type { CommandEnd } from '../../../src/machine/commands.ts';
import type { ProcessIdentity } from '../../../src/machine/processes.ts';
import type { SpawnRequest } from '../../../src/machine/spawner.ts';
import { ClaudeProcess } from '../../../src/orchestrator/spoke/claude-process.ts';
import type { ClaudeProcessOptions } from '../../../src/orchestrator/spoke/options.ts';
import { FakeClock } from './clock.ts';
import { memoryFiles } from './memory-files.ts';
import { makeProcess, tableOf } from './processes.ts';

/** What a process does: it prints lines, says things on its standard error, and exits. */
export interface Claude {
  print(...lines: string[]): void;
  /** Without a newline. */
  printPart(text: string): void;
  says(text: string): void;
  exit(code: number): void;
  sleep(ms: number): Promise<void>;
  /** Starts another process, which bears its mark. */
  forks(): void;
}

/** One life of it. */
export interface Script {
  begin?: (claude: Claude) => void;
  /** For each message that it is sent. */
  hear?: (claude: Claude, text: string) => void;
  /** No more messages come; it exits with 0 by default. */
  endInput?: (claude: Claude) => void;
  ignoresTerm?: boolean;
  isMissing?: boolean;
}

interface Living extends ProcessIdentity {
  mark: string;
  ppid: number;
  ignoresTerm: boolean;
  exit: (code: number) => void;
}

export const EVENTS = '/out/e.jsonl';
const UID = process.getuid?.() ?? 0;
const DEVCTL = 50;

/** A machine where `claude` lives by a script, life after life; the last script again when there are no more. */
export function claudeWorld(scripts: Script[], texts: Record<string, string> = {}) {
  const clock = new FakeClock();
  const files = memoryFiles(texts);
  const living = new Map<number, Living>();
  const spawns: { request: SpawnRequest; atMs: number; heard: string[] }[] = [];
  const signals: string[] = [];
  let pids = 100;
  const bear = (mark: string, ppid: number, over: Partial<Living> = {}): Living => {
    pids += 1;
    const one = { pid: pids, start: pids, mark, ppid, ignoresTerm: false, exit: () => undefined, ...over };
    living.set(one.pid, one);
    return one;
  };
  const die = (pid: number, code: number) => {
    const one = living.get(pid);
    living.delete(pid);
    one?.exit(code);
  };

  const spawn = (request: SpawnRequest) => {
    const script = scripts[Math.min(spawns.length, scripts.length - 1)] ?? {};
    const spawned = { request, atMs: clock.elapsed(), heard: [] as string[] };
    spawns.push(spawned);
    let isOver = false;
    let settle: (end: CommandEnd) => void = () => undefined;
    const end = new Promise<CommandEnd>((resolve) => (settle = resolve));
    if (script.isMissing === true) {
      settle({ kind: 'missing', reason: 'not found' });
      return { identity: undefined, write: () => undefined, endInput: () => undefined, end };
    }
    const exit = (code: number) => {
      isOver = true;
      settle({ kind: 'ended', code });
    };
    const mark = request.env['DEVCTL_TASK'] ?? '';
    const self = bear(mark, DEVCTL, { ignoresTerm: script.ignoresTerm ?? false, exit });
    const append = (file: string, text: string) => {
      if (!isOver) files.append(file, text);
    };
    const claude: Claude = {
      print: (...lines) => {
        append(request.stdout, lines.map((one) => `${one}\n`).join(''));
      },
      printPart: (text) => {
        append(request.stdout, text);
      },
      says: (text) => {
        append(request.stderr, text);
      },
      exit: (code) => {
        die(self.pid, code);
      },
      sleep: (ms) => clock.sleep(ms),
      forks: () => void bear(mark, self.pid),
    };
    // Nothing that a process does has happened when it is spawned.
    const later = (act: () => void) => void clock.sleep(0).then(act);
    later(() => script.begin?.(claude));
    return {
      identity: { pid: self.pid, start: self.start },
      write: (text: string) => {
        const message = JSON.parse(text) as { message?: { content: { text: string }[] } };
        const heard = message.message?.content[0]?.text ?? '(interrupt)';
        spawned.heard.push(heard);
        later(() => script.hear?.(claude, heard));
      },
      endInput: () => {
        later(() => {
          if (script.endInput) script.endInput(claude);
          else claude.exit(0);
        });
      },
      end,
    };
  };

  const machine = {
    files,
    clock,
    spawner: { spawn },
    env: { PATH: '/bin' },
    home: { tmp: '/tmp' },
    checkpoints: { reach: () => undefined },
    processes: {
      now: () => 0,
      scan: () => tableOf([...living.values()].map(({ pid, start, ppid }) => makeProcess({ pid, start, ppid, uid: UID }))),
      variables: (among: number[]) =>
        new Map(among.flatMap((pid) => (living.has(pid) ? [[pid, { DEVCTL_TASK: living.get(pid)?.mark }] as const] : []))),
      ancestors: () => new Set([DEVCTL]),
      uid: () => UID,
      argv: () => ['node'],
      isAlive: ({ pid }: ProcessIdentity) => living.has(pid),
      signal: (targets: ProcessIdentity[], signal: string) => {
        for (const { pid } of targets) {
          signals.push(`${signal} ${String(pid)}`);
          if (signal === 'SIGTERM' && living.get(pid)?.ignoresTerm === false) die(pid, 143);
        }
      },
      kill: (targets: ProcessIdentity[]) => {
        for (const { pid } of targets) {
          signals.push(`SIGKILL ${String(pid)}`);
          die(pid, 137);
        }
        return Promise.resolve();
      },
    },
  } as unknown as Machine;

  return {
    clock,
    files,
    machine,
    living,
    spawns,
    signals,
    bear,
    die,
    claude: (options: Partial<ClaudeProcessOptions> = {}) =>
      new ClaudeProcess(machine, {
        sessionId: 'SID',
        eventsFile: EVENTS,
        stderrFile: '/out/err',
        mark: 'run/a/tok',
        cwd: '/app',
        ...options,
      }),
    /** Which conversation each life began with: "--session-id SID", "--resume SID". */
    starts: () =>
      spawns.map(({ request: { args } }) => {
        const at = args.findIndex((word) => word === '--session-id' || word === '--resume');
        return args.slice(at, at + 2).join(' ');
      }),
  };
}
