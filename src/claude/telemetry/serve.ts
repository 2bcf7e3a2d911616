import { createServer, type IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '../../result.ts';
import type { Metrics } from './metrics.ts';

/** Serves the figures under /metrics, on the loopback alone, and to nobody whom a web page sends. */
export function serveMetrics(metrics: Metrics, port: number): Promise<Result<{ close: () => void }>> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: string, type = 'text/plain') =>
      response.writeHead(status, { 'content-type': type }).end(body);
    if (!isLocal(request, port)) answer(403, 'Only for callers on this machine.\n');
    else if (request.method !== 'GET') answer(405, 'Only GET.\n');
    else if (request.url?.split('?')[0] !== '/metrics') answer(404, 'There is only /metrics.\n');
    else
      void metrics.text().then(
        (body) => answer(200, body, metrics.contentType),
        () => answer(500, 'devctl could not read its metrics.\n'),
      );
  });
  server.unref();
  return new Promise((resolve) => {
    server.once('error', ({ code = 'EIO', message }: NodeJS.ErrnoException) => {
      resolve(fail({ code: 'SYSTEM', action: `serve metrics on port ${String(port)}`, errno: code, reason: message }));
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(
        ok({
          close: () => {
            server.closeAllConnections();
            server.close();
          },
        }),
      );
    });
  });
}

/** A page in a browser can send to any port here, but with a Host and an Origin of its own (DNS rebinding). */
function isLocal({ headers: { host, origin } }: IncomingMessage, port: number): boolean {
  const names = ['127.0.0.1', 'localhost'].map((name) => `${name}:${String(port)}`);
  if (host === undefined || !names.includes(host)) return false;
  return origin === undefined || names.some((name) => origin === `http://${name}`);
}
