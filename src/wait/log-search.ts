import type { LinePattern } from '../logs/line-pattern.ts';
import { readLines } from '../logs/lines.ts';
import type { Machine } from '../machine/machine.ts';
import type { RunRecord } from '../project/run-record.ts';
import { plainLine } from '../services/log-text.ts';

/** What was read of the logs so far, and the first line that matched. */
export interface Search {
  /** How far each log was read, and as which file. */
  read: Map<string, { id: string; offset: number }>;
  match: { service: string; line: string } | undefined;
}

export const newSearch = (): Search => ({ read: new Map(), match: undefined });

/** The lines of this run that were not read yet; one that is still being written is read again at the next look. */
export function searchLog(
  { files }: Pick<Machine, 'files'>,
  record: RunRecord,
  name: string,
  pattern: LinePattern,
  search: Search,
): void {
  const log = record.services[name]?.log;
  const stat = log && files.stat(log.path);
  if (!stat || search.match) return;
  const known = search.read.get(name);
  let offset = known?.id === stat.id && known.offset <= stat.size ? known.offset : log.fromByte;
  for (const { line, end } of readLines(files, log.path, offset, stat.size)) {
    if (pattern.test(plainLine(line))) {
      search.match = { service: name, line: plainLine(line) };
      return;
    }
    if (end < stat.size || files.readSlice(log.path, end - 1, 1)[0] === 10) offset = end;
  }
  search.read.set(name, { id: stat.id, offset });
}
