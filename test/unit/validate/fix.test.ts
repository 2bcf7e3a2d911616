import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyRewrites } from '../../../src/validate/fix.ts';

const take = (text: string, part: string) => {
  const from = text.indexOf(part);
  return applyRewrites(text, [{ from, to: from + part.length, text: '' }]).text;
};

describe('a comment that goes', () => {
  test.each([
    ['takes its line along', 'a();\n// gone\nb();\n', 'a();\nb();\n'],
    ['with its blanks', 'if (x) {\n    // gone\n    b();\n}\n', 'if (x) {\n    b();\n}\n'],
    ['with its braces in JSX', '<p>\n  {/* gone */}\n  text\n</p>', '<p>\n  text\n</p>'],
    ['with the end of line that there is', 'a();\r\n// gone\r\nb();\r\n', 'a();\r\nb();\r\n'],
    ['and leaves the mark of the encoding', '\uFEFF// gone\nb();\n', '\uFEFFb();\n'],
    ['behind a statement with the blanks before it', 'a(); // gone\nb();\n', 'a();\nb();\n'],
    ['and no brace of a function', 'function f()\n{ // gone\n  b();\n}\n', 'function f()\n{\n  b();\n}\n'],
    ['nor of a block', 'if (x)\n  { /* gone */ }\nb();\n', 'if (x)\n  {  }\nb();\n'],
    ['nor of an arrow function', 'const f = () =>\n{ /* gone */ }\n', 'const f = () =>\n{  }\n'],
    ['between two words, and a blank stays', 'return/* gone */b();\n', 'return b();\n'],
    ['between two signs, and no comment comes of it', 'a = 1 //* gone *//2;\n', 'a = 1 / /2;\n'],
    ['before a statement alone', '/* gone */ a();\n', ' a();\n'],
  ])('%s', (_, text, expected) => {
    expect(take(text, text.includes('/* gone */') ? '/* gone */' : '// gone')).toBe(expected);
  });
});

test('rewrites that do not touch each other are all made, whatever their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 12 }),
      fc.infiniteStream(fc.boolean()),
      (parts, coins) => {
        const text = parts.join('|');
        let at = 0;
        const rewrites = parts.flatMap((part) => {
          const from = at;
          at += part.length + 1;
          return coins.next().value ? [{ from, to: from + part.length, text: `<${part}>` }] : [];
        });
        const chosen = new Set(rewrites.map(({ from }) => from));
        let place = 0;
        const expected = parts.map((part) => {
          const isChosen = chosen.has(place);
          place += part.length + 1;
          return isChosen ? `<${part}>` : part;
        });
        expect(applyRewrites(text, [...rewrites].reverse())).toEqual({ text: expected.join('|'), count: rewrites.length });
      },
    ),
  );
});

test('of two that touch, the first is made', () => {
  expect(
    applyRewrites('abcd', [
      { from: 0, to: 3, text: 'x' },
      { from: 1, to: 2, text: 'y' },
    ]),
  ).toEqual({ text: 'xd', count: 1 });
});
