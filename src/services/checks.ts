import type { Files } from '../machine/files.ts';
import type { OwnedListener } from '../machine/listeners.ts';
import type { RecordedService } from '../project/run-record.ts';
import type { Service } from '../project/service.ts';

const HTTP_TIMEOUT_MS = 2000;
const MAX_READ_BYTES = 50_000_000;
/** A line may lie across two looks. */
const OVERLAP_BYTES = 4096;

/** Which of a service's configured checks have passed, kept from look to look. */
export interface Checked {
  /** How far the log was searched; the line that was waited for has come. */
  log: { searchedTo: number; found: boolean };
}

export const uncheckedYet = (): Checked => ({ log: { searchedTo: 0, found: false } });

/** Do the configured checks pass now: the log line has come, the HTTP path answers below 400? `true` without any. */
export async function passesChecks(
  { files }: { files: Files },
  service: Service,
  { log }: RecordedService,
  listeners: OwnedListener[],
  checked: Checked,
): Promise<boolean> {
  const { ready } = service;
  if (ready.log !== undefined && !checked.log.found) {
    const size = files.stat(log.path)?.size ?? 0;
    const from = Math.max(log.fromByte, checked.log.searchedTo - OVERLAP_BYTES, size - MAX_READ_BYTES);
    const text = size > from ? files.readSlice(log.path, from, size - from).toString('utf8') : '';
    checked.log = { searchedTo: size, found: new RegExp(ready.log, 'm').test(text) };
    if (!checked.log.found) return false;
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
    const { get } = process.getBuiltinModule('node:http');
    const request = get({ host, port, path, signal: AbortSignal.timeout(HTTP_TIMEOUT_MS), agent: false }, (response) => {
      response.destroy();
      resolve((response.statusCode ?? 500) < 400);
    });
    request.on('error', () => {
      resolve(false);
    });
  });
}
