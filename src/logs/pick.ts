import type { LinePattern } from './line-pattern.ts';

/** What a reader wants of the lines. */
export interface Wish {
  count: number;
  grep: LinePattern | undefined;
  errors: boolean;
  sinceMs: number | undefined;
}

const ERROR =
  /\b(?:error|exception|fatal|panic|panicked|traceback|unhandled|uncaught|failed|failure|critical|segmentation fault|segfault|cannot find|not found|refused)\b/i;
/** ENOENT, EADDRINUSE; TypeError, NoMethodError. */
const ERROR_NAME = /\bE[A-Z]{4,}\b|\b[A-Z]\w*Error\b/;
/** Does the line look like an error of its program? */
export const isErrorLine = (line: string): boolean => ERROR.test(line) || ERROR_NAME.test(line);

const STAMP = /(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:[.,]\d+)?)\s?(Z|[+-]\d{2}:?\d{2})?/;

/** A filter that remembers what it must from line to line: a stack belongs to its error, a line without a time to the last. Pure but for that. */
export function makeFilter(wish: Wish, startMs: number): { wants: (line: string) => boolean; sawTimes: () => boolean } {
  let inError = false;
  let lineMs = startMs;
  let saw = false;
  return {
    sawTimes: () => saw,
    wants: (line) => {
      const time = wish.sinceMs === undefined ? undefined : stampOf(line);
      if (time !== undefined) {
        lineMs = time;
        saw = true;
      }
      if (wish.sinceMs !== undefined && lineMs < wish.sinceMs) return false;
      if (wish.grep && !wish.grep.test(line)) return false;
      if (!wish.errors) return true;
      const isContinuation = /^\s+\S/.test(line) && inError;
      inError = isContinuation || isErrorLine(line);
      return inError;
    },
  };
}

/** The time that a line carries itself, in ms; local time where it names no zone. */
export function stampOf(line: string): number | undefined {
  const match = STAMP.exec(line);
  if (!match) return undefined;
  const time = Date.parse(`${match[1] ?? ''}T${(match[2] ?? '').replace(',', '.')}${match[3] ?? ''}`);
  return Number.isNaN(time) ? undefined : time;
}

export interface Fitted {
  lines: string[];
  cutLines: number;
  foldedLines: number;
}

/** Folds repeats ("... 41 more like this") and cuts long lines. Pure. */
export function fit(lines: string[], { maxColumns, fold }: { maxColumns: number; fold: boolean }): Fitted {
  const fitted: Fitted = { lines: [], cutLines: 0, foldedLines: 0 };
  let repeats = 0;
  const flush = () => {
    if (repeats > 0) fitted.lines.push(`... ${String(repeats)} more like this`);
    fitted.foldedLines += repeats;
    repeats = 0;
  };
  lines.forEach((line, index) => {
    if (fold && index > 0 && line === lines[index - 1] && line !== '') {
      repeats += 1;
      return;
    }
    flush();
    const isLong = line.length > maxColumns;
    if (isLong) fitted.cutLines += 1;
    fitted.lines.push(isLong ? `${line.slice(0, maxColumns)} ... (${String(line.length - maxColumns)} more characters)` : line);
  });
  flush();
  return fitted;
}

/** How many of `total` lines each of several logs may show: no log is starved by a talkative one. Pure. */
export function shareLines(available: number[], total: number): number[] {
  const shares = available.map(() => 0);
  let left = total;
  for (let open = available.map((_, i) => i); open.length > 0 && left > 0;) {
    const each = Math.max(1, Math.floor(left / open.length));
    for (const i of open) {
      const take = Math.min(each, (available[i] ?? 0) - (shares[i] ?? 0), left);
      shares[i] = (shares[i] ?? 0) + take;
      left -= take;
    }
    open = open.filter((i) => (shares[i] ?? 0) < (available[i] ?? 0));
  }
  return shares;
}
