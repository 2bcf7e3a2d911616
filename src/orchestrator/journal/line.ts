import { crc32 } from 'node:zlib';
import type { JournalRecord } from './records.ts';

/** "1c291ca3 {...}\n": the checksum of what follows. */
export function journalLine(record: JournalRecord): string {
  const text = JSON.stringify(record);
  return `${checksum(text)} ${text}\n`;
}

export type JournalText =
  | { kind: 'read'; records: JournalRecord[]; /** So many bytes of it are good: what follows was torn. */ goodBytes: number }
  /** Broken where no crash can have broken it; `line` counts from 1. */
  | { kind: 'damaged'; line: number };

/** Reads a whole journal. Of a crash only what has no newline yet can be torn. Pure. */
export function readJournal(text: string): JournalText {
  const records: JournalRecord[] = [];
  const lines = text.split('\n');
  lines.pop();
  let goodBytes = 0;
  for (const [index, line] of lines.entries()) {
    const record = parseLine(line);
    if (!record) return { kind: 'damaged', line: index + 1 };
    records.push(record);
    goodBytes += Buffer.byteLength(line) + 1;
  }
  return { kind: 'read', records, goodBytes };
}

function parseLine(line: string): JournalRecord | undefined {
  const [, sum, text] = /^([0-9a-f]{8}) (.*)$/s.exec(line) ?? [];
  if (text === undefined || sum !== checksum(text)) return undefined;
  return JSON.parse(text) as JournalRecord;
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');
