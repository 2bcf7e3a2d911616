import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { isAlive } from '../support/leftovers.ts';
import type { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** `node server.js -p PORT` */
export const SERVER = `require('node:http').createServer((_, answer) => answer.end('hello')).listen(process.argv[3], '127.0.0.1');\n`;

export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => {
      resolve(false);
    });
  });
}

/** A process of the test, which ends with it. */
export interface Helper extends AsyncDisposable {
  pid: number;
}

function asHelper(child: ChildProcess): Helper {
  const { pid } = child;
  if (pid === undefined) throw new Error('no process');
  return {
    pid,
    [Symbol.asyncDispose]: async () => {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      await waitFor('the end of a helper', () => !isAlive(pid));
    },
  };
}

/** A server that the test itself runs. */
export async function server(rig: Rig, port: number, { cwd = rig.project }: { cwd?: string } = {}): Promise<Helper> {
  const script = `require('node:http').createServer((_, answer) => answer.end('stranger')).listen(${String(port)}, '127.0.0.1')`;
  const helper = asHelper(spawn('node', ['-e', script], { cwd, env: rig.env, stdio: 'ignore' }));
  await waitFor('the stranger to listen', () => answers(port));
  return helper;
}

/** A server in the project's folder whose shell has ended: what an agent's session leaves behind. */
export async function orphan(rig: Rig, port: number): Promise<number> {
  await rig.sh(`setsid sh -c 'node server.js -p ${String(port)} >/dev/null 2>&1 & echo $! >orphan.pid'`);
  await waitFor('the orphan to listen', () => answers(port));
  return Number(rig.read('orphan.pid'));
}

/** A client that stays connected to a port, also when its server has gone. */
export async function client(rig: Rig, port: number): Promise<Helper> {
  const script = `const socket = require('node:net').connect(${String(port)}, '127.0.0.1', () => console.log('connected'));
socket.on('error', () => undefined); setInterval(() => undefined, 1000);`;
  const child = spawn('node', ['-e', script], { cwd: '/', env: rig.env, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  await waitFor('the client to be connected', () => output.includes('connected'));
  return asHelper(child);
}
