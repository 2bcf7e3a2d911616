import type { Files } from '../machine/files.ts';
import { LOG_HEADER } from '../project/log-files.ts';

const CHUNK_BYTES = 256 * 1024;
/** Of a longer line (a progress bar without end) the last part is read. */
const MAX_LINE_BYTES = 1024 * 1024;

/** The whole lines of a part of a file, oldest first, without devctl's separators; and where the last one ended. */
export function* readLines(files: Files, path: string, from: number, to: number): Generator<{ line: string; end: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = from;
  while (offset < to) {
    const chunk = files.readSlice(path, offset, Math.min(CHUNK_BYTES, to - offset));
    if (chunk.length === 0) break;
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    const base = offset - rest.length;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
      const line = data.toString('utf8', start, end);
      start = end + 1;
      if (!line.startsWith(LOG_HEADER)) yield { line, end: base + start };
    }
    rest = data.subarray(start);
    if (rest.length > MAX_LINE_BYTES) rest = rest.subarray(-MAX_LINE_BYTES);
    offset += chunk.length;
  }
  if (rest.length > 0) yield { line: rest.toString('utf8'), end: offset };
}

/** Where reading must begin so that about the last `count` lines are in it. */
export function tailOffset(files: Files, path: string, from: number, to: number, count: number): number {
  let offset = to;
  let newlines = 0;
  while (offset > from) {
    const length = Math.min(CHUNK_BYTES, offset - from);
    const chunk = files.readSlice(path, offset - length, length);
    for (let i = chunk.lastIndexOf(10); i >= 0; i = i === 0 ? -1 : chunk.lastIndexOf(10, i - 1)) {
      newlines += 1;
      if (newlines > count + 1) return offset - length + i + 1;
    }
    offset -= length;
  }
  return from;
}
