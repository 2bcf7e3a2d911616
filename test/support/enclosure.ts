import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectId } from '../../src/project/identity.ts';
import { canBind, freePorts, giveBack } from './free-ports.ts';
import { DEVCTL, PACKAGE } from './package-root.ts';
import { livesOn, readProcess, type Seen } from './process-tree.ts';
import type { TestMode } from './rig.ts';
import { Terminal } from './terminal.ts';
import { waitFor } from './wait-for.ts';
import { Ward, type Warded, type WardOptions } from './ward.ts';
import { configuration, fill, procfile, ZOO_FILES, ZOO_PATH, type Member, type Place } from './zoo.ts';

export interface EnclosureRequest {
  members: Member[];
  mode: TestMode;
  slowSeconds: number;
  /** In devctl.yml, for each, instead of the members' own. */
  settingsOfAll?: string;
  env?: Record<string, string>;
  /** Of every start. */
  flags?: string;
  /** A folder that is the project already: a git worktree. */
  project?: string;
  /** A short folder: a socket path has 107 bytes. */
  root?: string;
  /** Postgres' data, which many trials share. */
  data?: string;
  ward?: Ward;
}

/** A survivor and the member that it seems to be of. */
export interface Survivor extends Seen {
  member: string;
}

/** A project of zoo members, below a ward of its own, with a home of its own. */
export class Enclosure implements AsyncDisposable {
  readonly root: string;
  readonly project: string;
  readonly id: string;
  readonly env: Record<string, string>;
  readonly ward: Ward;
  readonly commands: Warded[] = [];
  readonly place: Place;
  /** The ports of the members, and one more beside them for a neighbour. */
  readonly ports: number[];
  readonly neighbourPort: number;
  readonly #request: EnclosureRequest;
  readonly #spared: Pick<Seen, 'pid' | 'start'>[] = [];

  private constructor(request: EnclosureRequest, ports: number[]) {
    this.#request = request;
    this.root = request.root ?? makeRoot();
    this.project = request.project ?? join(this.root, 'p');
    this.id = projectId(this.project);
    this.ward = request.ward ?? new Ward();
    this.ports = ports.slice(0, -1);
    this.neighbourPort = ports.at(-1) ?? 0;
    this.place = placeOf(request.members, request.data ?? join(this.root, 'd'), request.slowSeconds, this.ports);
    this.env = { ...homeIn(this.root), DEVCTL_MODE: request.mode, ...request.env };
    for (const folder of [this.project, this.place.data]) mkdirSync(folder, { recursive: true });
    this.writeProject(this.project, this.place);
  }

  static async open(request: EnclosureRequest): Promise<Enclosure> {
    const ports = await freePorts(request.members.filter((member) => member.hasPort).length + 1);
    const enclosure = new Enclosure(request, ports);
    const isPostgresHere = request.members.some((member) => member.needs === 'postgres');
    if (request.data === undefined && isPostgresHere) await enclosure.preparePostgres();
    return enclosure;
  }

  get members(): Member[] {
    return this.#request.members;
  }

  get startWords(): string {
    return `start ${this.#request.flags ?? ''}`.trim();
  }

  get tmuxSocket(): string {
    return join(this.root, 'r', 'devctl', `${this.id}.tmux`);
  }

  get options(): WardOptions {
    return { cwd: this.project, env: this.env };
  }

  writeProject(folder: string, place: Place): void {
    const files = {
      ...ZOO_FILES,
      'Procfile.dev': procfile(this.members, place),
      'devctl.yml': configuration(this.members, place, this.#request.settingsOfAll),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  }

  async preparePostgres(): Promise<void> {
    const script = join(PACKAGE, 'test/fixtures/zoo/postgres.sh');
    await this.run([script, 'init', join(this.place.data, 'postgres')]);
  }

  /** Makes the project a git repository. */
  async makeRepository(): Promise<void> {
    const git = ['git', '-c', 'user.name=zoo', '-c', 'user.email=zoo@localhost'];
    await this.run([...git, 'init', '-q']);
    await this.run([...git, 'add', 'Procfile.dev', 'devctl.yml', 'package.json']);
    await this.run([...git, 'commit', '-q', '-m', 'zoo']);
  }

  async makeWorktree(folder: string): Promise<void> {
    await this.run(['git', 'worktree', 'add', '-q', '--detach', folder]);
  }

  /** Starts devctl, and does not wait for it. */
  async begin(words: string, options: Partial<WardOptions> = {}): Promise<Warded> {
    const command = await this.ward.start(['node', DEVCTL, ...words.split(' ')], { ...this.options, ...options });
    this.commands.push(command);
    return command;
  }

  /** Runs something that is to succeed. */
  async run(words: string[]): Promise<Warded> {
    const done = await this.ward.run(words, this.options);
    if (done.code !== 0) throw new Error(`${words.join(' ')}: ${done.stdout}${done.stderr}`);
    return done;
  }

  /** A terminal that lives here by right, with devctl as $DEVCTL. */
  async terminal(): Promise<Terminal> {
    const env = { ...this.env, DEVCTL: `node ${DEVCTL}` };
    const terminal = await Terminal.open(join(this.root, 'x'), this.project, env, (words, options) =>
      this.ward.run(words, options),
    );
    this.spare(...terminal.pids().flatMap((pid) => readProcess(pid) ?? []));
    return terminal;
  }

  async devctl(words: string, deadlineMs?: number): Promise<Warded> {
    return this.ward.end(await this.begin(words), deadlineMs);
  }

  /**
   * A stop whose caller carries our cookie and lives in our folder, as an agent in a pane does: it must see the end of its
   * command.
   */
  async stop(words = 'stop', deadlineMs = 40_000): Promise<Warded> {
    const line = 'node "$0" $*; code=$?; echo "the caller lives on"; exit $code';
    const env = { ...this.env, DEVCTL_SESSION: this.id };
    const command = await this.ward.start(['sh', '-c', line, DEVCTL, ...words.split(' ')], { cwd: this.project, env });
    this.commands.push(command);
    await this.ward.end(command, deadlineMs);
    if (!command.stdout.includes('the caller lives on'))
      throw new Error(`stop ended its caller: ${command.stdout}${command.stderr}`);
    return command;
  }

  /** Processes that live here by right: the terminal of the test, a window of the user's in our tmux server. */
  spare(...processes: Pick<Seen, 'pid' | 'start'>[]): void {
    this.#spared.push(...processes);
  }

  /** Everything that lives below the ward, but for what is spared and devctl's own commands. */
  living(): Survivor[] {
    const spared = new Set(this.#spared.filter(livesOn).map(({ pid }) => pid));
    const own = new Set(this.commands.filter(({ code }) => code === undefined).map(({ pid }) => pid));
    return this.ward
      .living()
      .filter(({ pid, ppid }) => !spared.has(pid) && !own.has(pid) && !own.has(ppid))
      .map((seen) => ({ ...seen, member: this.#memberOf(seen) }));
  }

  async waitUntilUp(deadlineMs = 20_000): Promise<void> {
    let missing: string[] = [];
    await waitFor(
      'all members to be up',
      () => {
        const names = this.living().map(({ member }) => member);
        missing = this.members
          .filter(({ name, count }) => names.filter((one) => one === name).length < count)
          .map(({ name }) => name);
        return missing.length === 0;
      },
      deadlineMs,
    ).catch((error: unknown) => {
      throw new Error(`${(error as Error).message}; not up: ${missing.join(', ')}\n${tellAll(this.living())}`);
    });
  }

  waitUntilNobody(): Promise<boolean> {
    return waitFor('nobody to live here', () => this.living().length === 0);
  }

  async heldPorts(): Promise<number[]> {
    const isFree = await Promise.all(this.ports.map(canBind));
    return this.ports.filter((_, index) => isFree[index] !== true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    giveBack([...this.ports, this.neighbourPort]);
    if (this.#request.ward === undefined) await this.ward[Symbol.asyncDispose]();
    rmSync(this.root, { recursive: true, force: true });
  }

  #memberOf({ command }: Seen): string {
    const member = this.members.find((one) => new RegExp(fill(one.found, one, this.place)).test(command));
    return member?.name ?? (isKeeper(command) ? 'keeper' : 'other');
  }
}

/** devctl's own are not the members'. */
export function isKeeper(command: string): boolean {
  return /^(?:\/bin\/)?sh \S+\/libexec\/keeper\.sh \S+$/.test(command);
}

export function tellAll(processes: Survivor[]): string {
  return processes.map(({ pid, ppid, member, command }) => `  ${member} ${String(pid)} (${String(ppid)}) ${command}`).join('\n');
}

export function makeRoot(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'dz')));
  // Postgres and others drop to another user, who has to come through.
  chmodSync(root, 0o711);
  return root;
}

/** A home of its own below a root, as environment. */
function homeIn(root: string): Record<string, string> {
  for (const name of ['h', 't', 's', 'r']) mkdirSync(join(root, name), { mode: 0o700, recursive: true });
  return {
    PATH: `${process.env['PATH'] ?? ''}:${ZOO_PATH}`,
    HOME: join(root, 'h'),
    TMPDIR: join(root, 't'),
    XDG_STATE_HOME: join(root, 's'),
    XDG_RUNTIME_DIR: join(root, 'r'),
    LANG: 'C.UTF-8',
  };
}

export function placeOf(members: Member[], data: string, slowSeconds: number, ports: number[]): Place {
  const withPort = members.filter((member) => member.hasPort);
  return { data, slowSeconds, port: (member) => ports[withPort.indexOf(member)] ?? 0 };
}
