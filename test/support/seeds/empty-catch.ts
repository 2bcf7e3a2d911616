import { lookAlikes, seeds } from './seed.ts';

export const EMPTY_CATCH = seeds('no-empty-catch', [
  [
    'no binding',
    'src/storage/local.ts',
    `
export function save(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
»  } catch {}
}
`,
  ],
  [
    'with a binding, over lines',
    'src/lib/json.js',
    `
export function tryParse(text) {
  let value;
  try {
    value = JSON.parse(text);
»  } catch (e) {

  }
  return value;
}
`,
  ],
  [
    'before finally',
    'src/db/tx.ts',
    `
export async function close(client: PoolClient) {
  try {
    await client.query('ROLLBACK');
»  } catch (_error: unknown) {
  } finally {
    client.release();
  }
}
`,
  ],
  [
    'catch with an empty arrow',
    'src/analytics/track.ts',
    `
export function track(event: string) {
»  void fetch('/track', { method: 'POST', body: event }).catch(() => {});
}
`,
  ],
  [
    'an empty arrow with a parameter, over lines',
    'src/players/play.tsx',
    `
export function PlayButton({ video }: Props) {
  const play = () =>
    video
      .play()
»      .catch((_err) => {
      });
  return <button onClick={play}>Play</button>;
}
`,
  ],
  [
    'an empty function',
    'lib/cleanup.cjs',
    `
const fs = require('node:fs/promises');

exports.cleanup = (path) =>
»  fs.rm(path, { recursive: true }).catch(function () {});
`,
  ],
  [
    'noop of a library',
    'src/cache/warm.ts',
    `
import { noop } from 'lodash-es';

export function warm(keys: string[]): void {
»  Promise.all(keys.map((key) => cache.load(key))).catch(noop);
}
`,
  ],
  [
    'noop as a member',
    'src/cache/purge.mjs',
    `
import _ from 'lodash';

export async function purge(tags) {
»  await cdn.purge(tags).catch(_.noop);
}
`,
  ],
  [
    'noop of the same file',
    'src/push/register.ts',
    `
const noop = () => {};

export function register(): void {
»  navigator.serviceWorker.register('/sw.js').catch(noop);
}
`,
  ],
  [
    'the second argument of then',
    'src/session/refresh.ts',
    `
export function refresh(session: Session): Promise<void> {
»  return session.refresh().then((next) => session.replace(next), () => {});
}
`,
  ],
  [
    'then with undefined first',
    'src/session/logout.ts',
    `
export function logout(): void {
»  api.logout().then(undefined, () => {});
  router.push('/login');
}
`,
  ],
  [
    'an async arrow',
    'src/queue/ack.ts',
    `
export class Consumer {
  async ack(id: string): Promise<void> {
»    await this.channel.ack(id).catch(async () => {});
  }
}
`,
  ],
  [
    'optional chain',
    'src/audio/stop.ts',
    `
export function stop(context?: AudioContext): void {
»  context?.close()?.catch(() => {});
}
`,
  ],
  [
    'nested in another catch',
    'src/db/connect.ts',
    `
export async function connect(url: string): Promise<Client> {
  const client = new Client(url);
  try {
    await client.connect();
  } catch (error) {
    try {
      await client.end();
»    } catch {
    }
    throw error;
  }
  return client;
}
`,
  ],
  [
    'only an empty statement',
    'src/lib/url.ts',
    `
export function isUrl(text: string): boolean {
  try {
    new URL(text);
    return true;
»  } catch (error) {
    ;
  }
  return false;
}
`,
  ],
  [
    'in a generator, in JSX',
    'src/streams/read.tsx',
    `
export async function* read(reader: Reader) {
  while (true) {
    try {
      yield await reader.next();
»    } catch (err) {}
  }
}
export const Retry = ({ load }: Props) => <Button onClick={() => load()}>Retry</Button>;
`,
  ],
  [
    'inline in JSX',
    'src/components/Share.jsx',
    `
export const Share = ({ url }) => (
  <IconButton
    icon="share"
»    onPress={() => navigator.share({ url }).catch(() => {})}
  />
);
`,
  ],
  [
    'a static block',
    'src/native/Addon.ts',
    `
export class Addon {
  static binding: Binding | undefined;
  static {
    try {
      Addon.binding = load('./addon.node');
»    } catch {}
  }
}
`,
  ],
]);

export const EMPTY_CATCH_CLEAN = lookAlikes('no-empty-catch', [
  [
    'a comment explains',
    'src/storage/session.ts',
    `
export function remember(key: string): void {
  try {
    sessionStorage.setItem(key, '1');
  } catch {
    // Private windows of Safari have no storage: then nothing is remembered.
  }
}
`,
  ],
  [
    'a block comment explains',
    'src/lib/unlink.ts',
    `
export function unlink(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) { /* it is gone already */ }
}
`,
  ],
  [
    'a comment in the arrow',
    'src/analytics/beacon.ts',
    `
export const beacon = (event: string) =>
  fetch('/beacon', { method: 'POST', body: event }).catch(() => {
    // A lost beacon must not disturb the user.
  });
`,
  ],
  [
    'it is logged',
    'src/jobs/run.ts',
    `
export async function run(job: Job) {
  try {
    await job.run();
  } catch (error) {
    logger.error({ error }, 'job failed');
  }
}
`,
  ],
  ['a fallback', 'src/flags/list.ts', '\nexport const flags = () => client.flags().catch(() => []);\n'],
  ['a handler', 'src/boot/start.ts', '\nstart().catch(reportAndExit);\nstart().then(ready, reportAndExit);\n'],
  [
    'the catch of a schema',
    'src/schemas/query.ts',
    `
export const query = z.object({ page: z.number().catch(1), sort: z.string().catch('') });
`,
  ],
  [
    'empty functions elsewhere',
    'src/contexts/theme.tsx',
    `
const noop = () => {};
export const ThemeContext = createContext({ theme: 'light', setTheme: noop });
export const Disabled = () => <Button onClick={() => {}} />;
export const quiet = work().then(() => {});
`,
  ],
  [
    'a method named catch',
    'src/lib/Deferred.ts',
    `
export class Deferred<T> {
  catch(onRejected: (reason: unknown) => void) {
    return this.promise.catch(onRejected);
  }
}
`,
  ],
  [
    'finally alone',
    'src/lib/lock.ts',
    `
export async function locked<T>(work: () => Promise<T>): Promise<T> {
  await lock.acquire();
  try {
    return await work();
  } finally {
    lock.release();
  }
}
`,
  ],
  [
    'a value is returned',
    'src/lib/safe.ts',
    `
export function safe<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
`,
  ],
]);
