import { serveLoopback } from '../../loopback/serve.ts';
import type { Result } from '../../result.ts';
import type { Metrics } from './metrics.ts';

/** Serves the figures under /metrics. */
export function serveMetrics(metrics: Metrics, port: number): Promise<Result<{ close: () => void }>> {
  return serveLoopback(port, 'metrics', async ({ method, path }) => {
    if (path !== '/metrics') return { kind: 'text', status: 404, body: 'There is only /metrics.\n' };
    if (method !== 'GET') return { kind: 'text', status: 405, body: 'Only GET.\n' };
    return { kind: 'text', status: 200, body: await metrics.text(), type: metrics.contentType };
  });
}
