import { spawn, type ChildProcess } from 'node:child_process';
import { isAlive } from './leftovers.ts';
import { Rig, type Ran, type TestMode } from './rig.ts';
import { waitFor } from './wait-for.ts';

export const NAMES = ['web', 'worker'] as const;
export type Name = (typeof NAMES)[number];
/** All of its processes and its keeper live; some do; none does. */
export type Life = 'up' | 'partial' | 'down';
export type Lives = Record<Name, Life>;

const LISTEN = `require('node:net').createServer().listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));`;

/** A project with a server and a worker, bystanders, and what /proc says of them all: nothing here asks devctl. */
export class Real implements AsyncDisposable {
  readonly rig: Rig;
  readonly mode: TestMode;
  readonly #port: number;
  readonly #bystanders: ChildProcess[] = [];
  #foreigner: ChildProcess | undefined;

  private constructor(rig: Rig, mode: TestMode, port: number) {
    this.rig = rig;
    this.mode = mode;
    this.#port = port;
    const [main, helper] = this.#naps();
    rig.write({
      'server.js': LISTEN,
      'Procfile.dev': `web: exec node server.js ${String(port)}\nworker: sleep ${helper} & exec sleep ${main}\n`,
      'devctl.yml': `services: { web: { port: ${String(port)} } }\n`,
    });
    this.#bystanders.push(
      spawn('sleep', ['86430'], { cwd: rig.project, env: rig.env, stdio: 'ignore' }),
      spawn('tail', ['-F', 'log/web.log'], { cwd: rig.project, env: rig.env, stdio: 'ignore' }),
    );
  }

  static async create(mode: TestMode): Promise<Real> {
    return new Real(Rig.create(), mode, await Rig.freePort());
  }

  devctl(words: string): Promise<Ran> {
    return this.rig.devctl(words, { env: { DEVCTL_MODE: this.mode } });
  }

  /** Main process and helper of the worker are told apart by their seconds. */
  #naps(): [string, string] {
    const number = String(parseInt(this.rig.tag, 16));
    return [`86400.${number}1`, `86400.${number}2`];
  }

  /** What lives of the project, bystanders excepted. */
  processes(): { pid: number; command: string }[] {
    const others = [...this.#bystanders, this.#foreigner].map((child) => child?.pid);
    return this.rig.leftovers().filter(({ pid }) => !others.includes(pid));
  }

  main(name: Name): number | undefined {
    const command = name === 'web' ? `node server.js ${String(this.#port)}` : `sleep ${this.#naps()[0]}`;
    return this.#find((one) => one === command);
  }

  keeper(name: Name): number | undefined {
    return this.#find((command) => command.endsWith(`/keeper.sh ${name}`));
  }

  tmuxServer(): number | undefined {
    return this.#find((command) => /^tmux .*new-session/.test(command));
  }

  #find(is: (command: string) => boolean): number | undefined {
    return this.processes().find(({ command }) => is(command))?.pid;
  }

  lives(): Lives {
    const commands = this.processes().map(({ command }) => command);
    const life = (name: Name): Life => {
      const work = name === 'web' ? [`node server.js ${String(this.#port)}`] : this.#naps().map((nap) => `sleep ${nap}`);
      const alive = work.filter((command) => commands.includes(command)).length;
      if (alive === 0) return 'down';
      return alive === work.length && this.keeper(name) !== undefined ? 'up' : 'partial';
    };
    return { web: life('web'), worker: life('worker') };
  }

  async strike(pid: number | undefined): Promise<void> {
    if (pid === undefined) throw new Error(`no victim among ${JSON.stringify(this.processes())}`);
    process.kill(pid, 'SIGKILL');
    await waitFor('the victim to be dead', () => !isAlive(pid));
  }

  /** A stranger listens where web wants to. */
  async takePort(): Promise<void> {
    const holder = spawn('node', ['-e', LISTEN, '-', String(this.#port)], { cwd: '/', stdio: ['ignore', 'pipe', 'ignore'] });
    this.#foreigner = holder;
    let isListening = false;
    holder.stdout.on('data', () => (isListening = true));
    await waitFor('the stranger to listen', () => isListening);
  }

  get foreigner(): number | undefined {
    return this.#foreigner?.pid;
  }

  async leavePort(): Promise<void> {
    const pid = this.#foreigner?.pid ?? 0;
    this.#foreigner?.kill('SIGKILL');
    await waitFor('the stranger to be gone', () => !isAlive(pid));
    this.#foreigner = undefined;
  }

  deadBystanders(): string[] {
    const all = [...this.#bystanders, ...(this.#foreigner ? [this.#foreigner] : [])];
    return all.filter((child) => !isAlive(child.pid ?? 0)).map((child) => child.spawnargs.join(' '));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#foreigner) await this.leavePort();
    for (const child of this.#bystanders) child.kill('SIGKILL');
    await this.rig[Symbol.asyncDispose]();
  }
}
