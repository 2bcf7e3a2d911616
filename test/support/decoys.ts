import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { placeOf, type Enclosure } from './enclosure.ts';
import { freePorts, giveBack } from './free-ports.ts';
import { DEVCTL, PACKAGE } from './package-root.ts';
import { livesOn, readProcess, type Seen } from './process-tree.ts';
import { waitFor } from './wait-for.ts';
import { Ward, type WardOptions } from './ward.ts';
import { fill } from './zoo.ts';

const LISTEN = join(PACKAGE, 'test/fixtures/zoo/listen.pl');
const CONNECT = join(PACKAGE, 'test/fixtures/zoo/connect.pl');
/** Members that a neighbour runs as well: those whose processes do not come and go. */
const STEADY = ['plain', 'setsid', 'double-fork', 'title', 'no-environment', 'scrubbed', 'orphans'];

function steadyOf({ members }: Enclosure): string[] {
  return members.filter(({ name }) => STEADY.includes(name)).map(({ name }) => name);
}

interface Decoy extends Seen {
  name: string;
}

/**
 * Those who must outlive every stop. They live below a ward of their own, so that whoever lives below the other one is a
 * survivor, and whoever is missing here was lost.
 */
export class Decoys implements AsyncDisposable {
  readonly #yard = new Ward();
  readonly #decoys: Decoy[] = [];
  readonly #ports: number[] = [];

  /** Some look like ours by folder, log, cookie, port, or command line. They are cheap, and born after the start. */
  async plantYoung({ project, id, env, ports, neighbourPort, members, place }: Enclosure): Promise<void> {
    const here: WardOptions = { cwd: project, env, isQuiet: true };
    const elsewhere = { ...here, cwd: '/' };
    const cookie = (DEVCTL_SESSION: string) => ({ ...here, env: { ...env, DEVCTL_SESSION } });
    const twin = members.find(({ name }) => name === 'setsid') ?? members[0];
    const log = `log/${members[0]?.name ?? ''}.log`;
    const vim = `exec -a vim perl -e 'sleep 9000 while 1' puma_server.rb vite --port 5175`;
    await Promise.all([
      this.#plant('a listener on the neighbour port', ['perl', LISTEN, String(neighbourPort)], elsewhere),
      ...ports.map((port) => this.#plant('a client of our port', ['perl', CONNECT, String(port)], elsewhere)),
      this.#plant('an editor of our files', ['bash', '-c', vim], here),
      this.#plant('a process in our folder', ['sleep', '9001'], here),
      this.#plant('a reader of our log', ['tail', '-F', log], here),
      this.#plant('our cookie and more', ['sleep', '9001'], cookie(`${id}x`)),
      this.#plant('a part of our cookie', ['sleep', '9001'], cookie(id.slice(0, -1))),
      this.#plant('our cookie in another variable', ['sleep', '9001'], {
        ...here,
        env: { ...env, OTHER: `DEVCTL_SESSION=${id}` },
      }),
      ...(twin ? [this.#plant('our command line', ['sleep', fill('{nap}', twin, place)], elsewhere)] : []),
    ]);
  }

  /** A shell of `devctl run`: what a person runs there is the person's. */
  async plantRunShell({ project, env }: Enclosure): Promise<void> {
    await this.#plantAll('a shell of devctl run', 1, async () => {
      await this.#yard.start(['node', DEVCTL, 'run', 'sh', '-c', 'sleep 9002; true'], { cwd: project, env, isQuiet: true });
      await this.#waitForCommand(/^sleep 9002$/);
    });
  }

  /** The user's own tmux server, with the project as its folder. */
  async plantTmux({ project, env, root }: Enclosure): Promise<void> {
    await this.#plantAll("the user's tmux server", 2, () =>
      this.#run(['tmux', '-S', join(root, 'u'), '-f', '/dev/null', 'new-session', '-d', 'sleep', '9003'], { cwd: project, env }),
    );
  }

  /** Another project with the same Procfile, whose devctl runs. */
  async plantOtherProject(enclosure: Enclosure): Promise<void> {
    const { root, members } = enclosure;
    const names = steadyOf(enclosure);
    const ports = await freePorts(enclosure.ports.length + 1);
    this.#ports.push(...ports);
    const folder = join(root, 'n');
    mkdirSync(join(folder, 'd'), { recursive: true });
    enclosure.writeProject(folder, placeOf(members, join(folder, 'd'), 0, ports));
    await this.#plantAll('a devctl of another project', names.length, () =>
      this.#run(['node', DEVCTL, 'start', ...names], { cwd: folder, env: enclosure.env }),
    );
  }

  /** Another worktree of this project, whose devctl runs; with our state folder, so that only the folder tells the two apart. */
  async plantWorktree(enclosure: Enclosure): Promise<void> {
    const names = steadyOf(enclosure).filter((name) => name !== 'plain');
    const folder = join(enclosure.root, 'w');
    await enclosure.makeWorktree(folder);
    await this.#plantAll('a devctl of another worktree', names.length, () =>
      this.#run(['node', DEVCTL, 'start', ...names], { cwd: folder, env: enclosure.env }),
    );
  }

  /** A window that the user opens in our own tmux server; it lives below the other ward, with the server that stays for it. */
  async plantGuest(enclosure: Enclosure): Promise<void> {
    const words = ['new-window', '-d', '-P', '-F', '#{pid} #{pane_pid}', 'sleep', '9004'];
    const options = { cwd: enclosure.project, env: enclosure.env };
    const { stdout } = await this.#run(['tmux', '-S', enclosure.tmuxSocket, ...words], options);
    const [server, guest] = stdout
      .trim()
      .split(' ')
      .map((pid) => readProcess(Number(pid)));
    if (!server || !guest) throw new Error(`no window: ${stdout}`);
    enclosure.spare(server, guest);
    this.#decoys.push({ ...guest, name: 'a window in our tmux server' });
  }

  /** Ends the guest's server, as the user would. */
  async sendGuestAway(enclosure: Enclosure): Promise<void> {
    await this.#run(['tmux', '-S', enclosure.tmuxSocket, 'kill-server'], { cwd: '/', env: enclosure.env });
    this.#decoys.splice(0, this.#decoys.length, ...this.#decoys.filter(({ name }) => !name.startsWith('a window')));
  }

  /** All that is gone, by name and command. */
  lost(): string[] {
    return this.#decoys.filter((decoy) => !livesOn(decoy)).map(({ name, pid, command }) => `${name} (${String(pid)} ${command})`);
  }

  get count(): number {
    return this.#decoys.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    giveBack(this.#ports);
    await this.#yard[Symbol.asyncDispose]();
  }

  async #plant(name: string, words: string[], options: WardOptions): Promise<void> {
    const { pid } = await this.#yard.start(words, options);
    const seen = readProcess(pid);
    if (!seen) throw new Error(`${name} did not live: ${words.join(' ')}`);
    this.#decoys.push({ ...seen, name, command: words.join(' ') });
  }

  /** Everything that an action leaves behind. */
  async #plantAll(name: string, atLeast: number, action: () => Promise<unknown>): Promise<void> {
    const before = new Set(this.#yard.living().map(({ pid }) => pid));
    await action();
    const born = this.#yard.living().filter(({ pid }) => !before.has(pid));
    if (born.length < atLeast) throw new Error(`${name}: only ${String(born.length)} processes`);
    this.#decoys.push(...born.map((seen) => ({ ...seen, name })));
  }

  async #waitForCommand(pattern: RegExp): Promise<void> {
    await waitFor(`${String(pattern)} to live`, () => this.#yard.living().some(({ command }) => pattern.test(command)));
  }

  async #run(words: string[], options: WardOptions) {
    const command = await this.#yard.run(words, options);
    if (command.code !== 0) throw new Error(`${words.join(' ')}: ${command.stdout}${command.stderr}`);
    return command;
  }
}
