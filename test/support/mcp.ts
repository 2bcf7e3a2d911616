import { spawn, type ChildProcess } from 'node:child_process';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect } from 'vitest';
import { DEVCTL, type Rig } from './rig.ts';
import { waitFor } from './wait-for.ts';

export const REVISIONS = ['2025-11-25', '2026-07-28'] as const;
export type Revision = (typeof REVISIONS)[number];

/** What a model gets of a call. */
export interface Told {
  isError: boolean;
  text: string;
  data: Record<string, unknown> | undefined;
}

interface Place {
  revision?: Revision;
  env?: Record<string, string>;
  cwd?: string;
}

/** `devctl mcp` beneath the SDK's own client, which checks every answer against its tool's schema. */
export class Agent implements AsyncDisposable {
  readonly client: Client;
  readonly #transport: StdioClientTransport;

  private constructor(client: Client, transport: StdioClientTransport) {
    this.client = client;
    this.#transport = transport;
  }

  static async connect(rig: Rig, { revision = '2025-11-25', env = {}, cwd = rig.project }: Place = {}): Promise<Agent> {
    const mode = revision === '2025-11-25' ? 'legacy' : { pin: revision };
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [DEVCTL, 'mcp'],
      env: { ...rig.env, ...env },
      cwd,
      stderr: 'pipe',
    });
    await client.connect(transport);
    return new Agent(client, transport);
  }

  get pid(): number {
    return this.#transport.pid ?? 0;
  }

  async call(name: string, input: Record<string, unknown> = {}): Promise<Told> {
    const result = await this.client.callTool({ name, arguments: input }, { timeout: 50_000 });
    const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    return { isError: result.isError === true, text, data: result.structuredContent as Told['data'] };
  }

  /** A call that must succeed. */
  async do(name: string, input: Record<string, unknown> = {}): Promise<Told> {
    const told = await this.call(name, input);
    expect(told.isError, `${name} ${JSON.stringify(input)}: ${told.text}`).toBe(false);
    return told;
  }

  /** A call that must fail, with words that help. */
  async fail(name: string, input: Record<string, unknown> = {}): Promise<string> {
    const told = await this.call(name, input);
    expect(told.isError, `${name} ${JSON.stringify(input)}: ${told.text}`).toBe(true);
    return told.text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }
}

interface Message {
  id?: number;
  result?: Record<string, unknown>;
  error?: { code: number; message: string };
}

/** `devctl mcp` with nothing but a pipe: every line of its output must be a message. */
export class Wire implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly messages: Message[] = [];
  stderr = '';
  #rest = '';
  #id = 0;

  constructor(rig: Rig, { env = {}, cwd = rig.project }: Place = {}) {
    this.child = spawn(process.execPath, [DEVCTL, 'mcp'], { cwd, env: { ...rig.env, ...env }, stdio: 'pipe' });
    this.child.stdin?.on('error', () => undefined);
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.messages.push(JSON.parse(line) as Message);
    });
  }

  get isOver(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  write(text: string): void {
    this.child.stdin?.write(text);
  }

  /** Sends a request; returns its id. */
  send(method: string, params: Record<string, unknown> = {}): number {
    this.#id += 1;
    this.write(`${JSON.stringify({ jsonrpc: '2.0', id: this.#id, method, params })}\n`);
    return this.#id;
  }

  answer(id: number, deadlineMs?: number): Promise<Message> {
    return waitFor(`an answer to ${String(id)}`, () => this.messages.find((one) => one.id === id), deadlineMs);
  }

  async initialize(protocolVersion: string = REVISIONS[0]): Promise<Message> {
    const clientInfo = { name: 'wire', version: '1' };
    const message = await this.answer(this.send('initialize', { protocolVersion, capabilities: {}, clientInfo }));
    this.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    return message;
  }

  call(name: string, input: Record<string, unknown> = {}): number {
    return this.send('tools/call', { name, arguments: input });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isOver) return;
    this.child.kill('SIGKILL');
    await waitFor('the server to be gone', () => this.isOver);
  }
}
