import type { Files } from '../machine/files.ts';
import type { OwnedListener } from '../machine/listeners.ts';
import type { RecordedService } from '../project/run-record.ts';
import type { Service } from '../project/service.ts';

const HTTP_TIMEOUT_MS = 2000;

/** Do the configured checks pass now: the log line is there, the HTTP path answers below 400? `true` without any. */
export async function passesChecks(
  { files }: { files: Files },
  service: Service,
  { log }: RecordedService,
  listeners: OwnedListener[],
): Promise<boolean> {
  const { ready } = service;
  if (ready.log !== undefined) {
    const size = files.stat(log.path)?.size ?? 0;
    const text = size > log.fromByte ? files.readSlice(log.path, log.fromByte, size - log.fromByte).toString('utf8') : '';
    if (!new RegExp(ready.log, 'm').test(text)) return false;
  }
  if (ready.http === undefined) return true;
  const listener =
    listeners.find((candidate) => 'port' in service.expects && candidate.port === service.expects.port) ?? listeners[0];
  return listener !== undefined && (await answers(listener, ready.http));
}

/** Asks the address family that our own listener is bound to: an orphan may answer on the other. */
function answers({ port, address }: OwnedListener, path: string): Promise<boolean> {
  const host = address === '0.0.0.0' || address === '' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return new Promise((resolve) => {
    const request = process
      .getBuiltinModule('node:http')
      .get({ host, port, path, timeout: HTTP_TIMEOUT_MS, agent: false }, (response) => {
        response.resume();
        resolve((response.statusCode ?? 500) < 400);
      });
    request.on('timeout', () => request.destroy());
    request.on('error', () => {
      resolve(false);
    });
  });
}
