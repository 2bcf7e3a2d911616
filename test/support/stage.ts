import { Fleet } from './fleet.ts';
import { bash, LONG, MockApi, prompt } from './mock-api.ts';
import type { Conductor } from './conductor.ts';
import type { Orchestra, TaskWish } from './orchestra.ts';
import { waitFor } from './wait-for.ts';

/** Who carries tasks out. */
export interface ExecutorKind {
  name: string;
  /** With the real Claude Code; else nobody answers with a prompt's first line. */
  isReal: boolean;
  /** By Redis and a worker. */
  isRemote: boolean;
}

export interface StageWishes {
  /** Of whoever carries out. */
  concurrency?: number;
  /** How long a mock's task takes. */
  mockMs?: number;
  /** Of claudeBinary(). */
  path: string;
}

/** A task for any executor: `line` is the first of its prompt. `isLong`: a real one does not end by itself. */
export interface Part extends Partial<TaskWish> {
  id: string;
  line: string;
  isLong?: boolean;
}

/** One executor with a task file, whatever it is. */
export class Stage implements AsyncDisposable {
  readonly orchestra: Orchestra;
  readonly #kind: ExecutorKind;
  readonly #fleet: Fleet;
  readonly #api: MockApi;
  readonly #mockMs: number;

  private constructor(kind: ExecutorKind, fleet: Fleet, api: MockApi, mockMs: number) {
    this.#kind = kind;
    this.#fleet = fleet;
    this.#api = api;
    this.#mockMs = mockMs;
    this.orchestra = fleet.orchestra;
  }

  static async open(kind: ExecutorKind, parts: Part[], { path, concurrency = 4, mockMs = 10 }: StageWishes): Promise<Stage> {
    const api = await MockApi.start();
    const tasks = parts.map(({ line, isLong, ...wish }) => {
      const steps = isLong === true ? [bash(`[ -e go-on ] || ${LONG}`)] : [];
      return { ...wish, prompt: kind.isReal ? prompt(wish.id, [...steps, { text: `real: ${wish.id}` }], line) : line };
    });
    const settings = kind.isRemote ? {} : { concurrency };
    const fleet = await Fleet.create(tasks, { claude: { path, api }, settings });
    const stage = new Stage(kind, fleet, api, mockMs);
    const words = `--concurrency ${String(concurrency)}`;
    if (kind.isRemote) await (kind.isReal ? fleet.worker(words) : fleet.mockWorker(words, mockMs));
    return stage;
  }

  /** `devctl orchestrate`, as the environment chooses the executor. */
  begin(words = ''): Conductor {
    const { isRemote, isReal } = this.#kind;
    const mode = isRemote ? 'redis' : isReal ? 'direct' : 'mock';
    const env = { CLAUDE_EXECUTOR_MODE: mode, REDIS_URL: this.#fleet.redis.url, MOCK_CLAUDE_MS: String(this.#mockMs) };
    return this.orchestra.begin(words, env);
  }

  async run(words = ''): Promise<{ code: number; stdout: string; stderr: string }> {
    return this.begin(words).end();
  }

  /** What the task that has this line answers. */
  answerOf(id: string, line: string): string {
    return this.#kind.isReal ? `real: ${id}` : `mock: ${line}`;
  }

  /** The line that a task was asked with. */
  heard(id: string): string {
    if (!this.#kind.isReal)
      return this.orchestra
        .read(`${id}.txt`)
        .replace(/^mock: /, '')
        .trim();
    const texts = this.#api.asked(id)[0]?.texts ?? [];
    return texts.findLast((text) => text.includes('\n@@ '))?.split('\n')[0] ?? '';
  }

  /** A task is worked on, and not only handed out. */
  async atWork(id: string): Promise<void> {
    if (this.#kind.isReal) await this.#api.turn(id);
    else await waitFor(`${id} at work`, () => this.orchestra.records('attempt', id).length > 0);
    if (this.#kind.isRemote) await waitFor(`${id} with a worker`, () => this.#fleet.said.includes(`begins    ${id}`));
  }

  /** Long ones end by themselves from now on. */
  goOn(): void {
    this.orchestra.rig.write({ 'go-on': '' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#fleet[Symbol.asyncDispose]();
    await this.#api[Symbol.asyncDispose]();
  }
}
