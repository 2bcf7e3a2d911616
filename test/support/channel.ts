import { join } from 'node:path';
import type * as Library from '../../src/library.ts';
import type { Conductor } from './conductor.ts';
import type { Fleet } from './fleet.ts';
import { PACKAGE } from './rig.ts';
import { waitFor } from './wait-for.ts';

/** The built library, and executors that it asks. */
export const { ClaudeExecutorClient } = (await import(join(PACKAGE, 'dist', 'library.js'))) as typeof Library;
type Client = Library.ClaudeExecutorClient;
/** A task file that nobody looks at. */
export const TASKS = [{ id: 'nothing', prompt: 'nothing' }];

/** An executor at its work. */
export async function executor(fleet: Fleet, env: Record<string, string> = {}, words = ''): Promise<Conductor> {
  const begun = fleet.run(`executor --redis ${fleet.redis.url} ${words}`, env);
  await waitFor('the executor', () => begun.stderr.includes('requests at once') || begun.isOver, 20_000);
  if (begun.isOver) throw new Error(`the executor has ended\n${begun.stderr}`);
  return begun;
}
export const mock = (fleet: Fleet, ms: number, env: Record<string, string> = {}, words = '') =>
  executor(fleet, { MOCK_CLAUDE: 'true', MOCK_CLAUDE_MS: String(ms), ...env }, words);

/** A client that is closed with the test. */
export async function withClient<T>(fleet: Fleet, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await ClaudeExecutorClient.connect(fleet.redis.url);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** Texts, and codes of errors. */
export async function ask(client: Client, text: string, options: Partial<Library.ExecuteOptions> = {}): Promise<string> {
  return client.execute({ prompt: text, ...options }).then(
    (answer) => answer.text,
    (error: unknown) => (error as Library.ClaudeExecutorError).code,
  );
}
export const many = (client: Client, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => ask(client, `number ${String(index)}`)));
export const answers = (count: number) => Array.from({ length: count }, (_, index) => `mock: number ${String(index)}`);

/** So many requests have an executor. */
export const taken = async (fleet: Fleet) => (await fleet.redis.ask((redis) => redis.keys('devctl:executor-*:claim:*'))).length;

export async function metric(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? NaN);
}
