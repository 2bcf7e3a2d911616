import { spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../support/leftovers.ts';
import type { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** Starts its arguments as Claude Code starts its tool shells: each leads a session of its own, with the marks in its environment. */
const AGENT = `const { spawn } = require('node:child_process');
const env = { ...process.env, CLAUDECODE: '1', CLAUDE_PID: String(process.pid), CLAUDE_CODE_SESSION_ID: 'session-' + process.pid };
for (const line of process.argv.slice(2)) spawn('bash', ['-c', line], { detached: true, stdio: 'ignore', env }).unref();
setInterval(() => undefined, 1000);`;
/** The shape of a tool shell, as Claude Code makes it. */
export const SNAPSHOT = (line: string) =>
  `source /nowhere/.claude/shell-snapshots/snapshot-bash-1.sh 2>/dev/null || true && eval '${line}' < /dev/null && pwd -P >| /tmp/claude-0000-cwd`;

export interface Agent extends AsyncDisposable {
  pid: number;
  die: () => Promise<void>;
}

/** An agent at work. At its end everything of the rig that still lives ends, by pid. */
export function agent(rig: Rig, ...lines: string[]): Agent {
  rig.write({ 'agent.cjs': AGENT }, rig.root);
  const child = spawn('node', [join(rig.root, 'agent.cjs'), ...lines], {
    cwd: rig.project,
    env: rig.env,
    detached: true,
    stdio: 'ignore',
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('no agent');
  const kill = (one: number) => {
    if (isAlive(one)) process.kill(one, 'SIGKILL');
  };
  const die = async () => {
    kill(pid);
    await waitFor('the end of the agent', () => !isAlive(pid));
  };
  return {
    pid,
    die,
    [Symbol.asyncDispose]: async () => {
      await die();
      await rig.devctl('stop').catch(() => {
        // What is left shows below.
      });
      await waitFor('the end of all strays', () => {
        const left = rig.leftovers();
        for (const one of left) kill(one.pid);
        return left.length === 0;
      });
    },
  };
}

/** The pid that a tool shell wrote. */
export const pidIn = (rig: Rig, file: string): Promise<number> =>
  waitFor(`a pid in ${file}`, () => rig.has(file) && /^\d+\n/.test(rig.read(file)) && Number(rig.read(file)));

/** A tool shell that has ended, and left a command in the background. */
export const left = (name: string, command: string) => `${command} & echo $! >${name}.pid`;

/** A program of this name that only sleeps. */
export function program(rig: Rig, name: string): string {
  const path = join(rig.root, name);
  copyFileSync('/bin/sleep', path);
  return path;
}
