import { spawn } from 'node:child_process';
import { Conductor } from './conductor.ts';
import { Orchestra, type TaskWish } from './orchestra.ts';
import type { MockApi } from './mock-api.ts';
import { RedisServer } from './redis.ts';
import { DEVCTL } from './rig.ts';
import { waitFor } from './wait-for.ts';

export interface FleetWishes {
  /** Of claudeBinary(), and its API. Without them every worker is a mock. */
  claude?: { path: string; api: Pick<MockApi, 'url'> };
  password?: string;
  settings?: Record<string, unknown>;
}

const NOBODY = { path: '/nobody/has/claude', api: { url: 'http://127.0.0.1:1' } };

/** A rig with a Redis, a task file, hubs and workers. */
export class Fleet implements AsyncDisposable {
  readonly orchestra: Orchestra;
  readonly redis: RedisServer;
  readonly #workers: Conductor[] = [];

  private constructor(orchestra: Orchestra, redis: RedisServer) {
    this.orchestra = orchestra;
    this.redis = redis;
  }

  static async create(tasks: TaskWish[], { claude = NOBODY, password, settings }: FleetWishes = {}): Promise<Fleet> {
    const orchestra = Orchestra.create(claude.api, claude.path, tasks, settings);
    return new Fleet(orchestra, await RedisServer.start(orchestra.rig, password === undefined ? {} : { password }));
  }

  /** `devctl orchestrate tasks.json --redis URL` */
  hub(words = '', env: Record<string, string> = {}): Conductor {
    return this.orchestra.begin(`--redis ${this.redis.url} ${words}`, env);
  }

  /** `devctl worker --redis URL`, at its work. */
  async worker(words = '', env: Record<string, string> = {}): Promise<Conductor> {
    const worker = this.run(`worker --redis ${this.redis.url} ${words}`, env);
    await waitFor('the worker', () => worker.stderr.includes('devctl worker takes up to') || worker.isOver, 20_000);
    if (worker.isOver) throw new Error(`the worker has ended\n${worker.stderr}`);
    return worker;
  }

  /** One that needs no Claude Code; `ms`: how long a task takes. */
  mockWorker(words = '', ms = 10): Promise<Conductor> {
    return this.worker(words, { MOCK_CLAUDE: 'true', MOCK_CLAUDE_MS: String(ms) });
  }

  /** Any devctl, which is ended with the fleet. */
  run(words: string, env: Record<string, string> = {}): Conductor {
    const child = spawn(process.execPath, [DEVCTL, ...words.split(' ').filter(Boolean)], {
      cwd: this.orchestra.rig.project,
      env: { ...this.orchestra.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const conductor = new Conductor(child);
    this.#workers.push(conductor);
    return conductor;
  }

  /** What workers have said so far. */
  get said(): string {
    return this.#workers.map(({ stderr }) => stderr).join('');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = this.#workers.filter(({ isOver }) => !isOver);
    for (const worker of open) worker.signal('SIGTERM');
    const areOver = () => open.every(({ isOver }) => isOver);
    await waitFor('the ends of the workers', areOver, 3000).catch(() => {
      for (const worker of open) worker.kill();
      for (const { pid } of this.orchestra.players()) process.kill(pid, 'SIGKILL');
    });
    await this.redis[Symbol.asyncDispose]();
    await this.orchestra[Symbol.asyncDispose]();
  }
}
