import { spawn } from 'node:child_process';
import { canUnshare, OWN_PIDS, unshare } from './namespaces.ts';
import { DEVCTL, type Ran, type Rig } from './rig.ts';
import { waitFor } from './wait-for.ts';

export const HAS_OWN_PIDS = canUnshare(...OWN_PIDS);

export interface HookOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** The input is left open behind the text. */
  isEndless?: boolean;
}

export const bash = (rig: Rig, command: unknown, cwd: unknown = rig.project): string =>
  JSON.stringify({
    session_id: 'x',
    transcript_path: '/t',
    cwd,
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command },
    tool_use_id: 't',
  });

/** A hook as Claude Code runs it: the event on a pipe. SessionStart sweeps, and so it sees no processes but its own. */
export async function hook(rig: Rig, name: string, input: string | Buffer, options: HookOptions = {}): Promise<Ran> {
  const begin = Date.now();
  const apart = name.startsWith('session-start') ? unshare(...OWN_PIDS) : [];
  const [file = '', ...args] = [...apart, process.execPath, DEVCTL, 'hook', ...name.split(' ').filter(Boolean)];
  const env = Object.fromEntries(
    Object.entries({ ...rig.env, ...options.env }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const child = spawn(file, args, { cwd: options.cwd ?? rig.project, env, stdio: 'pipe' });
  const ran = { code: -1, stdout: '', stderr: '', ms: 0 };
  let isOver = false;
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
  child.on('close', (code) => {
    ran.code = code ?? -1;
    isOver = true;
  });
  child.stdin.write(input);
  if (options.isEndless !== true) child.stdin.end();
  try {
    await waitFor(`hook ${name} to end`, () => isOver, 8000);
  } finally {
    child.kill('SIGKILL');
  }
  return { ...ran, ms: Date.now() - begin };
}

interface Denial {
  hookSpecificOutput: { hookEventName: string; permissionDecision: string; permissionDecisionReason: string };
}

/** Why a command is denied; nothing where it may be run. */
export async function reasonOf(
  rig: Rig,
  command: unknown,
  options?: HookOptions & { eventCwd?: string },
): Promise<string | undefined> {
  const { code, stdout, stderr } = await hook(rig, 'pre-tool-use', bash(rig, command, options?.eventCwd ?? rig.project), options);
  if (code !== 0 || stderr !== '') throw new Error(`${String(code)} for ${String(command).slice(0, 200)}: ${stderr}`);
  if (stdout === '') return undefined;
  const { hookSpecificOutput: out } = JSON.parse(stdout) as Denial;
  if (out.hookEventName !== 'PreToolUse' || out.permissionDecision !== 'deny') throw new Error(stdout);
  return out.permissionDecisionReason;
}
