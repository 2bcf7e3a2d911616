import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLog, type LogSource } from '../../../src/logs/gather.ts';
import type { Wish } from '../../../src/logs/pick.ts';
import { memoryFiles } from '../fakes/memory-files.ts';

const source: LogSource = { service: 'web', path: '/log', fromByte: 0, startMs: 0 };
const page = (text: string, wish: Partial<Wish> = {}, options: Partial<Parameters<typeof readLog>[2]> = {}, fromByte = 0) =>
  readLog(
    memoryFiles({ '/log': text }),
    { ...source, fromByte },
    {
      wish: { count: 3, grep: undefined, errors: false, sinceMs: undefined, ...wish },
      colors: false,
      after: undefined,
      ...options,
    },
  );
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `line ${String(i)}\n`).join('');

describe('one page of a log', () => {
  test('the last lines', () => {
    expect(page(numbered(9)).lines).toEqual(['line 6', 'line 7', 'line 8']);
  });

  test('the last lines that match, and how many more do', () => {
    expect(page(numbered(30), { grep: /line \d$/ })).toMatchObject({ lines: ['line 7', 'line 8', 'line 9'], omittedLines: 7 });
  });

  test('no file is no lines, and it is said', () => {
    expect(
      readLog(memoryFiles(), source, {
        wish: { count: 3, grep: undefined, errors: false, sinceMs: undefined },
        colors: false,
        after: undefined,
      }),
    ).toMatchObject({ exists: false, lines: [] });
  });

  test('only this run of a file that is not ours', () => {
    expect(page('old\nnew\n', {}, {}, 4).lines).toEqual(['new']);
  });

  test('colours stay only for a terminal', () => {
    expect(page('\u001b[31mred\u001b[0m\n').lines).toEqual(['red']);
    expect(page('\u001b[31mred\u001b[0m\r\n', {}, { colors: true }).lines).toEqual(['\u001b[31mred\u001b[0m']);
  });

  test('behind a cursor, and where the next page begins', () => {
    const first = page('a\nb\n');
    expect(first.position?.offset).toBe(4);
    const after = { web: { id: first.position?.id ?? '', offset: 2 } };
    expect(page('a\nb\n', {}, { after }).lines).toEqual(['b']);
  });

  test('what is left out is never more than what is there', () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 10 }), (lines, count) => {
        const { lines: shown, omittedLines } = page(numbered(lines), { count, grep: /line/ });
        expect(shown.length + omittedLines).toBe(lines);
        expect(shown.length).toBe(Math.min(count, lines));
      }),
    );
  });
});
