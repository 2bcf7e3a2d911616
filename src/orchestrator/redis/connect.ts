import { Redis } from 'ioredis';
import { fail, ok, type Result } from '../../result.ts';

const CONNECT_MS = 5000;
const MAX_RETRY_MS = 2000;

export type { Redis } from 'ioredis';

/** `redis://[[user]:password@]host[:port][/db]`, `rediss://` with TLS. Whoever does not answer at first is named; later ones are waited for. */
export async function connectRedis(url: string): Promise<Result<Redis>> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['redis:', 'rediss:'].includes(parsed.protocol))
    return fail({
      code: 'USAGE',
      what: 'That is no Redis URL',
      why: 'in a password "/", "@" and "#" are written %2F, %40 and %23',
      fix: ['--redis redis://127.0.0.1:6379', '--redis rediss://:PASSWORD@host:6380'],
    });
  // BullMQ wants no limit: a command waits until Redis is there again.
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    retryStrategy: () => null,
  });
  let reason = `no answer in ${String(CONNECT_MS / 1000)} s`;
  redis.on('error', (error: Error) => (reason = error.message));
  try {
    await Promise.race([
      redis.connect().then(() => redis.ping()),
      new Promise((_, reject) => setTimeout(reject, CONNECT_MS, new Error(reason)).unref()),
    ]);
  } catch (error) {
    redis.disconnect();
    const why = error instanceof Error && !/closed/i.test(error.message) ? error.message : reason;
    return fail({ code: 'NO_REDIS', url: `${parsed.protocol}//${parsed.host}`, why });
  }
  redis.options.retryStrategy = (times: number) => Math.min(times * 100, MAX_RETRY_MS);
  return ok(redis);
}
