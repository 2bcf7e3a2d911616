import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadJournal, openJournal } from '../../../src/orchestrator/journal/journal.ts';
import { journalLine, readJournal } from '../../../src/orchestrator/journal/line.ts';
import { JOURNAL_SCHEMA, type JournalRecord } from '../../../src/orchestrator/journal/records.ts';
import { failureOf, valueOf } from '../fakes/expect-ok.ts';
import { memoryFiles } from '../fakes/memory-files.ts';
import { someRecord } from '../fakes/records.ts';

const RUN = {
  kind: 'run',
  schema: JOURNAL_SCHEMA,
  run: 'r',
  devctl: '1.0.0',
  executor: 'mock',
  tasks: ['a'],
  atMs: 5,
} as const satisfies JournalRecord;
const skipped = (task: string, because = 'x'): JournalRecord => ({ kind: 'skipped', task, because, atMs: 1 });
const textOf = (records: JournalRecord[]) => records.map(journalLine).join('');
const someRecords = fc.array(someRecord, { minLength: 1, maxLength: 6 });
const PATH = '/out/.devctl/journal.jsonl';
const load = (text: string | Buffer) => {
  const files = memoryFiles({ [PATH]: text });
  return { loaded: loadJournal(files, PATH), left: files.readText(PATH) };
};

describe('a line of the journal', () => {
  test('is a checksum and a JSON document', () => {
    expect(journalLine(RUN)).toMatch(/^[0-9a-f]{8} \{"kind":"run",.*\}\n$/);
  });

  test('whatever is written is read again', () => {
    fc.assert(
      fc.property(someRecords, (records) => {
        const text = textOf(records);
        expect(readJournal(text)).toEqual({ kind: 'read', records, goodBytes: Buffer.byteLength(text) });
      }),
    );
  });

  test.each(['\n', '\r\n', '\u0000', '"', '\\', 'ä', '😀', '\ud83d', '\uFEFF', '\u0085'])(
    '%j in a text is no end of it',
    (text) => {
      const record = skipped('a', `x${text}y`);
      expect(readJournal(textOf([record, RUN]))).toMatchObject({ kind: 'read', records: [record, RUN] });
    },
  );

  test('an empty journal has no records', () => {
    expect(readJournal('')).toEqual({ kind: 'read', records: [], goodBytes: 0 });
  });
});

describe('a journal that a crash has torn', () => {
  test('cut at any byte, it has the whole lines before the cut', () => {
    fc.assert(
      fc.property(someRecords, fc.nat(), (records, at) => {
        const bytes = Buffer.from(textOf(records));
        const cut = at % (bytes.length + 1);
        const read = readJournal(bytes.subarray(0, cut).toString('utf8'));
        let whole = 0;
        let length = 0;
        for (const record of records) {
          const more = Buffer.byteLength(journalLine(record));
          if (length + more > cut) break;
          length += more;
          whole += 1;
        }
        expect(read).toEqual({ kind: 'read', records: records.slice(0, whole), goodBytes: length });
      }),
      { numRuns: 500 },
    );
  });

  test('is mended: what was torn off is cut away, and the next record stands on a line of its own', () => {
    const files = memoryFiles({ [PATH]: `${textOf([RUN, skipped('ä')])}${journalLine(skipped('b')).slice(0, -3)}` });
    expect(valueOf(loadJournal(files, PATH))).toEqual([RUN, skipped('ä')]);
    openJournal(files, PATH).write(skipped('c'));
    expect(valueOf(loadJournal(files, PATH))).toEqual([RUN, skipped('ä'), skipped('c')]);
  });

  test('in the middle of a character, it is mended as well', () => {
    const bytes = Buffer.from(textOf([RUN, skipped('a', '😀')]));
    const { loaded, left } = load(bytes.subarray(0, bytes.indexOf(0xf0) + 2));
    expect(valueOf(loaded)).toEqual([RUN]);
    expect(left).toBe(textOf([RUN]));
  });

  test('a whole one is left as it is', () => {
    const text = textOf([RUN, skipped('a')]);
    expect(load(text).left).toBe(text);
  });
});

describe('a journal that somebody has changed', () => {
  test('whatever bit of a line is another: it is damaged, or it was the last line', () => {
    fc.assert(
      fc.property(someRecords, fc.nat(), fc.nat({ max: 7 }), (records, at, bit) => {
        const bytes = Buffer.from(textOf(records));
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        const read = readJournal(bytes.toString('utf8'));
        if (read.kind === 'read') expect(read.records).toEqual(records.slice(0, -1));
      }),
      { numRuns: 1000 },
    );
  });

  test('a line in the middle is told by its number', () => {
    const text = textOf([RUN, skipped('a'), skipped('b')]).replace('"task":"a"', '"task":"c"');
    expect(readJournal(text)).toEqual({ kind: 'damaged', line: 2 });
    expect(failureOf(load(text).loaded)).toMatchObject({ code: 'JOURNAL_UNREADABLE', path: PATH, line: 2 });
  });

  test('a line that is gone but for its newline is damage', () => {
    expect(readJournal(`${journalLine(RUN)}\n${journalLine(skipped('a'))}`)).toEqual({ kind: 'damaged', line: 2 });
  });

  test('a whole line that is wrong is damage, also where the line after it is torn', () => {
    const text = textOf([RUN, skipped('a')]).replace('"task":"a"', '"task":"c"') + journalLine(skipped('b')).slice(0, 9);
    expect(readJournal(text)).toEqual({ kind: 'damaged', line: 2 });
  });

  test('it is not touched', () => {
    const text = textOf([RUN, skipped('a'), skipped('b')]).replace('"task":"a"', '"task":"c"');
    expect(load(text).left).toBe(text);
  });
});

describe('whose journal it is', () => {
  test('where there is none, there are no records', () => {
    expect(valueOf(loadJournal(memoryFiles(), PATH))).toEqual([]);
    expect(valueOf(load('').loaded)).toEqual([]);
  });

  test('another version’s is not read', () => {
    const { loaded } = load(textOf([{ ...RUN, schema: JOURNAL_SCHEMA + 1 }]));
    expect(failureOf(loaded)).toMatchObject({ code: 'JOURNAL_UNREADABLE', line: 1 });
  });

  test('one that does not begin with a run is not read', () => {
    expect(failureOf(load(textOf([skipped('a'), RUN])).loaded)).toMatchObject({ code: 'JOURNAL_UNREADABLE', line: 1 });
  });
});

test('a record is on the disk when writing it returns', () => {
  const calls: string[] = [];
  const journal = openJournal(
    {
      openAppend: (path) => ({
        append: (text) => calls.push(`append ${path} ${text}`),
        sync: () => calls.push('sync'),
        close: () => calls.push('close'),
      }),
    },
    PATH,
  );
  journal.write(RUN);
  expect(calls).toEqual([`append ${PATH} ${journalLine(RUN)}`, 'sync']);
  journal.close();
  expect(calls.at(-1)).toBe('close');
});
