import { dirname, join, resolve } from 'node:path';
import type { Files } from '../machine/files.ts';
import { ownRedirect } from './redirect.ts';
import type { Service } from './service.ts';

/** The first words of every log that devctl made: a file without them is somebody else's and is never touched. */
export const LOG_HEADER = '=== devctl';

export interface LogPlace {
  path: string;
  /** devctl writes it (else the service's own line does). */
  ours: boolean;
  /**
   * It has the name that devctl would give it, and begins with our header or is not there: a new run moves it aside, so that a
   * line's own `>> log/web.log` does not grow for ever. Other files that a line appends to are never touched.
   */
  rotates: boolean;
  /** Where this run begins in a file that is not ours to rotate. */
  fromByte: number;
  /** What a person should hear: another name was taken. */
  note?: string;
}

/** Where a service's output goes: to `log/NAME.log`, unless its line redirects itself or the name is taken. */
export function placeLog(files: Files, folder: string, service: Service): LogPlace {
  const own = ownRedirect(service.command);
  if (own !== undefined) {
    const path = resolve(service.cwd, own);
    const isOurName = path === join(folder, `${service.name}.log`);
    const rotates = isOurName && service.command.includes('>>') && isFreeOrOurs(files, path);
    return { path, ours: false, rotates, fromByte: rotates ? 0 : (files.stat(path)?.size ?? 0) };
  }
  const names = [`${service.name}.log`, `${service.name}.devctl.log`];
  const free = names.find((name) => isFreeOrOurs(files, join(folder, name))) ?? `${service.name}.${String(process.pid)}.log`;
  const note =
    free === names[0] ? {} : { note: `${service.name} logs to ${free}: ${names[0] ?? ''} is there and is not devctl's` };
  return { path: join(folder, free), ours: true, rotates: true, fromByte: 0, ...note };
}

/** The file that catches what a self-redirecting service still prints: its shell's errors. */
export function captureLog(files: Files, folder: string, service: Service, place: Pick<LogPlace, 'path' | 'ours'>): string {
  if (place.ours) return place.path;
  const names = [`${service.name}.devctl.log`, `${service.name}.devctl-capture.log`];
  return join(
    folder,
    names.find((name) => isFreeOrOurs(files, join(folder, name))) ?? `${service.name}.${String(process.pid)}.log`,
  );
}

/** Makes the folder, moves the last runs' logs one name up (web.log -> web.log.1), and begins a new one with its separator line. */
export function beginLog(files: Files, path: string, header: string, keep: number): void {
  if (files.makeFolder(dirname(path))) files.createNew(join(dirname(path), '.gitignore'), '*\n');
  if (files.stat(path) !== undefined) shiftLogs(files, path, keep);
  files.createNew(path, `${header}\n`);
}

/** A numbered file that devctl did not write stays where it is, and the older runs with it. */
function shiftLogs(files: Files, path: string, keep: number): void {
  const name = (age: number) => (age === 0 ? path : `${path}.${String(age)}`);
  let last = 0;
  while (last < keep && files.stat(name(last + 1)) !== undefined && isFreeOrOurs(files, name(last + 1))) last += 1;
  const isBlocked = last < keep && !isFreeOrOurs(files, name(last + 1));
  if (last === keep || isBlocked) files.remove(name(last));
  for (let age = last - (last === keep || isBlocked ? 1 : 0); age >= 0; age -= 1) {
    if (files.stat(name(age)) !== undefined) files.rename(name(age), name(age + 1));
  }
}

/**
 * Keeps a log of a service that runs on from filling the disk: above the cap its text is copied to `web.log.1` and the file
 * is emptied. What is written between the two is lost (measured: 1,558 of 1,979,675 lines in 40 cuts), which the log says.
 */
export function capLog(files: Files, path: string, maxBytes: number, header: string): boolean {
  if ((files.stat(path)?.size ?? 0) <= maxBytes || !isFreeOrOurs(files, `${path}.1`)) return false;
  files.copy(path, `${path}.1`);
  files.truncate(path);
  files.append(path, `${header}\n`);
  return true;
}

function isFreeOrOurs(files: Files, path: string): boolean {
  const stat = files.stat(path);
  if (stat === undefined) return true;
  return stat.kind === 'file' && files.readSlice(path, 0, LOG_HEADER.length).toString('utf8') === LOG_HEADER;
}
