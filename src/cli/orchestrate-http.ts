import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { healthOf, type HealthFacts } from '../orchestrator/http/health.ts';
import { countRecord, makeRequestMetrics } from '../orchestrator/http/metrics.ts';
import { serveOrchestrator } from '../orchestrator/http/serve.ts';
import { CLOSED } from '../orchestrator/hub/breaker.ts';
import type { Hub, HubWatcher } from '../orchestrator/hub/hub.ts';
import type { OutputPaths } from '../orchestrator/output/outputs.ts';
import { ok, type Result } from '../result.ts';
import type { Context } from './context.ts';

/** A hub's face for machines: health, metrics, events, and the cancelling of tasks. It is there before the hub is. */
export interface HttpFace {
  watcher: HubWatcher;
  attach(hub: Hub, paths: OutputPaths): void;
  close(): void;
}

/** Who has been given the token may cancel tasks: it lies in a file that only this user can read. */
const TOKEN_FILE = 'http-token';

export async function httpFace(context: Context, port: number, executor: 'direct' | 'redis' | 'mock'): Promise<Result<HttpFace>> {
  const listeners = new Set<(name: string, data: unknown) => void>();
  const state: { hub: Hub | undefined } = { hub: undefined };
  const metrics = await makeRequestMetrics(() => ({
    active: state.hub?.running ?? 0,
    queued: state.hub?.board.counts.ready ?? 0,
    breaker: state.hub?.gate.breaker ?? CLOSED,
  }));
  const tell = (name: string, data: unknown) => {
    for (const listener of listeners) listener(name, data);
  };
  const facts = (): HealthFacts => ({
    redis: executor !== 'redis' ? 'not used' : (state.hub?.isConnected ?? true) ? 'connected' : 'disconnected',
    claudeCLI: executor === 'direct' ? 'accessible' : 'not used',
    breaker: state.hub?.gate.breaker ?? CLOSED,
    activeRequests: state.hub?.running ?? 0,
    totals: metrics.totals(),
  });
  const token = randomBytes(24).toString('base64url');
  const served = await serveOrchestrator(port, {
    health: () => healthOf(facts()),
    metrics,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    control: { token, cancel: (id) => state.hub?.cancel(id) ?? 'unknown' },
  });
  if (!served.ok) return served;
  let tokenFile: string | undefined;
  return ok({
    watcher: {
      onRecord: (record) => {
        countRecord(metrics, record);
        tell(record.kind, record);
      },
      onProgress: (task, progress) => {
        tell('progress', { task, ...progress });
      },
    },
    attach: (hub, paths) => {
      state.hub = hub;
      tokenFile = join(paths.state, TOKEN_FILE);
      context.machine.files.writePrivate(tokenFile, `${token}\n`);
      context.say(
        `http://127.0.0.1:${String(port)}/health /metrics /events; the token for POST /tasks/ID/cancel is in ${tokenFile}\n`,
      );
    },
    close: () => {
      served.value.close();
      if (tokenFile !== undefined) context.machine.files.remove(tokenFile);
    },
  });
}
