import type { Files } from '../machine/files.ts';
import { LOG_HEADER } from '../project/log-files.ts';
import { plainLine } from '../services/log-text.ts';

const CHUNK_BYTES = 64 * 1024;

/** The last lines of a log, without devctl's separators, escape sequences and carriage returns. Reads from the end. */
export function lastLines(files: Files, log: { path: string; fromByte: number }, count: number): string[] {
  const size = files.stat(log.path)?.size ?? 0;
  let from = size;
  let text = '';
  do {
    from = Math.max(log.fromByte, from - CHUNK_BYTES);
    text = size > from ? files.readSlice(log.path, from, size - from).toString('utf8') : '';
  } while (from > log.fromByte && text.split('\n').length <= count + 2 && size - from < 4 * 1024 * 1024);
  const lines = text.split('\n').map(plainLine);
  if (lines.at(-1) === '') lines.pop();
  return lines.filter((line) => !line.startsWith(LOG_HEADER)).slice(-count);
}
