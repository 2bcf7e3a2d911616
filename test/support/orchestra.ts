import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readJournal } from '../../src/orchestrator/journal/line.ts';
import type { JournalRecord } from '../../src/orchestrator/journal/records.ts';
import type { Stats } from '../../src/orchestrator/output/stats.ts';
import { claudeEnvironment } from './claude.ts';
import { Conductor } from './conductor.ts';
import { isAlive } from './leftovers.ts';
import type { MockApi } from './mock-api.ts';
import { readProcess } from './process-tree.ts';
import { DEVCTL, Rig } from './rig.ts';
import type { Terminal } from './terminal.ts';
import { waitFor } from './wait-for.ts';

export interface TaskWish {
  id: string;
  prompt: string;
  [key: string]: unknown;
}

/** A process of an attempt, by what its environment says. */
export interface Player {
  pid: number;
  start: number;
  task: string;
  token: string;
  /** The `claude` itself, and nothing that it has started. */
  isSpoke: boolean;
  command: string;
}

/** A line of its stream, as far as tests ask about it. */
interface SpokeEvent {
  type: string;
  session_id?: string;
  total_cost_usd?: number;
  usage?: { input_tokens: number };
}

type Of<K extends JournalRecord['kind']> = Extract<JournalRecord, { kind: K }>;

/** A rig with a task file, the real Claude Code and a mock of its API: where `devctl orchestrate` is at work. */
export class Orchestra implements AsyncDisposable {
  readonly rig: Rig;
  readonly env: Record<string, string>;
  readonly folder: string;
  readonly #conductors: Conductor[] = [];

  private constructor(rig: Rig, env: Record<string, string>) {
    this.rig = rig;
    this.env = env;
    this.folder = join(rig.project, '.orchestrator-output');
  }

  /** `path`: of claudeBinary(). */
  static create(api: Pick<MockApi, 'url'>, path: string, tasks: TaskWish[], settings: Record<string, unknown> = {}): Orchestra {
    const rig = Rig.create();
    // As many tries of its own as devctl wants.
    const { CLAUDE_CODE_MAX_RETRIES: own, ...env } = claudeEnvironment(rig, api, path);
    if (own === undefined) throw new Error('there is nothing to leave out');
    const projects = { [rig.project]: { hasTrustDialogAccepted: true } };
    rig.write({ '.claude.json': JSON.stringify({ hasCompletedOnboarding: true, projects }) }, rig.env['HOME']);
    const orchestra = new Orchestra(rig, env);
    orchestra.setTasks(tasks, settings);
    return orchestra;
  }

  setTasks(tasks: TaskWish[], settings: Record<string, unknown> = {}): void {
    const all = tasks.map((task) => ({ allowedTools: ['Bash'], ...task }));
    this.rig.write({ 'tasks.json': JSON.stringify({ ...settings, tasks: all }, undefined, 2) });
  }

  /** `devctl orchestrate tasks.json` with these words, until its end. */
  async run(words = '', timeoutMs = 55_000): ReturnType<Rig['exec']> {
    const conductor = this.begin(words);
    const end = await conductor.end(timeoutMs);
    return { ...end, ms: 0 };
  }

  /** The same, which is under way when this returns. */
  begin(words = '', env: Record<string, string> = {}): Conductor {
    const args = [DEVCTL, 'orchestrate', 'tasks.json', ...words.split(' ').filter(Boolean)];
    const child = spawn(process.execPath, args, {
      cwd: this.rig.project,
      env: { ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const conductor = new Conductor(child);
    this.#conductors.push(conductor);
    return conductor;
  }

  /** A shell in a terminal, with what Claude Code needs. */
  async terminal(): Promise<Terminal> {
    const exports = Object.entries(this.env).map(([name, value]) => `export ${name}='${value}'`);
    this.rig.write({ 'env.sh': exports.join('\n') }, this.rig.root);
    const terminal = await this.rig.terminal();
    terminal.type(`. ${this.rig.root}/env.sh`);
    return terminal;
  }

  has(name: string): boolean {
    return this.rig.has(join('.orchestrator-output', name));
  }

  read(name: string): string {
    return this.rig.read(join('.orchestrator-output', name));
  }

  /** What Claude Code has said, without the half lines of killed ones. */
  events(id: string): SpokeEvent[] {
    return this.read(`${id}.events.jsonl`)
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as SpokeEvent);
  }

  modeOf(name: string): string {
    return (statSync(join(this.folder, name)).mode & 0o777).toString(8);
  }

  stats(): Stats {
    return JSON.parse(this.read('orchestration-stats.json')) as Stats;
  }

  stateOf(id: string): string | undefined {
    return this.stats().perTask.find((task) => task.id === id)?.state;
  }

  /** What the journal says now; its last line may be half written. */
  journal(): JournalRecord[] {
    if (!this.has('.devctl/journal.jsonl')) return [];
    const read = readJournal(this.read('.devctl/journal.jsonl'));
    if (read.kind === 'damaged') throw new Error(`line ${String(read.line)} of the journal is damaged`);
    return read.records;
  }

  records<K extends JournalRecord['kind']>(kind: K, task?: string): Of<K>[] {
    return this.journal().filter(
      (record): record is Of<K> => record.kind === kind && (task === undefined || ('task' in record && record.task === task)),
    );
  }

  /** Everything that attempts have started and that lives, found without devctl. */
  players(): Player[] {
    const found = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? playerOf(Number(name), this.rig.tag) : []));
    const byPid = new Map(found.map((player) => [player.pid, player]));
    return found.map(({ ppid, ...player }) => {
      const parent = byPid.get(ppid);
      const isInside = parent !== undefined && parent.token === player.token;
      return { ...player, isSpoke: !isInside && / (--session-id|--resume) /.test(player.command) };
    });
  }

  spokes(task?: string): Player[] {
    return this.players().filter((player) => player.isSpoke && (task === undefined || player.task === task));
  }

  /** The spoke of a task, when it is there. */
  spoke(task: string): Promise<Player> {
    return waitFor(`the spoke of ${task}`, () => this.spokes(task)[0], 20_000);
  }

  /** What a Bash tool runs, by its command line, when it is there and the session's transcript has the call. */
  async tool(command: string, task?: string): Promise<Player> {
    const isIt = (player: Player) => player.command === command && (task === undefined || player.task === task);
    const tool = await waitFor(`"${command}"`, () => this.players().find(isIt), 25_000);
    await waitFor(`the call of "${command}" in the transcript`, () => this.#transcript(tool.task).includes('"tool_use"'));
    return tool;
  }

  /** A task is at its gate. */
  gateOf(task: string): Promise<Player> {
    const isIt = (player: Player) => player.task === task && player.command.includes('until [ -e ');
    return waitFor(`the gate of ${task}`, () => this.players().find(isIt), 25_000);
  }

  #transcript(task: string): string {
    const session = this.records('attempt', task).at(-1)?.session ?? '';
    const projects = join(this.rig.env['HOME'] ?? '', '.claude', 'projects');
    const [path] = readdirSync(projects)
      .map((name) => join(projects, name, `${session}.jsonl`))
      .filter((name) => existsSync(name));
    return path === undefined ? '' : readFileSync(path, 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = this.#conductors.filter(({ isOver }) => !isOver);
    for (const conductor of open) conductor.kill();
    // The test has failed already.
    if (open.length > 0) for (const { pid } of this.players()) process.kill(pid, 'SIGKILL');
    await this.rig[Symbol.asyncDispose]();
  }
}

/** Looks at the spokes all the time, from its making to `stop()`. */
export class Lookout {
  samples = 0;
  /** Tasks of which two lived at one time, in two looks in a row: a child may look like its parent for a moment. */
  readonly doubles: string[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(orchestra: Orchestra, everyMs = 50) {
    let before = new Set<string>();
    this.#timer = setInterval(() => {
      this.samples += 1;
      const seen = new Set<string>();
      const byTask = new Map<string, number[]>();
      for (const { task, pid } of orchestra.spokes()) byTask.set(task, [...(byTask.get(task) ?? []), pid]);
      for (const [task, pids] of byTask) if (pids.length > 1) seen.add(`${task}: ${pids.sort((a, b) => a - b).join(' and ')}`);
      for (const pair of seen) if (before.has(pair)) this.doubles.push(pair);
      before = seen;
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function playerOf(pid: number, tag: string): (Omit<Player, 'isSpoke'> & { ppid: number })[] {
  const read = (file: string) => {
    try {
      return readFileSync(`/proc/${String(pid)}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const variables = read('environ').split('\0');
  if (!variables.includes(`DVTEST_ID=${tag}`)) return [];
  const mark = variables.find((variable) => variable.startsWith('DEVCTL_TASK='))?.slice('DEVCTL_TASK='.length);
  const seen = readProcess(pid);
  if (mark === undefined || !seen || !isAlive(pid)) return [];
  const [, task = '', token = ''] = mark.split('/');
  const command = read('cmdline').replace(/\0/g, ' ').trim();
  return [{ pid, ppid: seen.ppid, start: seen.start, task, token, command }];
}
