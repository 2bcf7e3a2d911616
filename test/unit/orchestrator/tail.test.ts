import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Tail } from '../../../src/orchestrator/spoke/tail.ts';
import { memoryFiles } from '../fakes/memory-files.ts';

const PATH = '/e';

/** A file that grows by bytes; a read gives at most so many at once. */
function growing(atOnce = Infinity) {
  let bytes = Buffer.alloc(0);
  return {
    append: (more: Uint8Array) => {
      bytes = Buffer.concat([bytes, more]);
    },
    files: {
      stat: () => ({ kind: 'file' as const, size: bytes.length, mtimeMs: 0, id: '1:1' }),
      readSlice: (_: string, offset: number, length: number) => bytes.subarray(offset, offset + Math.min(length, atOnce)),
    },
  };
}

function readAll(tail: Tail): string[] {
  const all: string[] = [];
  for (let isMore = true; isMore;) {
    const read = tail.read();
    all.push(...read.lines);
    ({ isMore } = read);
  }
  return all;
}

test('a file that is not there yet has no lines', () => {
  expect(new Tail(memoryFiles(), PATH, 0).read()).toEqual({ lines: [], isMore: false });
});

test('a line is read when its end is there, and once', () => {
  const file = growing();
  const tail = new Tail(file.files, PATH, 0);
  file.append(Buffer.from('{"a":'));
  expect(tail.read().lines).toEqual([]);
  file.append(Buffer.from('1}\n{"b"'));
  expect(tail.read().lines).toEqual(['{"a":1}']);
  expect(tail.read().lines).toEqual([]);
  file.append(Buffer.from(':2}\n'));
  expect(tail.read().lines).toEqual(['{"b":2}']);
});

test('what stood there before is not read', () => {
  const files = memoryFiles({ [PATH]: 'old\nnew\n' });
  expect(new Tail(files, PATH, 4).read().lines).toEqual(['new']);
});

test('however the writes are cut, every whole line comes once and in order', () => {
  const lines = fc.array(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map((text) => text.replaceAll('\n', '¶')),
    { maxLength: 8 },
  );
  const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 10 });
  fc.assert(
    fc.property(lines, cuts, fc.integer({ min: 1, max: 7 }), fc.constantFrom('', 'torn ä'), (all, places, atOnce, rest) => {
      const bytes = Buffer.from(all.map((one) => `${one}\n`).join('') + rest);
      const file = growing(atOnce);
      const tail = new Tail(file.files, PATH, 0);
      const read: string[] = [];
      const ends = [...places.filter((place) => place < bytes.length).sort((a, b) => a - b), bytes.length];
      let from = 0;
      for (const end of ends) {
        file.append(bytes.subarray(from, end));
        from = end;
        read.push(...readAll(tail));
      }
      expect(read).toEqual(all);
    }),
    { numRuns: 300 },
  );
});

test('a line of many MB is one line, and is read in steps', () => {
  const long = 'ä€😀x'.repeat(700_000);
  const files = memoryFiles({ [PATH]: `short\n${long}\nlast\n` });
  const tail = new Tail(files, PATH, 0);
  expect(tail.read()).toEqual({ lines: ['short'], isMore: true });
  expect(readAll(tail)).toEqual([long, 'last']);
});

test('thousands of lines come in steps, and none is lost', () => {
  const all = Array.from({ length: 60_000 }, (_, n) => `{"line":${String(n)},"text":"${'x'.repeat(20)}"}`);
  const tail = new Tail(memoryFiles({ [PATH]: `${all.join('\n')}\n` }), PATH, 0);
  expect(tail.read().isMore).toBe(true);
  expect(readAll(new Tail(memoryFiles({ [PATH]: `${all.join('\n')}\n` }), PATH, 0))).toEqual(all);
});
