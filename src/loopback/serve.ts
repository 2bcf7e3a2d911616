import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fail, ok, type Result } from '../result.ts';

export interface LoopbackRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** Of `Authorization: Bearer ...`. */
  token: string | undefined;
}

export type LoopbackReply =
  | { kind: 'text'; status: number; body: string; type?: string }
  /** Goes on until the caller leaves; `onOpen` returns what to do then. */
  | { kind: 'events'; onOpen: (send: (text: string) => void) => () => void };

/** What there is under a path; nothing where there is nothing. Throws for bugs, which the caller sees as 500. */
export type Answerer = (request: LoopbackRequest) => LoopbackReply | undefined | Promise<LoopbackReply | undefined>;

/** A reader of events that has so many bytes waiting is let go. */
const MAX_WAITING_BYTES = 1024 * 1024;
const HEARTBEAT_MS = 15_000;
const LAST_WORDS_MS = 300;

/** Serves on the loopback alone, and nobody whom a web page sends. */
export function serveLoopback(port: number, what: string, answer: Answerer): Promise<Result<{ close: () => void }>> {
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    void reply(request, response, { port, answer, streams });
  });
  server.unref();
  return new Promise((resolve) => {
    server.once('error', ({ code = 'EIO', message }: NodeJS.ErrnoException) => {
      resolve(fail({ code: 'SYSTEM', action: `serve ${what} on port ${String(port)}`, errno: code, reason: message }));
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(
        ok({
          close: () => {
            server.close();
            // Readers of events get what is on its way to them.
            for (const stream of streams) stream.end();
            setTimeout(() => {
              server.closeAllConnections();
            }, LAST_WORDS_MS).unref();
          },
        }),
      );
    });
  });
}

interface Service {
  port: number;
  answer: Answerer;
  streams: Set<ServerResponse>;
}

async function reply(request: IncomingMessage, response: ServerResponse, { port, answer, streams }: Service): Promise<void> {
  const say = (status: number, body: string, type = 'text/plain') =>
    response.writeHead(status, { 'content-type': type }).end(body);
  // Nobody's words are read: what there is to say is in the path.
  request.resume();
  if (!isLocal(request, port)) {
    say(403, 'Only for callers on this machine.\n');
    return;
  }
  try {
    const given = await answer({
      method: request.method ?? '',
      path: request.url?.split('?')[0] ?? '',
      token: /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1],
    });
    if (!given) say(404, 'There is nothing here.\n');
    else if (given.kind === 'text') say(given.status, given.body, given.type);
    else {
      streams.add(response);
      response.on('close', () => streams.delete(response));
      streamEvents(response, given.onOpen);
    }
  } catch {
    say(500, 'devctl could not answer.\n');
  }
}

/** Source: HTML, server-sent events. */
function streamEvents(response: ServerResponse, onOpen: (send: (text: string) => void) => () => void): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = (text: string) => {
    if (response.writableEnded) return;
    if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
    else response.write(text);
  };
  // Whoever leaves in the middle of a word.
  response.on('error', () => undefined);
  send(': hello\n\n');
  const leave = onOpen(send);
  const heart = setInterval(() => {
    send(': still here\n\n');
  }, HEARTBEAT_MS);
  heart.unref();
  response.on('close', () => {
    clearInterval(heart);
    leave();
  });
}

/** A page in a browser can send to any port here, but with a Host and an Origin of its own (DNS rebinding). */
function isLocal({ headers: { host, origin } }: IncomingMessage, port: number): boolean {
  const names = ['127.0.0.1', 'localhost'].map((name) => `${name}:${String(port)}`);
  if (host === undefined || !names.includes(host)) return false;
  return origin === undefined || names.some((name) => origin === `http://${name}`);
}
