import { expect, test } from 'vitest';
import { regexInAscii } from '../../../src/validate/shapes/ascii.ts';

test.each([
  [String.raw`^\w+$`, '^[0-9A-Za-z_]+$'],
  [String.raw`[\w.]+\.\d`, String.raw`[0-9A-Za-z_.]+\.[0-9]`],
  [String.raw`\bx\b`, String.raw`(?-u:\b)x(?-u:\b)`],
  [String.raw`a\[\s*["']\w\]`, String.raw`a\[\s*["'][0-9A-Za-z_]\]`],
  [String.raw`[^\]\w]\s`, String.raw`[^\]0-9A-Za-z_]\s`],
])('%s', (regex, expected) => {
  expect(regexInAscii(regex)).toBe(expected);
});
