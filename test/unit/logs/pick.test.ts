import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fit, makeFilter, shareLines, stampOf, type Wish } from '../../../src/logs/pick.ts';

const wish = (over: Partial<Wish> = {}): Wish => ({ count: 100, grep: undefined, errors: false, sinceMs: undefined, ...over });
const kept = (lines: string[], over: Partial<Wish>, startMs = 0) => {
  const filter = makeFilter(wish(over), startMs);
  return lines.filter((line) => filter.wants(line));
};

describe('lines that look like errors', () => {
  test.each([
    'Error: connect ECONNREFUSED 127.0.0.1:5432',
    'TypeError: x is not a function',
    'ActiveRecord::StatementInvalid (PG::UndefinedTable: ERROR: relation)',
    'Traceback (most recent call last):',
    'panic: runtime error: index out of range',
    'thread main panicked at src/main.rs:3',
    'FATAL: role "x" does not exist',
    'Unhandled rejection',
    'Uncaught Exception',
    'Segmentation fault (core dumped)',
    'listen EADDRINUSE: address already in use',
    'EACCES',
    'Module not found',
    'Build failed',
    'connection refused',
  ])('%s', (line) => {
    expect(kept([line], { errors: true })).toEqual([line]);
  });

  test.each([
    'listening on 3000',
    'Compiled successfully in 200 ms',
    'elapsed: 12 ms',
    'Express is ready',
    'GET /events 200 every 5 s',
    'example.com enabled',
    'errorless',
    'mirrored terrors',
    '',
  ])('not "%s"', (line) => {
    expect(kept([line], { errors: true })).toEqual([]);
  });

  test('the indented lines behind an error belong to it, until one that is not indented', () => {
    const stack = ['Error: boom', '    at a (x.js:1)', '    at b (y.js:2)'];
    expect(kept(['ok', '  indented', ...stack, 'ok', '    at c'], { errors: true })).toEqual(stack);
  });
});

describe('other filters', () => {
  test('grep', () => {
    expect(kept(['GET /', 'POST /', 'get /a'], { grep: /get/i })).toEqual(['GET /', 'get /a']);
  });

  test('errors that match', () => {
    expect(kept(['Error: a', 'Error: b', 'b'], { grep: /b/, errors: true })).toEqual(['Error: b']);
  });

  const noon = Date.parse('2026-01-01T12:00:00Z');
  const lines = ['2026-01-01T11:59:59Z a', 'a, further', '2026-01-01T12:00:00Z b', 'b, further'];

  test('since: a line without a time has the last one’s', () => {
    expect(kept(lines, { sinceMs: noon })).toEqual(['2026-01-01T12:00:00Z b', 'b, further']);
  });

  test('since: before the first time it is the run’s', () => {
    expect(kept(['x', ...lines], { sinceMs: noon }, noon)).toContain('x');
    expect(kept(['x', ...lines], { sinceMs: noon }, noon - 1)).not.toContain('x');
  });

  test('it knows whether any line had a time', () => {
    for (const [list, saw] of [
      [lines, true],
      [['x', 'y'], false],
    ] as const) {
      const filter = makeFilter(wish({ sinceMs: noon }), 0);
      for (const line of list) filter.wants(line);
      expect(filter.sawTimes()).toBe(saw);
    }
  });
});

describe('the time that a line carries', () => {
  test.each<[string, string | undefined]>([
    ['2026-01-01T12:00:00Z x', '2026-01-01T12:00:00.000Z'],
    ['2026-01-01T12:00:00.5Z x', '2026-01-01T12:00:00.500Z'],
    ['2026-01-01 12:00:00,250 +0000 x', '2026-01-01T12:00:00.250Z'],
    ['[2026-01-01T12:00:00.123456Z #12] INFO', '2026-01-01T12:00:00.123Z'],
    ['2026-01-01T12:00:00+02:00 x', '2026-01-01T10:00:00.000Z'],
    ['2026-01-01 12:00:00 -0500 x', '2026-01-01T17:00:00.000Z'],
    ['{"time":"2026-01-01T12:00:00.000Z","msg":"x"}', '2026-01-01T12:00:00.000Z'],
    ['12:00:00 x', undefined],
    ['2026-13-41T12:00:00Z x', undefined],
    ['x', undefined],
  ])('%s', (line, time) => {
    expect(stampOf(line)).toBe(time === undefined ? undefined : Date.parse(time));
  });

  test('without a zone it is local time', () => {
    expect(stampOf('2026-01-01 12:00:00 x')).toBe(new Date(2026, 0, 1, 12).getTime());
  });
});

describe('fit', () => {
  const options = { maxColumns: 10, fold: true };
  test.each<[string, string[], string[], number, number]>([
    ['nothing', [], [], 0, 0],
    ['short lines', ['a', 'b'], ['a', 'b'], 0, 0],
    ['a line of just the length', ['0123456789'], ['0123456789'], 0, 0],
    ['a longer one', ['0123456789abc'], ['0123456789 ... (3 more characters)'], 1, 0],
    ['repeats', ['a', 'a', 'a', 'b'], ['a', '... 2 more like this', 'b'], 0, 2],
    ['repeats at the end', ['a', 'b', 'b'], ['a', 'b', '... 1 more like this'], 0, 1],
    ['repeats of two kinds', ['a', 'a', 'b', 'b'], ['a', '... 1 more like this', 'b', '... 1 more like this'], 0, 2],
    ['blank lines', ['', '', 'a'], ['', '', 'a'], 0, 0],
    [
      'repeats of a long line',
      ['0123456789a', '0123456789a'],
      ['0123456789 ... (1 more characters)', '... 1 more like this'],
      1,
      1,
    ],
  ])('%s', (_, lines, expected, cutLines, foldedLines) => {
    expect(fit(lines, options)).toEqual({ lines: expected, cutLines, foldedLines });
  });

  test('without folding every line stays', () => {
    expect(fit(['a', 'a'], { ...options, fold: false }).lines).toEqual(['a', 'a']);
  });

  test('what is shown and what is folded is everything', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', '', 'a long line of more')), (lines) => {
        const { lines: shown, foldedLines } = fit(lines, options);
        const markers = shown.filter((line) => line.startsWith('... ')).length;
        expect(shown.length - markers + foldedLines).toBe(lines.length);
      }),
    );
  });
});

describe('how many lines each log may show', () => {
  test.each<[number[], number, number[]]>([
    [[], 100, []],
    [[500], 100, [100]],
    [[500, 500], 100, [50, 50]],
    [[10, 500], 100, [10, 90]],
    [[0, 3, 500], 100, [0, 3, 97]],
    [[5, 5], 100, [5, 5]],
    [[9, 9, 9], 2, [1, 1, 0]],
    [[9, 9], 0, [0, 0]],
  ])('%j of %i: %j', (available, total, expected) => {
    expect(shareLines(available, total)).toEqual(expected);
  });

  test('all of the total is given, nobody gets more than there is, and nobody is starved', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 8 }), fc.nat({ max: 400 }), (available, total) => {
        const shares = shareLines(available, total);
        const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
        expect(sum(shares)).toBe(Math.min(total, sum(available)));
        const fair = Math.floor(total / available.length);
        shares.forEach((share, i) => {
          expect(share).toBeLessThanOrEqual(available[i] ?? 0);
          expect(share).toBeGreaterThanOrEqual(Math.min(available[i] ?? 0, fair));
        });
      }),
    );
  });
});
