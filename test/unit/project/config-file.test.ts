import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { checkShape, readConfigFile } from '../../../src/project/config-file.ts';
import { failureOf, valueOf } from '../fakes/expect-ok.ts';

const read = (text: string) => valueOf(readConfigFile(text, 'f.yml'));

/** Documents whose leaves are words that stand nowhere else in them. */
type Tree = string | Tree[] | { [key: string]: Tree };
const shape = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constant('leaf'),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'tasks', 'env', 'x1'), tie('tree'), { minKeys: 1, maxKeys: 3 }),
  ),
})).tree;

function leavesOf(tree: Tree, path: string[] = []): { path: string[]; word: string }[] {
  if (typeof tree === 'string') return [{ path, word: tree }];
  return Object.entries(tree).flatMap(([key, value]) => leavesOf(value, [...path, key]));
}

function numbered(tree: Tree, next: () => string): Tree {
  if (typeof tree === 'string') return next();
  if (Array.isArray(tree)) return tree.map((one) => numbered(one, next));
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, numbered(value, next)]));
}

describe('where a value stands', () => {
  test.each([
    ['JSON', (tree: Tree) => JSON.stringify(tree, undefined, 2)],
    ['JSON in one line', (tree: Tree) => JSON.stringify(tree)],
    ['YAML', (tree: Tree) => stringify(tree)],
  ])('in %s: whatever the document, every value is found', (_, print) => {
    fc.assert(
      fc.property(shape, (made) => {
        let count = 0;
        const tree = numbered(made, () => `leaf${String((count += 1))}!`);
        const text = print(tree);
        const file = read(text);
        expect(file.value).toEqual(tree);
        for (const { path, word } of leavesOf(tree)) {
          const { line, column } = file.placeOf(path, 'value');
          const rest = text.split('\n')[line - 1]?.slice(column - 1) ?? '';
          expect(rest.replace(/^"/, '').startsWith(word)).toBe(true);
        }
      }),
    );
  });

  test('a key stands before its value', () => {
    expect(read('a:\n  b: 1\n').placeOf(['a', 'b'], 'key')).toEqual({ file: 'f.yml', line: 2, column: 3 });
    expect(read('a:\n  b: 1\n').placeOf(['a', 'b'], 'value')).toEqual({ file: 'f.yml', line: 2, column: 6 });
  });

  test('a part of the path that is not there is where the part above it is', () => {
    const file = read('tasks:\n  - id: a\n  - id: b\n');
    expect(file.placeOf(['tasks', '1', 'prompt'], 'value')).toMatchObject({ line: 3, column: 5 });
    expect(file.placeOf(['tasks', '7'], 'value')).toMatchObject({ line: 2, column: 3 });
    expect(read('').placeOf(['tasks'], 'value')).toEqual({ file: 'f.yml', line: 1, column: 1 });
  });

  test('lines of Windows count as lines, and columns as characters', () => {
    expect(read('a: 1\r\nb: "ä😀"\r\nc: { d: 2 }\r\n').placeOf(['c', 'd'], 'value')).toMatchObject({ line: 3, column: 9 });
  });
});

describe('text that cannot be read', () => {
  test.each<[string, string, number]>([
    ['a list that does not end', 'a: 1\nb: [1\n', 3],
    ['the same key twice', 'a: 1\na: 2\n', 2],
    ['an alias of nothing', 'a: 1\nb: *rb\n', 2],
    ['a tab for an indent', 'a:\n\tb: 1\n', 2],
  ])('%s has its place', (_, text, line) => {
    expect(failureOf(readConfigFile(text, 'f.yml'))[0]?.place).toMatchObject({ file: 'f.yml', line });
  });

  test('whatever the text, nothing is thrown, and every problem has a place in it', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '*x',
      '&x ',
      '#',
      '\t',
      '|',
      '!!int ',
      '---\n',
      '1',
      ',',
      '<<',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const found = readConfigFile(text, 'f.yml');
        if (found.ok) return;
        expect(found.failure.length).toBeGreaterThan(0);
        for (const { place } of found.failure) {
          expect(place.line).toBeGreaterThanOrEqual(1);
          expect(place.line).toBeLessThanOrEqual(text.split('\n').length);
          expect(place.column).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the shape of a value', () => {
  const schema = z.strictObject({
    name: z.string().optional(),
    size: z.union([z.int(), z.strictObject({ of: z.int() })]).optional(),
  });
  const check = (text: string) =>
    checkShape(read(text), { schema, knownKeys: (path) => (path.length === 0 ? ['name', 'size'] : []) });

  test('that fits is the value', () => {
    expect(valueOf(check('name: x\nsize: { of: 3 }'))).toEqual({ name: 'x', size: { of: 3 } });
    expect(valueOf(check(''))).toEqual({});
  });

  test('problems come in the order of the text', () => {
    expect(
      failureOf(check('size: { of: x }\nnam: 1\nname: 2\n')).map(({ place: { line }, what }) => [line, what.split(/[ :]/)[0]]),
    ).toEqual([
      [1, '"size.of"'],
      [2, '"nam"'],
      [3, '"name"'],
    ]);
  });

  test('an unknown key is told with the one that was meant', () => {
    expect(failureOf(check('nmae: x'))).toMatchObject([{ place: { line: 1, column: 1 }, instead: 'name:' }]);
    expect(failureOf(check('zzzzzz: x'))[0]).not.toHaveProperty('instead');
  });
});
