import type { Redis } from './connect.ts';
import { eventsKey } from './protocol.ts';
import { fetchEvents } from './relay.ts';

/** Fetches the events of attempts that workers are at; one fetch at a time. */
export class EventFetcher {
  readonly #redis: Redis;
  readonly #queue: string;
  readonly #onPortion: (token: string, portion: string) => void;
  #last: Promise<void> = Promise.resolve();
  #isFetching = false;

  constructor(redis: Redis, queue: string, onPortion: (token: string, portion: string) => void) {
    this.#redis = redis;
    this.#queue = queue;
    this.#onPortion = onPortion;
  }

  /** What has come by now; nothing where a fetch is under way. */
  glance(tokens: string[]): void {
    if (!this.#isFetching && tokens.length > 0) void this.fetch(tokens);
  }

  /** All that has come by now. Never rejects: what cannot be had now stays for the next time. */
  fetch(tokens: string[]): Promise<void> {
    this.#last = this.#last.then(() => this.#fetch(tokens)).catch(() => undefined);
    return this.#last;
  }

  async #fetch(tokens: string[]): Promise<void> {
    this.#isFetching = true;
    const byKey = new Map(tokens.map((token) => [eventsKey(this.#queue, token), token]));
    try {
      await fetchEvents(this.#redis, [...byKey.keys()], (key, portion) => {
        this.#onPortion(byKey.get(key) ?? '', portion);
      });
    } finally {
      this.#isFetching = false;
    }
  }
}
