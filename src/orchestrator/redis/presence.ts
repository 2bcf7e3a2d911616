import type { Redis } from './connect.ts';
import { PROTOCOL, workersKey, type Presence } from './protocol.ts';
import { letGo } from './let-go.ts';

const BEAT_MS = 5000;
/** A worker of which nothing was heard for so long is gone. */
const SILENCE_MS = 20_000;

/** Shows that a worker is there, until it is called off. */
export function showPresence(redis: Redis, queue: string, presence: Presence): () => Promise<void> {
  const key = workersKey(queue);
  const text = JSON.stringify(presence);
  const beat = () => {
    void redis
      .multi()
      .zadd(key, Date.now(), text)
      .zremrangebyscore(key, 0, Date.now() - SILENCE_MS)
      .exec()
      .catch(letGo);
  };
  beat();
  const timer = setInterval(beat, BEAT_MS);
  return async () => {
    clearInterval(timer);
    await redis.zrem(key, text).catch(() => 0);
  };
}

export async function listWorkers(redis: Redis, queue: string): Promise<Presence[]> {
  const texts = await redis.zrangebyscore(workersKey(queue), Date.now() - SILENCE_MS, '+inf');
  return texts.map((text) => JSON.parse(text) as Presence);
}

/** What a hub has to say of those who are there; nothing where all is well. */
export function describeWorkers(workers: Presence[], devctl: string): string[] {
  const able = workers.filter(({ protocol }) => protocol === PROTOCOL);
  const strange = workers.filter(({ protocol }) => protocol !== PROTOCOL);
  const older = able.filter((worker) => worker.devctl !== devctl);
  return [
    ...strange.map(
      ({ host, devctl: version, protocol }) =>
        `the worker on ${host} is devctl ${version} (protocol ${String(protocol)}): it cannot take tasks of this devctl ${devctl} (protocol ${String(PROTOCOL)})`,
    ),
    ...older.map(({ host, devctl: version }) => `the worker on ${host} is devctl ${version}, this is ${devctl}`),
    ...(able.length === 0 ? ['no worker is there yet: devctl worker --redis URL, on any machine'] : []),
  ];
}
