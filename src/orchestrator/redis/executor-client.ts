import { randomUUID } from 'node:crypto';
import type { Usage } from '../journal/records.ts';
import { parseEvent, type ClaudeEvent } from '../spoke/events.ts';
import type { ClaudeWishes } from '../spoke/command-line.ts';
import { CANCELS, readMessage, REQUESTS, responsesOf, type ChannelMessage, type ChannelRequest } from './channel.ts';
import { connectRedis, type Redis } from './connect.ts';
import { letGo } from './let-go.ts';

export interface ExecuteOptions extends ClaudeWishes {
  prompt: string;
  /** On the executor's machine; the executor's own folder by default. */
  cwd?: string;
  /** 60000 ms by default. */
  timeoutMs?: number;
  onEvent?: (event: ClaudeEvent) => void;
}

export interface ExecuteAnswer {
  text: string;
  session: string;
  usage: Usage;
}

/** Why there is no answer. `code`: "no_executor", "timeout", "busy", "circuit_open", "rate_limit", "auth" ... */
export class ClaudeExecutorError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ClaudeExecutorError';
    this.code = code;
  }
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** An executor that takes it says so before that. */
const ACCEPT_MS = 5000;
/** Beyond a request's time: what the executor itself may take to end it. */
const MARGIN_MS = 15_000;

/** Asks a `devctl executor` by Redis: for callers who may spawn nothing themselves. */
export class ClaudeExecutorClient {
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  #isClosed = false;
  readonly #waiting = new Map<string, (message: ChannelMessage) => void>();

  private constructor(publisher: Redis) {
    this.#publisher = publisher;
    // A connection that subscribes can do nothing else.
    this.#subscriber = publisher.duplicate();
    this.#subscriber.on('error', () => undefined);
    this.#subscriber.on('message', (channel, text) => {
      const message = readMessage(text);
      if (message) this.#waiting.get(channel)?.(message);
    });
  }

  /** Throws a ClaudeExecutorError where Redis does not answer. */
  static async connect(url: string): Promise<ClaudeExecutorClient> {
    const connected = await connectRedis(url);
    if (connected.ok) return new ClaudeExecutorClient(connected.value);
    const { failure } = connected;
    const why = failure.code === 'NO_REDIS' ? failure.why : failure.code === 'USAGE' ? failure.what : failure.code;
    throw new ClaudeExecutorError('no_redis', `Redis does not answer: ${why}`);
  }

  /** One prompt, one answer. Throws a ClaudeExecutorError. */
  async execute({ prompt, cwd, timeoutMs = DEFAULT_TIMEOUT_MS, onEvent, ...wishes }: ExecuteOptions): Promise<ExecuteAnswer> {
    const id = randomUUID();
    const channel = responsesOf(id);
    const request: ChannelRequest = {
      id,
      prompt,
      wishes,
      timeoutMs,
      wantsEvents: onEvent !== undefined,
      ...(cwd === undefined ? {} : { cwd }),
    };
    const answered = this.#listen(channel, timeoutMs, onEvent);
    answered.answer.catch(() => {
      // Until it is asked nobody waits for it.
    });
    try {
      await this.#subscriber.subscribe(channel);
      const hearers = await this.#publisher.publish(REQUESTS, JSON.stringify(request));
      if (hearers === 0) throw new ClaudeExecutorError('no_executor', 'nobody executes: devctl executor --redis URL');
      return await answered.answer;
    } catch (error) {
      if (error instanceof ClaudeExecutorError && error.code === 'timeout')
        await this.#publisher.publish(CANCELS, id).catch(() => 0);
      if (error instanceof ClaudeExecutorError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw this.#isClosed
        ? new ClaudeExecutorError('closed', 'the client was closed')
        : new ClaudeExecutorError('no_redis', why);
    } finally {
      answered.stop();
      this.#waiting.delete(channel);
      await this.#subscriber.unsubscribe(channel).catch(letGo);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
    for (const [channel, tell] of this.#waiting)
      tell({ kind: 'error', code: 'closed', message: `the client was closed (${channel})` });
  }

  #listen(
    channel: string,
    timeoutMs: number,
    onEvent: ExecuteOptions['onEvent'],
  ): { answer: Promise<ExecuteAnswer>; stop: () => void } {
    let fail: (error: ClaudeExecutorError) => void = () => undefined;
    const late = (code: string, ms: number) =>
      setTimeout(() => {
        fail(new ClaudeExecutorError(code, `no answer in ${String(ms)} ms`));
      }, ms);
    const accept = late('no_executor', ACCEPT_MS);
    const whole = late('timeout', timeoutMs + MARGIN_MS);
    const answer = new Promise<ExecuteAnswer>((resolve, reject) => {
      fail = reject;
      this.#waiting.set(channel, (message) => {
        switch (message.kind) {
          case 'accepted':
            clearTimeout(accept);
            return;
          case 'event':
            try {
              onEvent?.(parseEvent(JSON.stringify(message.event)));
            } catch {
              // Somebody else's mistake does not stop the reading.
            }
            return;
          case 'result':
            resolve({ text: message.text, session: message.session, usage: message.usage });
            return;
          case 'error':
            reject(new ClaudeExecutorError(message.code, message.message));
        }
      });
    });
    return {
      answer,
      stop: () => {
        clearTimeout(accept);
        clearTimeout(whole);
      },
    };
  }
}
