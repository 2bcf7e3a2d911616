import type { AppendFile, Files } from '../../machine/files.ts';
import { fail, ok, type Result } from '../../result.ts';
import { journalLine, readJournal } from './line.ts';
import { JOURNAL_SCHEMA, type JournalRecord } from './records.ts';

/** The one writer of a run's journal. */
export interface Journal {
  /** Returns when the record is on the disk. */
  write(record: JournalRecord): void;
  close(): void;
}

export function openJournal(files: Pick<Files, 'openAppend'>, path: string): Journal {
  const file: AppendFile = files.openAppend(path);
  return {
    write: (record) => {
      file.append(journalLine(record));
      file.sync();
    },
    close: () => {
      file.close();
    },
  };
}

/** What an earlier hub has written, and nothing where there is no journal. What a crash has torn off is cut away. */
export function loadJournal(files: Pick<Files, 'readText' | 'writeAtomic'>, path: string): Result<JournalRecord[]> {
  const text = files.readText(path);
  if (text === undefined) return ok([]);
  const read = readJournal(text);
  const [first] = read.kind === 'read' ? read.records : [];
  const unreadable = (line: number, why: string) => fail({ code: 'JOURNAL_UNREADABLE' as const, path, line, why });
  if (read.kind === 'damaged') return unreadable(read.line, 'its checksum is wrong: somebody has changed it');
  if (first && (first.kind !== 'run' || first.schema !== JOURNAL_SCHEMA))
    return unreadable(1, 'another version of devctl has written it');
  if (read.goodBytes < Buffer.byteLength(text))
    files.writeAtomic(path, Buffer.from(text).subarray(0, read.goodBytes).toString('utf8'), { sync: true });
  return ok(read.records);
}
