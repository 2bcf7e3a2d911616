import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLines, tailOffset } from '../../../src/logs/lines.ts';
import { lastLines } from '../../../src/logs/tail.ts';
import { memoryFiles } from '../fakes/memory-files.ts';

const PATH = '/app/log/web.log';
const HEADER = '=== devctl web, run 1, 2026-01-01T00:00:00.000Z ===';
const size = (text: string) => Buffer.byteLength(text);

const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/\n/g, ''));
const log = fc.array(line, { maxLength: 30 }).map((lines) => lines.filter((one) => !one.startsWith('===')));
/** How many bytes each read gives at most. */
const chunk = fc.integer({ min: 1, max: 40 });

function read(text: string, from = 0, to = size(text), readable?: (length: number) => number) {
  return [...readLines(memoryFiles({ [PATH]: text }, readable ? { readable } : {}), PATH, from, to)];
}
const texts = (...args: Parameters<typeof read>) => read(...args).map((one) => one.line);

describe('readLines', () => {
  test('lines read in any chunks are those of split', () => {
    fc.assert(
      fc.property(log, fc.boolean(), chunk, (lines, ended, bytes) => {
        const text = lines.join('\n') + (ended ? '\n' : '');
        const expected = text.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(texts(text, 0, size(text), (length) => Math.min(length, bytes))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('each tells where it ends, and reading on from there gives the rest', () => {
    fc.assert(
      fc.property(log, chunk, (lines, bytes) => {
        const text = lines.map((one) => `${one}\n`).join('');
        const all = read(text, 0, size(text), (length) => Math.min(length, bytes));
        all.forEach(({ end }, i) => {
          expect(texts(text, end)).toEqual(all.slice(i + 1).map((one) => one.line));
        });
      }),
    );
  });

  test('an end inside the file cuts the last line', () => {
    expect(texts('one\ntwo\nthree\n', 0, 6)).toEqual(['one', 'tw']);
    expect(texts('one\ntwo\n', 4)).toEqual(['two']);
  });

  test('devctl’s own separators are left out, wherever they stand', () => {
    expect(texts(`${HEADER}\na\n${HEADER}\nb\n`)).toEqual(['a', 'b']);
  });

  test('a line longer than any chunk is one line', () => {
    const long = 'ü'.repeat(400_000);
    expect(texts(`a\n${long}\nb\n`)).toEqual(['a', long, 'b']);
  });

  test('a file that was emptied meanwhile gives what there is', () => {
    expect(texts('a\nb', 0, 1000)).toEqual(['a', 'b']);
  });

  test('an empty file has no line, a newline alone has an empty one', () => {
    expect(texts('')).toEqual([]);
    expect(texts('\n')).toEqual(['']);
  });
});

describe('tailOffset', () => {
  test('from there on, the last lines are all there, and the first is whole', () => {
    fc.assert(
      fc.property(log, fc.boolean(), fc.nat({ max: 12 }), (lines, ended, count) => {
        const text = lines.join('\n') + (ended ? '\n' : '');
        const offset = tailOffset(memoryFiles({ [PATH]: text }), PATH, 0, size(text), count);
        const all = texts(text);
        const tail = texts(text, offset);
        expect(tail.slice(-count || Infinity)).toEqual(all.slice(-count || Infinity));
        expect(all.slice(all.length - tail.length)).toEqual(tail);
      }),
      { numRuns: 300 },
    );
  });

  test('of a long file only the end is read', () => {
    const text = 'x'.repeat(99).concat('\n').repeat(10_000);
    const files = memoryFiles({ [PATH]: text });
    const offset = tailOffset(files, PATH, 0, size(text), 5);
    expect(size(text) - offset).toBeLessThan(1000);
    expect(texts(text, offset).length).toBeGreaterThanOrEqual(5);
  });

  test('it never goes before the start of this run', () => {
    expect(tailOffset(memoryFiles({ [PATH]: 'a\nb\nc\n' }), PATH, 2, 6, 50)).toBe(2);
  });
});

describe('lastLines', () => {
  const last = (text: string, count: number, fromByte = 0) =>
    lastLines(memoryFiles({ [PATH]: text }), { path: PATH, fromByte }, count);

  test('the last ones, without separators', () => {
    expect(last(`${HEADER}\na\nb\nc\n`, 2)).toEqual(['b', 'c']);
    expect(last(`${HEADER}\na\n`, 20)).toEqual(['a']);
  });

  test('an unfinished line counts', () => {
    expect(last('a\nb', 20)).toEqual(['a', 'b']);
  });

  test('of this run only', () => {
    expect(last('old\nnew\n', 20, 4)).toEqual(['new']);
  });

  test('of a file of many chunks', () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `line ${String(i)}`);
    expect(last(`${lines.join('\n')}\n`, 3)).toEqual(lines.slice(-3));
  });

  test('no file: none', () => {
    expect(lastLines(memoryFiles(), { path: PATH, fromByte: 0 }, 5)).toEqual([]);
  });
});
