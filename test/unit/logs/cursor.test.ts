import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor, offsetAfter, readCursor, type Cursor } from '../../../src/logs/cursor.ts';
import { memoryFiles } from '../fakes/memory-files.ts';

const cursors: fc.Arbitrary<Cursor> = fc.dictionary(
  fc.stringMatching(/^[a-z][\w.-]{0,10}$/),
  fc.record({ id: fc.string({ maxLength: 12 }), offset: fc.nat() }),
  { noNullPrototype: true },
);

test('what is encoded is decoded', () => {
  fc.assert(
    fc.property(cursors, (cursor) => {
      expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
    }),
  );
});

test('it can be typed: letters, digits, "-" and "_"', () => {
  fc.assert(
    fc.property(cursors, (cursor) => {
      expect(encodeCursor(cursor)).toMatch(/^[\w-]+$/);
    }),
  );
});

describe('what is no cursor', () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  test.each<[string, string]>([
    ['nothing', ''],
    ['a word', 'hello'],
    ['an object', encode({ web: 1 })],
    ['a number', encode(7)],
    ['null', encode(null)],
    ['rows of nothing', encode([null])],
    ['rows that lack a field', encode([['web', '1:1']])],
    ['rows of other types', encode([['web', 1, '1']])],
    ['a cut cursor', encode([['web', '1:1', 2]]).slice(0, 8)],
  ])('%s', (_, text) => {
    expect(decodeCursor(text)).toBeUndefined();
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
        (text) => {
          expect(() => decodeCursor(text)).not.toThrow();
        },
      ),
    );
  });

  test('a file that is none, or that is not there, is an empty one', () => {
    expect(readCursor(memoryFiles({ '/c': 'garbage' }), '/c')).toEqual({});
    expect(readCursor(memoryFiles(), '/c')).toEqual({});
    expect(readCursor(memoryFiles({ '/c': encodeCursor({ web: { id: '1:1', offset: 5 } }) }), '/c')).toEqual({
      web: { id: '1:1', offset: 5 },
    });
  });
});

describe('where to read on', () => {
  const cursor: Cursor = { web: { id: '1:7', offset: 50 } };
  test.each<[string, string, { id: string; size: number }, number]>([
    ['behind the cursor', 'web', { id: '1:7', size: 90 }, 50],
    ['at the end', 'web', { id: '1:7', size: 50 }, 50],
    ['from the start of a rotated file', 'web', { id: '1:8', size: 90 }, 0],
    ['from the start of an emptied file', 'web', { id: '1:7', size: 49 }, 0],
    ['from the start of a log that was never read', 'css', { id: '1:7', size: 90 }, 0],
  ])('%s', (_, service, file, offset) => {
    expect(offsetAfter(cursor, service, file)).toBe(offset);
  });
});
