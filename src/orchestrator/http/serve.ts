import { timingSafeEqual } from 'node:crypto';
import { serveLoopback, type LoopbackReply, type LoopbackRequest } from '../../loopback/serve.ts';
import type { Result } from '../../result.ts';
import type { Health } from './health.ts';
import type { RequestMetrics } from './metrics.ts';

/** What an orchestrator, a worker or an executor shows of itself. */
export interface Shown {
  health: () => Health | Promise<Health>;
  metrics: RequestMetrics;
  /** Its events from now on; returns how to end that. */
  listen: (onEvent: (name: string, data: unknown) => void) => () => void;
  /** Where tasks can be cancelled: with which token. */
  control?: { token: string; cancel: (id: string) => 'cancelled' | 'over' | 'unknown' };
}

const CANCEL = /^\/tasks\/([A-Za-z0-9._-]+)\/cancel$/;

export function serveOrchestrator(port: number, shown: Shown): Promise<Result<{ close: () => void }>> {
  return serveLoopback(port, 'health and metrics', (request) => answer(request, shown));
}

async function answer(request: LoopbackRequest, shown: Shown): Promise<LoopbackReply | undefined> {
  const { method, path } = request;
  const cancelled = CANCEL.exec(path)?.[1];
  if (cancelled !== undefined) return method === 'POST' ? cancel(cancelled, request, shown) : text(405, 'Only POST.');
  if (method !== 'GET') return text(405, 'Only GET.');
  switch (path) {
    case '/health':
    case '/claude-executor/health': {
      const health = await shown.health();
      return json(health.status === 'unhealthy' ? 503 : 200, health);
    }
    case '/metrics':
      return { kind: 'text', status: 200, body: await shown.metrics.text(), type: shown.metrics.contentType };
    case '/events':
      return {
        kind: 'events',
        onOpen: (send) =>
          shown.listen((name, data) => {
            send(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
          }),
      };
    default:
      return undefined;
  }
}

function cancel(id: string, { token }: LoopbackRequest, { control }: Shown): LoopbackReply | undefined {
  if (!control) return undefined;
  if (!isSame(token ?? '', control.token)) return text(401, 'A token is needed: Authorization: Bearer TOKEN');
  const how = control.cancel(id);
  return json(how === 'cancelled' ? 202 : how === 'unknown' ? 404 : 409, { task: id, state: how });
}

function isSame(given: string, own: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(own)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const text = (status: number, words: string): LoopbackReply => ({ kind: 'text', status, body: `${words}\n` });
const json = (status: number, value: unknown): LoopbackReply => ({
  kind: 'text',
  status,
  body: `${JSON.stringify(value)}\n`,
  type: 'application/json',
});
