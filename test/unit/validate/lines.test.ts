import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longLines } from '../../../src/validate/lines.ts';

const MOST = 10;

test('the long lines of a text are those that are longer, breaks included', () => {
  const text = fc.array(fc.string({ unit: fc.constantFrom('a', '\n'), maxLength: 25 })).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (some) => {
      const found = [...longLines(some, MOST)].map(({ from, to }) => some.slice(from, to));
      const lines = some.split(/(?<=\n)/);
      expect(found).toEqual(lines.filter((line) => line.length > MOST));
    }),
  );
});
