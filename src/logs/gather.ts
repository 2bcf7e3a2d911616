import type { Files } from '../machine/files.ts';
import { type Cursor, offsetAfter } from './cursor.ts';
import { readLines, tailOffset } from './lines.ts';
import { makeFilter, type Wish } from './pick.ts';
import { paneLine, plainLine } from '../services/log-text.ts';

/** A log that can be read. */
export interface LogSource {
  service: string;
  path: string;
  /** Where this run begins in the file. */
  fromByte: number;
  startMs: number;
}

export interface LogPage {
  service: string;
  path: string;
  exists: boolean;
  /** The last matching lines. */
  lines: string[];
  /** Lines that match and were left out; unknown where the file was read from its end. */
  omittedLines: number;
  /** Bytes before what was read at all. */
  unreadBytes: number;
  /** `--since` was asked for, and no line carries a time. */
  lacksTimes: boolean;
  position: { id: string; offset: number } | undefined;
}

export interface ReadOptions {
  wish: Wish;
  /** Colours stay, for a terminal. */
  colors: boolean;
  after: Cursor | undefined;
}

/** Of a log up to this size every line is read, so that what was left out can be counted. */
const COUNTED_BYTES = 2_000_000;
const LINE_BYTES = 64 * 1024;

/** A line that is still being written is left to the next reader with a cursor. */
function endOfLastLine(files: Files, path: string, size: number): number {
  const from = Math.max(0, size - LINE_BYTES);
  const newline = files.readSlice(path, from, size - from).lastIndexOf(10);
  return newline >= 0 ? from + newline + 1 : size;
}

/** Reads one log: from its end where the last lines are wanted, from its start where lines must be searched. */
export function readLog(files: Files, source: LogSource, { wish, colors, after }: ReadOptions): LogPage {
  const stat = files.stat(source.path);
  const page: LogPage = {
    service: source.service,
    path: source.path,
    exists: stat?.kind === 'file',
    lines: [],
    omittedLines: 0,
    unreadBytes: 0,
    lacksTimes: false,
    position: undefined,
  };
  if (stat?.kind !== 'file') return page;
  page.position = { id: stat.id, offset: endOfLastLine(files, source.path, stat.size) };
  if (wish.sinceMs !== undefined && stat.mtimeMs < wish.sinceMs) return page;

  const from = after
    ? Math.max(offsetAfter(after, source.service, stat), Math.min(source.fromByte, stat.size))
    : Math.min(source.fromByte, stat.size);
  const isSmall = stat.size - from <= COUNTED_BYTES;
  const searches = isSmall || wish.grep !== undefined || wish.errors || wish.sinceMs !== undefined || after !== undefined;
  const begin = searches ? from : tailOffset(files, source.path, from, stat.size, wish.count);
  page.unreadBytes = begin - from;

  const filter = makeFilter(wish, source.startMs);
  const kept: string[] = [];
  for (const { line } of readLines(files, source.path, begin, after ? page.position.offset : stat.size)) {
    const plain = plainLine(line);
    if (!filter.wants(plain)) continue;
    kept.push(colors ? paneLine(line) : plain);
    if (kept.length > wish.count * 2 + 1000) page.omittedLines += kept.splice(0, kept.length - wish.count).length;
  }
  if (kept.length > wish.count) page.omittedLines += kept.splice(0, kept.length - wish.count).length;
  page.lines = kept;
  page.lacksTimes = wish.sinceMs !== undefined && !filter.sawTimes();
  return page;
}
