import { describe, expect, test } from 'vitest';
import { linePattern, SlowPattern } from '../../../src/logs/line-pattern.ts';

const EVIL = `${'a'.repeat(47)}b`;

describe('a pattern that somebody typed', () => {
  test.each<[string, string, string, boolean]>([
    ['listening on \\d+', '', 'listening on 3000', true],
    ['(?:ready|up) in', 'i', 'READY in 3 s', true],
    ['^(\\w+\\s)+done$', '', 'all is done', true],
    ['a.*b.*c', '', 'xaxbxcx', true],
    ['nothing', '', 'something', false],
  ])('/%s/%s matches as ever', (source, flags, line, expected) => {
    expect(linePattern(new RegExp(source, flags)).test(line)).toBe(expected);
  });

  test.each([
    ['^(a+)+$', ''],
    ['^(a+)+$', 'i'],
    ['^(a+){2,40}$', ''],
    ['^(?=(a+)+$)', ''],
    ['^(a|a)*$', ''],
  ])('/%s/%s is cut off where it would go on for ever', (source, flags) => {
    const began = performance.now();
    expect(() => linePattern(new RegExp(source, flags)).test(EVIL)).toThrow(SlowPattern);
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
