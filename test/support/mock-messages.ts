import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { waitFor } from './wait-for.ts';

/** One answer of the model. */
export type Step = { text: string; delayMs?: number } | { tool: string; input: Record<string, unknown>; delayMs?: number };

/** What the model was shown of a tool's answer. */
export interface ToolResult {
  toolUseId: string;
  text: string;
  isError: boolean;
}

interface Block {
  type: string;
  text?: string;
  tool_use_id?: string;
  is_error?: boolean;
  content?: string | Block[];
}

/** The body of a request, as far as tests ask about it. */
export interface MessagesBody {
  model?: string;
  stream?: boolean;
  system?: string | Block[];
  tools?: { name: string; description?: string; input_schema?: unknown }[];
  messages?: { role: 'user' | 'assistant' | 'system'; content: string | Block[] }[];
}

/** A request that was asked of the model. */
export class Asked {
  /** When its last byte was here, in ms since 1970. */
  readonly at = Date.now();
  readonly body: MessagesBody;

  constructor(body: MessagesBody) {
    this.body = body;
  }

  /** The names of the tools that the model was offered. */
  get tools(): string[] {
    return (this.body.tools ?? []).map(({ name }) => name);
  }

  /** Everything that tools have answered so far, oldest first. */
  get toolResults(): ToolResult[] {
    return this.#blocks()
      .filter(({ type }) => type === 'tool_result')
      .map(({ tool_use_id, content, is_error }) => ({
        toolUseId: tool_use_id ?? '',
        text: textOf(content),
        isError: is_error === true,
      }));
  }

  /** What it was told by the system and by the user, which hooks add to. */
  get texts(): string[] {
    const said = this.#blocks().flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : []));
    return [textOf(this.body.system), ...said];
  }

  #blocks(): Block[] {
    return (this.body.messages ?? [])
      .filter(({ role }) => role !== 'assistant')
      .flatMap(({ content }) => (typeof content === 'string' ? [{ type: 'text', text: content }] : content));
  }
}

/**
 * A Messages API on 127.0.0.1 for one conversation: its n-th request that offers tools gets the n-th step, and then the
 * final text. `await using mock = await MockMessages.start([...])`. Source: measured, what Claude Code 2.1.329 accepts.
 */
export class MockMessages implements AsyncDisposable {
  /** Every request, also those that are not of the conversation. */
  readonly requests: Asked[] = [];
  readonly #steps: Step[];
  readonly #finalText: string;
  readonly #server: Server;

  private constructor(steps: Step[], finalText: string) {
    this.#steps = steps;
    this.#finalText = finalText;
    this.#server = createServer((request, response) => {
      void this.#answer(request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500);
        response.end(String(error));
      });
    });
  }

  static async start(steps: Step[] = [], finalText = 'That is all.'): Promise<MockMessages> {
    const mock = new MockMessages(steps, finalText);
    await new Promise<void>((resolve, reject) => {
      mock.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return mock;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the mock does not listen');
    return `http://127.0.0.1:${String(address.port)}`;
  }

  /** The requests that offer tools. */
  get turns(): Asked[] {
    return this.requests.filter(({ tools }) => tools.length > 0);
  }

  /** The n-th request of the conversation, from 0, when it is there. */
  turn(index: number, deadlineMs?: number): Promise<Asked> {
    return waitFor(`request ${String(index)} of the conversation`, () => this.turns[index], deadlineMs);
  }

  /** The model's last view of what tools have answered. */
  get toolResults(): ToolResult[] {
    return this.turns.at(-1)?.toolResults ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readAll(request);
    const path = (request.url ?? '').split('?')[0];
    if (request.method === 'HEAD') {
      response.end();
    } else if (path === '/v1/messages/count_tokens') {
      sendJson(response, 200, { input_tokens: tokens(raw) });
    } else if (path !== '/v1/messages') {
      const error = { type: 'not_found_error', message: `the mock has no ${String(path)}` };
      sendJson(response, 404, { type: 'error', error });
    } else {
      const asked = new Asked(JSON.parse(raw) as MessagesBody);
      const index = this.turns.length;
      this.requests.push(asked);
      const step = (asked.tools.length > 0 ? this.#steps[index] : undefined) ?? { text: this.#finalText };
      if (step.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, step.delayMs));
      sendMessage(response, asked.body, step, tokens(raw));
    }
  }
}

function sendMessage(response: ServerResponse, { model = 'mock', stream }: MessagesBody, step: Step, inputTokens: number): void {
  const block =
    'text' in step
      ? { type: 'text', text: step.text }
      : { type: 'tool_use', id: newId('toolu_'), name: step.tool, input: step.input };
  const stopReason = 'text' in step ? 'end_turn' : 'tool_use';
  const usage = {
    input_tokens: inputTokens,
    output_tokens: tokens(JSON.stringify(block)),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
  const message = { id: newId('msg_'), type: 'message', role: 'assistant', model, stop_sequence: null, usage };
  if (stream !== true) {
    sendJson(response, 200, { ...message, content: [block], stop_reason: stopReason });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'request-id': newId('req_') });
  const send = (type: string, data: object = {}) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  send('message_start', { message: { ...message, content: [], stop_reason: null } });
  send('content_block_start', { index: 0, content_block: 'text' in step ? { ...block, text: '' } : { ...block, input: {} } });
  const delta =
    'text' in step
      ? { type: 'text_delta', text: step.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(step.input) };
  send('content_block_delta', { index: 0, delta });
  send('content_block_stop', { index: 0 });
  send('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage });
  send('message_stop');
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': newId('req_') }).end(JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += String(chunk);
  return text;
}

function textOf(content: string | Block[] | undefined): string {
  if (content === undefined || typeof content === 'string') return content ?? '';
  return content.map(({ text, content: inner }) => text ?? textOf(inner)).join('\n');
}

function newId(prefix: string): string {
  return prefix + randomBytes(12).toString('hex');
}

function tokens(text: string): number {
  return Math.max(1, Math.round(text.length / 4));
}
