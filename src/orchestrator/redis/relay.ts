import type { Redis } from './connect.ts';
import { within } from './within.ts';

/** Lines go in portions of about so many bytes. */
const PORTION_BYTES = 64 * 1024;
/** So many portions at most lie in Redis; then the sender waits, for its file has them all. */
const MAX_PORTIONS = 128;
const WAIT_MS = 100;
/** A hub that fetches nothing for so long has gone; its events stay with the worker. */
const PATIENCE_MS = 30_000;
const TTL_SECONDS = 86_400;
/** How many portions are fetched at once. */
const FETCHED = 16;

/** Sends the lines of an attempt to the hub. What cannot be sent keeps nobody waiting for long. */
export class EventSender {
  readonly #redis: Redis;
  readonly #key: string;
  #lines: string[] = [];
  #bytes = 0;
  #sending: Promise<void> = Promise.resolve();
  #isDeaf = false;

  constructor(redis: Redis, key: string) {
    this.#redis = redis;
    this.#key = key;
  }

  add(line: string): void {
    // Without Redis the worker's file has them; it is not memory that should.
    if (this.#isDeaf || this.#redis.status !== 'ready') return;
    this.#lines.push(line);
    this.#bytes += line.length;
    if (this.#bytes >= PORTION_BYTES) this.flush();
  }

  /** Sends what there is, after what is under way. */
  flush(): void {
    if (this.#lines.length === 0) return;
    const portion = `${this.#lines.join('\n')}\n`;
    this.#lines = [];
    this.#bytes = 0;
    this.#sending = this.#sending.then(() => this.#send(portion)).catch(() => undefined);
  }

  /** Without Redis it does not wait for long. */
  async end(): Promise<void> {
    this.flush();
    await within(PATIENCE_MS, this.#sending);
  }

  async #send(portion: string): Promise<void> {
    if (this.#isDeaf) return;
    const length = await this.#redis.rpush(this.#key, portion);
    await this.#redis.expire(this.#key, TTL_SECONDS);
    if (length <= MAX_PORTIONS) return;
    for (let waitedMs = 0; (await this.#redis.llen(this.#key)) > MAX_PORTIONS / 2; waitedMs += WAIT_MS) {
      if (waitedMs >= PATIENCE_MS) {
        this.#isDeaf = true;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
}

/**
 * Fetches what has come for these keys, in order; calls for each portion. What was handed on is removed then: a hub that is killed in between
 * leaves some lines that the next one has twice, and none that it has not at all.
 */
export async function fetchEvents(
  redis: Redis,
  keys: string[],
  onPortion: (key: string, portion: string) => void,
): Promise<void> {
  let pending = keys;
  while (pending.length > 0) {
    const reading = redis.pipeline();
    for (const key of pending) reading.lrange(key, 0, FETCHED - 1);
    const answers = (await reading.exec()) ?? [];
    const removing = redis.pipeline();
    const more: string[] = [];
    for (const [index, key] of pending.entries()) {
      const portions = (answers[index]?.[1] ?? []) as string[];
      if (portions.length === 0) continue;
      for (const portion of portions) onPortion(key, portion);
      removing.ltrim(key, portions.length, -1);
      if (portions.length === FETCHED) more.push(key);
    }
    await removing.exec();
    pending = more;
  }
}
