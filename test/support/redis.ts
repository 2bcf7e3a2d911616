import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Rig } from './rig.ts';
import { waitFor } from './wait-for.ts';

/** The project's test command installs it. */
const PROGRAM = 'redis-server';

/**
 * A redis-server of a rig's own, which keeps nothing on the disk: as Debian's does with 60 jobs, after kill -9. Declared after its rig,
 * it ends before that looks for what was left.
 */
export class RedisServer implements AsyncDisposable {
  readonly port: number;
  readonly password: string | undefined;
  readonly #rig: Rig;
  #child: ChildProcess | undefined;

  private constructor(rig: Rig, port: number, password: string | undefined) {
    this.#rig = rig;
    this.port = port;
    this.password = password;
  }

  static async start(rig: Rig, { password }: { password?: string } = {}): Promise<RedisServer> {
    const server = new RedisServer(rig, await Rig.freePort(), password);
    await server.begin();
    return server;
  }

  get url(): string {
    return this.urlWith(this.password);
  }

  urlWith(password: string | undefined): string {
    return `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${String(this.port)}`;
  }

  /** A connection to it for a test, which closes it. */
  client(): Redis {
    const client = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    return client;
  }

  /** Asks it on a connection that is closed afterwards. */
  async ask<T>(question: (client: Redis) => Promise<T>): Promise<T> {
    const client = this.client();
    try {
      await client.connect();
      return await question(client);
    } finally {
      client.disconnect();
    }
  }

  /** Everything but BullMQ's own notes of a queue and who works on it. */
  async jobKeys(): Promise<string[]> {
    const keys = await this.ask((client) => client.keys('*'));
    return keys.filter((key) => !/:(meta|events|workers|stalled-check|id|limiter)$/.test(key));
  }

  async begin(): Promise<void> {
    this.#rig.write({ 'redis/.keep': '' }, this.#rig.root);
    const words = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no'];
    const secret = this.password === undefined ? [] : ['--requirepass', this.password];
    const child = spawn(PROGRAM, [...words, ...secret], {
      cwd: join(this.#rig.root, 'redis'),
      env: this.#rig.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let said = '';
    const state = { isMissing: false };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
    child.on('error', () => (state.isMissing = true));
    const isThere = () =>
      state.isMissing ||
      this.ask((client) => client.ping()).then(
        () => true,
        () => false,
      );
    await waitFor('redis-server', isThere, 10_000).catch((error: unknown) => {
      throw new Error(`redis-server does not answer\n${said}`, { cause: error });
    });
    if (state.isMissing)
      throw new Error('There is no redis-server on the PATH, and these tests need one: apt-get install redis-server');
  }

  /** SIGKILL. All that it holds is lost. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.pid === undefined) return;
    child.kill('SIGKILL');
    await waitFor('the end of redis-server', () => child.exitCode !== null || child.signalCode !== null);
  }

  /** Killed, and begun anew on its port, with nothing in it. */
  async restart(): Promise<void> {
    await this.kill();
    await this.begin();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
