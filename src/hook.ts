import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEvent, type HookEvent } from './claude/hooks/event.ts';
import { guardedRoot, preToolUse } from './claude/hooks/pre-tool-use.ts';

/**
 * `devctl hook EVENT`, the entry of Claude Code's hooks. It always exits 0, whatever happens: 2 would mean "deny", and lock
 * the agent out of its shell. A denial is JSON on standard output.
 */
const PACKAGE = dirname(__dirname);
const HELP = `Usage: devctl hook session-start | session-end | pre-tool-use
For Claude Code, which hands the event over on standard input; devctl init writes it into .claude/settings.json.
`;
/** A caller that never ends its event is not waited for. */
const INPUT_PATIENCE_MS = 2000;

async function main(): Promise<void> {
  const [, , , name, ...args] = process.argv;
  // Not an event of Claude Code: what its SessionEnd leaves in the background.
  if (name === 'sweep') {
    await sweep(Number(args[0]), args[1] ?? '/');
    return;
  }
  if (name === undefined || name.startsWith('-')) {
    process.stderr.write(HELP);
    return;
  }
  const event = parseEvent(await readInput(), process.env['PWD'] ?? '/');
  if (name === 'pre-tool-use') print(await preToolUse(event, rememberingReader(), () => import('./lazy/unbash.ts')));
  if (name === 'session-start') print(await start(event));
  if (name === 'session-end') leaveSweeper(event);
}

async function start(event: HookEvent): Promise<string> {
  const { realMachine, sessionStart } = await import('./lazy/session-hooks.ts');
  return sessionStart(await realMachine(PACKAGE), event, guardedRoot(readText, event.cwd));
}

/** Detached, with nothing of ours open: Claude Code gives a hook 1.5 s, and ends all that it still has below it then. */
function leaveSweeper({ cwd }: HookEvent): void {
  const agent = process.env['CLAUDE_PID'];
  if (agent === undefined || !/^\d+$/.test(agent)) return;
  const words = [join(PACKAGE, 'bin', 'devctl.js'), 'hook', 'sweep', agent, cwd];
  // Loaded here: it costs every other hook 7 ms.
  const { spawn } = process.getBuiltinModule('node:child_process');
  spawn(process.execPath, words, { detached: true, stdio: 'ignore', cwd: '/' }).unref();
}

async function sweep(agentPid: number, cwd: string): Promise<void> {
  const { realMachine, sweepAfter } = await import('./lazy/session-hooks.ts');
  if (Number.isInteger(agentPid) && agentPid > 1) await sweepAfter(await realMachine(PACKAGE), agentPid, cwd);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function print(text: string): void {
  if (text !== '') process.stdout.write(`${text}\n`);
}

function readInput(): Promise<string> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const finish = () => {
      // Nothing more is waited for.
      stdin.destroy();
      resolve(Buffer.concat(chunks).toString('utf8'));
    };
    setTimeout(finish, INPUT_PATIENCE_MS).unref();
    stdin.on('data', (chunk: Buffer) => chunks.push(chunk));
    for (const event of ['end', 'error', 'close']) stdin.once(event, finish);
  });
}

/** Each file is read once, however often a command line comes by it. */
function rememberingReader(): (path: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (path) => {
    if (!known.has(path)) known.set(path, readText(path));
    return known.get(path);
  };
}

process.stdout.on('error', () => undefined);
void main()
  .catch(() => undefined)
  .then(() => {
    process.exitCode = 0;
    // Whatever may still be open, it ends.
    setTimeout(() => process.exit(0), 50).unref();
  });
