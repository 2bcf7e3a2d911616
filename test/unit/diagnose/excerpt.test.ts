import { describe, expect, test } from 'vitest';
import { excerptOf } from '../../../src/diagnose/excerpt.ts';

describe('the lines that tell most', () => {
  test('of a stack trace only the first frames', () => {
    const frames = Array.from({ length: 9 }, (_, n) => `    at f${String(n)} (/app/x.js:${String(n)}:1)`);
    expect(excerptOf(['TypeError: boom', ...frames, 'Node.js v20'], 20)).toEqual([
      'TypeError: boom',
      frames[0],
      frames[1],
      '    ... 7 more frame(s)',
      'Node.js v20',
    ]);
  });

  test("of Python's with the code beneath them", () => {
    const lines = [
      'Traceback (most recent call last):',
      ...['a', 'b', 'c', 'd'].flatMap((name) => [`  File "${name}.py", line 1, in f`, '    f()']),
    ];
    expect(excerptOf([...lines, 'ValueError: x'], 20)).toEqual([
      lines[0],
      lines[1],
      lines[2],
      lines[3],
      lines[4],
      '    ... 2 more frame(s)',
      'ValueError: x',
    ]);
  });

  test('an error above the last lines is shown, with what was left out', () => {
    const noise = Array.from({ length: 40 }, (_, n) => `shutting down ${String(n)}`);
    const shown = excerptOf(['ok', 'Error: no database', 'detail', ...noise], 20);
    expect(shown[0]).toBe('Error: no database');
    expect(shown.at(-1)).toBe('shutting down 39');
    expect(shown).toHaveLength(20);
    expect(shown.some((line) => /^\.\.\. \d+ lines$/.test(line))).toBe(true);
  });

  test('without an error the last lines', () => {
    expect(excerptOf(['a', 'b', 'c'], 2)).toEqual(['b', 'c']);
  });
});
