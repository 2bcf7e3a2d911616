import { ok, type Result } from '../../result.ts';
import { Gate } from '../hub/gate.ts';
import type { BreakerLimits } from '../hub/breaker.ts';
import { CANCELS, claimOf, readRequest, REQUESTS, responsesOf } from './channel.ts';
import { connectRedis } from './connect.ts';
import { within } from './within.ts';
import { RequestServer, type RequestServerParts } from './request-server.ts';
import { letGo } from './let-go.ts';

export type ServeRequestsOptions = Omit<RequestServerParts, 'gate' | 'claim' | 'answer'> & {
  url: string;
  breaker: BreakerLimits;
};

export interface ServedRequests {
  server: RequestServer;
  isConnected: () => boolean;
  /** Resolves when all have their answers, and nothing of it is left. */
  drain: () => Promise<void>;
}

const CLAIM_SECONDS = 3600;
const LAST_WORDS_MS = 2000;

/** Answers requests that come by Redis' publish and subscribe, on connections of their own. */
export async function serveRequests({ url, breaker, ...parts }: ServeRequestsOptions): Promise<Result<ServedRequests>> {
  const connected = await connectRedis(url);
  if (!connected.ok) return connected;
  const redis = connected.value;
  // A connection that subscribes can do nothing else.
  const subscriber = redis.duplicate();
  subscriber.on('error', () => undefined);
  const server = await RequestServer.make({
    ...parts,
    gate: new Gate({ concurrency: parts.maxConcurrent, rampMs: 0, breaker }),
    claim: async (id) => (await redis.set(claimOf(id), 'taken', 'EX', CLAIM_SECONDS, 'NX')) === 'OK',
    answer: (id, message) => {
      void redis.publish(responsesOf(id), JSON.stringify(message)).catch(letGo);
    },
  });
  subscriber.on('message', (channel, text) => {
    if (channel === CANCELS) server.cancel(text);
    const request = channel === REQUESTS ? readRequest(text) : undefined;
    if (request) void server.receive(request).catch(letGo);
  });
  await subscriber.subscribe(REQUESTS, CANCELS);
  return ok({
    server,
    isConnected: () => redis.status === 'ready',
    drain: async () => {
      void subscriber.unsubscribe(REQUESTS).catch(letGo);
      await server.drain();
      subscriber.disconnect();
      // The last answers are on their way; without Redis nobody can have them.
      await within(LAST_WORDS_MS, redis.quit());
      redis.disconnect();
    },
  });
}
