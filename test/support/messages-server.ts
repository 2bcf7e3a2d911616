import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

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

interface Message {
  role: 'user' | 'assistant' | 'system';
  content: string | Block[];
}

/** The body of a request, as far as tests ask about it. */
export interface MessagesBody {
  model?: string;
  stream?: boolean;
  system?: string | Block[];
  tools?: { name: string; description?: string; input_schema?: unknown }[];
  messages?: Message[];
}

/** What the model says. */
export type Said = { text: string } | { tool: string; input: Record<string, unknown> };

/** A request that was asked of the model. */
export class Asked {
  /** When its last byte was here, in ms since 1970. */
  readonly at = Date.now();
  readonly body: MessagesBody;
  readonly bytes: number;

  constructor(body: MessagesBody, bytes: number) {
    this.body = body;
    this.bytes = bytes;
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
    return [textOf(this.body.system), ...(this.body.messages ?? []).flatMap(saidBy)];
  }

  #blocks(): Block[] {
    return (this.body.messages ?? []).filter(({ role }) => role !== 'assistant').flatMap(blocksOf);
  }
}

/** A Messages API on 127.0.0.1, which says what its heirs make it say. Source: measured, what Claude Code 2.1.329 accepts. */
export abstract class MessagesServer implements AsyncDisposable {
  /** Every request, also those that are not of the conversation. */
  readonly requests: Asked[] = [];
  readonly #server: Server;

  protected constructor() {
    this.#server = createServer((request, response) => {
      void this.#take(request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500);
        response.end(String(error));
      });
    });
  }

  /** The port, when it listens. */
  protected async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return this;
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

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Answers a request, which is the last of `requests`. */
  protected abstract answer(asked: Asked, response: ServerResponse): Promise<void>;

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readAll(request);
    const path = (request.url ?? '').split('?')[0];
    if (request.method === 'HEAD') {
      response.end();
    } else if (path === '/v1/messages/count_tokens') {
      sendJson(response, 200, { input_tokens: tokens(raw.length) });
    } else if (path !== '/v1/messages') {
      sendError(response, 404, { type: 'not_found_error', message: `the mock has no ${String(path)}` });
    } else {
      const asked = new Asked(JSON.parse(raw) as MessagesBody, raw.length);
      this.requests.push(asked);
      await this.answer(asked, response);
    }
  }
}

export function sendMessage(response: ServerResponse, { body: { model = 'mock', stream }, bytes }: Asked, said: Said[]): void {
  const blocks = said.map((one) =>
    'text' in one
      ? { type: 'text', text: one.text }
      : { type: 'tool_use', id: newId('toolu_'), name: one.tool, input: one.input },
  );
  const stopReason = said.some((one) => 'tool' in one) ? 'tool_use' : 'end_turn';
  const usage = {
    input_tokens: tokens(bytes),
    output_tokens: tokens(JSON.stringify(blocks).length),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
  const message = { id: newId('msg_'), type: 'message', role: 'assistant', model, stop_sequence: null, usage };
  if (stream !== true) {
    sendJson(response, 200, { ...message, content: blocks, stop_reason: stopReason });
    return;
  }
  const send = beginStream(response);
  send('message_start', { message: { ...message, content: [], stop_reason: null } });
  for (const [index, block] of blocks.entries()) {
    send('content_block_start', { index, content_block: 'text' in block ? { ...block, text: '' } : { ...block, input: {} } });
    const delta =
      'text' in block
        ? { type: 'text_delta', text: block.text }
        : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
    send('content_block_delta', { index, delta });
    send('content_block_stop', { index });
  }
  send('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage });
  send('message_stop');
  response.end();
}

/** The first lines of a stream; what it returns sends an event of it. */
export function beginStream(response: ServerResponse): (type: string, data?: object) => void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'request-id': newId('req_') });
  return (type, data = {}) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
}

/** The first event of a message of which nothing else may ever come. */
export function messageStart(model = 'mock'): object {
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = { id: newId('msg_'), type: 'message', role: 'assistant', model, content: [], stop_reason: null };
  return { message: { ...message, stop_sequence: null, usage } };
}

export function sendError(
  response: ServerResponse,
  status: number,
  error: { type: string; message: string },
  headers: Record<string, string> = {},
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendJson(response, status, { type: 'error', error });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': newId('req_') }).end(JSON.stringify(body));
}

/** The texts of a message that no assistant has written; no tool's answers. */
export function saidBy(message: Message): string[] {
  if (message.role === 'assistant') return [];
  return blocksOf(message).flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : []));
}

export function callsTool(message: Message): boolean {
  return message.role === 'assistant' && blocksOf(message).some(({ type }) => type === 'tool_use');
}

function blocksOf({ content }: Message): Block[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
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

function tokens(characters: number): number {
  return Math.max(1, Math.round(characters / 4));
}
