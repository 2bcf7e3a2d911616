import type { ServerResponse } from 'node:http';
import {
  beginStream,
  callsTool,
  messageStart,
  MessagesServer,
  saidBy,
  sendError,
  sendMessage,
  type Asked,
  type MessagesBody,
  type Said,
} from './messages-server.ts';
import { waitFor } from './wait-for.ts';

type Answer =
  Said | { tools: { tool: string; input: Record<string, unknown> }[] } | { /** What tools have answered last. */ echo: true };

type Trouble =
  | { http: number; message?: string; headers?: Record<string, string> }
  /** The stream is cut after its first event. */
  | { drop: true }
  /** Nothing is ever answered. */
  | { hang: true }
  /** An error in the middle of the stream, by its type. */
  | { sseError: string };

/** What the model does. A trouble comes `times` times, or always, and then `then`. */
export type ApiStep = (Answer | (Trouble & { times?: number; then?: ApiStep })) & { delayMs?: number };

interface Plan {
  id: string;
  steps: ApiStep[];
}

/** Everybody is answered with it, as long as it stands. */
export interface Refusal {
  http: number;
  message: string;
}

const MARKER = /@@ (\{.*?\}) @@/gs;

const TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** A prompt that tells the mock what to answer, by conversation: when n messages have called tools, it gets the n-th step. */
export function prompt(id: string, steps: ApiStep[], words = ''): string {
  return `${words}\n@@ ${JSON.stringify({ id, steps })} @@`;
}

export const bash = (command: string): ApiStep => ({ tool: 'Bash', input: { command, description: 'as asked' } });

/** A tool that waits for a file in the project. */
export const gate = (name: string): ApiStep =>
  bash(`until [ -e ${name} ]; do perl -e 'select undef, undef, undef, 0.05'; done; echo ${name} is open`);

/** A tool that would never end, the same that does at its second call, and how both look. */
export const LONG = `perl -e 'sleep 86400'`;
export const LONG_ONCE = `[ -e ran ] || { touch ran; ${LONG}; }`;
export const LONG_COMMAND = 'perl -e sleep 86400';

/**
 * A Messages API for many conversations at once. What each hears is in its own prompt: after so many calls of tools that step; when the steps are used up it is what
 * tools have answered last. `await using api = await MockApi.start()`.
 */
export class MockApi extends MessagesServer {
  refusal: Refusal | undefined;
  readonly #troubles = new Map<string, number>();

  private constructor() {
    super();
  }

  static start(): Promise<MockApi> {
    return new MockApi().listen();
  }

  /** What was asked in the name of a prompt. */
  asked(id: string): Asked[] {
    return this.turns.filter(({ body }) => planOf(body)?.plan.id === id);
  }

  /** The n-th of them, from 0, when it is there. */
  turn(id: string, index = 0, deadlineMs = 20_000): Promise<Asked> {
    return waitFor(`request ${String(index)} of ${id}`, () => this.asked(id)[index], deadlineMs);
  }

  protected async answer(asked: Asked, response: ServerResponse): Promise<void> {
    // A title, a summary: they are of no conversation.
    const found = asked.tools.length > 0 ? planOf(asked.body) : undefined;
    if (this.refusal) {
      sendTrouble(response, asked, this.refusal);
      return;
    }
    const { plan, index } = found ?? { plan: { id: '', steps: [{ text: 'ok' }] }, index: 0 };
    let step: ApiStep = plan.steps[index] ?? { echo: true };
    for (let depth = 0; isTrouble(step); depth += 1) {
      if (step.delayMs !== undefined) await pass(step.delayMs);
      const key = `${plan.id} ${String(index)} ${String(depth)}`;
      const before = this.#troubles.get(key) ?? 0;
      if (before < (step.times ?? Infinity)) {
        this.#troubles.set(key, before + 1);
        sendTrouble(response, asked, step);
        return;
      }
      step = step.then ?? { echo: true };
    }
    if (step.delayMs !== undefined) await pass(step.delayMs);
    sendMessage(response, asked, saidIn(step, asked));
  }
}

/**
 * The last plan that the conversation was given, and how many tools were called since: a session that is resumed has messages of
 * the assistant in it that nobody has said.
 */
function planOf({ messages = [] }: MessagesBody): { plan: Plan; index: number } | undefined {
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    const text = [...(message ? saidBy(message).join('\n').matchAll(MARKER) : [])].at(-1)?.[1];
    if (text === undefined) continue;
    return { plan: JSON.parse(text) as Plan, index: messages.slice(at).filter(callsTool).length };
  }
  return undefined;
}

function saidIn(step: Answer, asked: Asked): Said[] {
  if ('tools' in step) return step.tools;
  if ('echo' in step) return [{ text: asked.toolResults.at(-1)?.text ?? 'no tool has answered' }];
  return [step];
}

function isTrouble(step: ApiStep): step is Trouble & { times?: number; then?: ApiStep; delayMs?: number } {
  return 'http' in step || 'drop' in step || 'hang' in step || 'sseError' in step;
}

function sendTrouble(response: ServerResponse, { body }: Asked, trouble: Trouble): void {
  if ('hang' in trouble) return;
  if ('http' in trouble) {
    const { http, message = `the mock says ${String(http)}`, headers } = trouble;
    sendError(response, http, { type: TYPES[http] ?? 'api_error', message }, headers);
  } else if (body.stream !== true) {
    if ('drop' in trouble) response.destroy();
    else sendError(response, 529, { type: trouble.sseError, message: trouble.sseError });
  } else {
    const send = beginStream(response);
    send('message_start', messageStart(body.model));
    if ('drop' in trouble) setTimeout(() => response.destroy(), 50);
    else {
      send('error', { error: { type: trouble.sseError, message: trouble.sseError } });
      response.end();
    }
  }
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
