import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { projectId } from '../../src/project/identity.ts';
import { findLeftovers, isAlive } from '../support/leftovers.ts';
import { MODES, Rig, type RunOptions, type TestMode } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

/** So many seconds of sleep tell the processes of one test from all others, whatever they did to their environment. */
const nap = (rig: Rig): string => `86400.${String(parseInt(rig.tag, 16))}`;

/** Ways out, and how many sleepers each leaves; NAP stands for the seconds. */
const ESCAPES: { name: string; line: string; sleepers: number }[] = [
  { name: 'background', line: `sh -c 'sleep NAP &'`, sleepers: 1 },
  { name: 'setsid', line: 'setsid sleep NAP & exec sleep NAP', sleepers: 2 },
  { name: 'double-fork', line: '( ( setsid sleep NAP & ) & ); exec sleep NAP', sleepers: 2 },
  { name: 'nohup', line: 'nohup sleep NAP >/dev/null 2>&1 & exec sleep NAP', sleepers: 2 },
  { name: 'no-environment', line: 'env -i sleep NAP & exec sleep NAP', sleepers: 2 },
  {
    name: 'scrubbed',
    line: 'setsid env -i sh -c "cd /; exec sleep NAP" </dev/null >/dev/null 2>&1 & exec sleep NAP',
    sleepers: 2,
  },
  { name: 'scrubbed-alone', line: 'setsid env -i sh -c "cd /; exec sleep NAP" </dev/null >/dev/null 2>&1 &', sleepers: 1 },
  { name: 'job-control', line: `bash -c 'set -m; sleep NAP & wait'`, sleepers: 1 },
  { name: 'node-detached', line: 'node detach.js; exec sleep NAP', sleepers: 2 },
  { name: 'title', line: 'sleep NAP & exec node title.js', sleepers: 1 },
  { name: 'deaf', line: `trap '' TERM INT HUP; sleep NAP & while :; do sleep 0.2; done`, sleepers: 1 },
  { name: 'orphans', line: 'for i in $(seq 40); do (sleep NAP &); done; exec sleep NAP', sleepers: 41 },
];

function zoo(rig: Rig): Record<string, string> {
  const fill = (text: string) => text.replaceAll('NAP', nap(rig));
  return {
    'detach.js': fill(
      `require('node:child_process').spawn('/bin/sleep', ['NAP'], { detached: true, stdio: 'ignore', env: {}, cwd: '/' }).unref();`,
    ),
    'title.js': `process.title = 'kworker/0:1'; setInterval(() => undefined, 1000);`,
    'Procfile.dev': ESCAPES.map(({ name, line }) => `${name}: ${fill(line)}\n`).join(''),
    'devctl.yml': 'services: { deaf: { grace: 300ms } }\n',
  };
}

/** Living sleepers of a test, by their command line alone. */
function sleepers(rig: Rig): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).at(-1) === nap(rig) && isAlive(Number(name)))
    .map(Number);
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/** kill -9 to all keepers of the project, or to its tmux server. */
function strike(rig: Rig, victims: RegExp): void {
  const found = findLeftovers(rig.root, rig.tag, [rig.project]).filter((one) => one.why === 'mark' && victims.test(one.command));
  expect(found).not.toEqual([]);
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
}

const SITUATIONS: { situation: string; mode: TestMode; victims?: RegExp }[] = [
  ...MODES.flatMap((mode) => [
    { situation: `${mode} mode`, mode },
    { situation: `${mode} mode, after kill -9 of every keeper`, mode, victims: /\/keeper\.sh \S+$/ },
  ]),
  { situation: 'tmux mode, after kill -9 of the tmux server', mode: 'tmux', victims: /^tmux / },
];

describe.each(SITUATIONS)('in $situation', ({ mode, victims }) => {
  const env = { DEVCTL_MODE: mode };

  test('stop ends whatever has run away', async () => {
    await using rig = Rig.create();
    rig.write(zoo(rig));
    expect(await rig.devctl('start', { env })).toMatchObject({ code: 0 });
    const expected = ESCAPES.reduce((sum, { sleepers: count }) => sum + count, 0);
    await waitFor('all sleepers', () => sleepers(rig).length === expected).catch(() => {
      expect(sleepers(rig)).toHaveLength(expected);
    });
    if (victims) strike(rig, victims);

    expect(await rig.devctl('stop')).toMatchObject({ code: 0 });
    expect(sleepers(rig)).toEqual([]);
    expect(rig.leftovers()).toEqual([]);
    expect((await rig.devctl('status')).code).toBe(3);
  });

  test('stop spares whoever is not of this run', async () => {
    const port = await Rig.freePort();
    const files = {
      'server.js': `require('node:net').createServer(() => undefined).listen(process.env.PORT, '127.0.0.1');`,
      'Procfile.dev': 'web: exec node server.js -p $PORT\nworker: echo working; exec sleep 600\n',
    };
    await using rig = Rig.create(files);
    const neighbour = rig.addProject('q', files);
    const otherPort = await Rig.freePort();
    const there: RunOptions = { cwd: neighbour, env: { ...env, PORT: String(otherPort) } };
    expect(await rig.devctl('start', there)).toMatchObject({ code: 0 });
    expect(await rig.devctl('start', { env: { ...env, PORT: String(port) } })).toMatchObject({ code: 0 });
    const before = await pids(rig, there);

    const id = projectId(rig.project);
    const client = `require('node:net').connect(${String(port)}, '127.0.0.1').on('error', () => undefined).on('connect', () => console.log('connected')); setInterval(() => undefined, 1000);`;
    await using decoys = new Decoys(rig);
    decoys.add('in the folder', 'sleep', ['600']);
    decoys.add('a reader of our log', 'tail', ['-f', 'log/worker.log']);
    decoys.add('a prefix of our cookie', 'sleep', ['600'], { DEVCTL_SESSION: `${id}x` });
    decoys.add('our cookie in another variable', 'sleep', ['600'], { OTHER: `DEVCTL_SESSION=${id}` });
    decoys.add('our command line', 'node', ['server.js', '-p', String(await Rig.freePort())], { PORT: '0' });
    const connected = decoys.add('a client of our port', 'node', ['-e', client]);
    await waitFor('the client to be connected', () => connected().includes('connected'));
    if (victims) strike(rig, victims);

    expect(await rig.devctl('stop')).toMatchObject({ code: 0 });
    expect(decoys.dead()).toEqual([]);
    expect(await pids(rig, there)).toEqual(before);
    expect(await rig.devctl('stop', { cwd: neighbour })).toMatchObject({ code: 0 });
    expect(decoys.dead()).toEqual([]);
  });
});

async function pids(rig: Rig, options: RunOptions): Promise<(number | undefined)[]> {
  const { services } = await rig.json<{ services: { pid?: number }[] }>('status', options);
  return services.map((service) => service.pid);
}

/** Processes that the test starts, which no stop may end. */
class Decoys implements AsyncDisposable {
  readonly #rig: Rig;
  readonly #pids = new Map<string, number>();

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  add(name: string, command: string, args: string[], env: Record<string, string> = {}): () => string {
    const child = spawn(command, args, {
      cwd: this.#rig.project,
      env: { ...this.#rig.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    if (child.pid === undefined) throw new Error(`no process: ${name}`);
    this.#pids.set(name, child.pid);
    return () => output;
  }

  dead(): string[] {
    return [...this.#pids].filter(([, pid]) => !isAlive(pid)).map(([name]) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of this.#pids.values()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await waitFor('the decoys to end', () => this.dead().length === this.#pids.size);
  }
}
