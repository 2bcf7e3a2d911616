import type { LogPage } from '../../logs/gather.ts';
import { fit, shareLines, type Fitted } from '../../logs/pick.ts';
import { nameColor, out } from './colors.ts';
import { formatBytes } from './units.ts';

/** Without a terminal an answer is at most this large: an agent reads every byte of it. */
const MAX_BYTES = 8192;
const MAX_COLUMNS = 500;
const MAX_COLUMNS_WATCHED = 4000;

export interface FittedPage extends Fitted {
  page: LogPage;
}

/** Gives each log its share of the lines, and without a terminal folds repeats and keeps to the size limit; `page.omittedLines` tells what went. */
export function fitPages(pages: LogPage[], count: number, isWatched: boolean): FittedPage[] {
  const shares = shareLines(
    pages.map((page) => page.lines.length),
    count,
  );
  const fitted = pages.map((page, index) => {
    const share = shares[index] ?? 0;
    const lines = share === 0 ? [] : page.lines.slice(-share);
    const rest = { ...page, omittedLines: page.omittedLines + page.lines.length - lines.length };
    return { page: rest, ...fit(lines, { maxColumns: isWatched ? MAX_COLUMNS_WATCHED : MAX_COLUMNS, fold: !isWatched }) };
  });
  if (isWatched) return fitted;
  const bytes = (page: FittedPage) =>
    page.lines.reduce((sum, line) => sum + Buffer.byteLength(line) + page.page.service.length + 4, 0);
  let total = fitted.reduce((sum, page) => sum + bytes(page), 0);
  while (total > MAX_BYTES) {
    const largest = fitted.reduce((a, b) => (bytes(b) > bytes(a) ? b : a));
    const gone = largest.lines.shift();
    if (gone === undefined) break;
    largest.page.omittedLines += 1;
    total -= Buffer.byteLength(gone) + largest.page.service.length + 4;
  }
  return fitted;
}

/** foreman's prefix, "web    | ", in the service's colour; nothing where there is only one. */
export function makePrefix(names: string[]): (service: string) => string {
  if (names.length <= 1) return () => '';
  const width = Math.max(...names.map((name) => name.length));
  return (service) => nameColor(names.indexOf(service))(`${service.padEnd(width)} | `);
}

export function renderPages(pages: FittedPage[], isWatched: boolean, cursor: string | undefined): string {
  const prefix = makePrefix(pages.map(({ page }) => page.service));
  const lines = pages.flatMap(({ page, lines: kept }) => [
    ...omission(page, isWatched).map((text) => prefix(page.service) + out.dim(text)),
    ...kept.map((line) => prefix(page.service) + line),
  ]);
  const cut = pages.reduce((sum, page) => sum + page.cutLines, 0);
  if (cut > 0) lines.push(out.dim(`(${String(cut)} long line(s) were cut)`));
  if (cursor !== undefined) {
    if (lines.length === 0) lines.push('(nothing new)');
    lines.push(out.dim(`cursor: ${cursor}`));
  }
  return lines.join('\n');
}

function omission(page: LogPage, isWatched: boolean): string[] {
  if (!page.exists) return [`(no log yet: ${page.path})`];
  const notes: string[] = [];
  const count = page.omittedLines + page.lines.length;
  if (page.unreadBytes > 0) {
    const isWholeScreen = isWatched && page.lines.length === 0;
    if (!isWholeScreen)
      notes.push(
        `... ${formatBytes(page.unreadBytes)} of earlier lines left out; devctl logs ${page.service} -n ${String(count * 10)}`,
      );
  } else if (page.omittedLines > 0) {
    notes.push(`... ${String(page.omittedLines)} earlier line(s) left out; devctl logs ${page.service} -n ${String(count)}`);
  }
  if (page.lacksTimes && page.lines.length > 0)
    notes.push('(these lines carry no time: shown is what the log holds of this run)');
  return notes;
}
