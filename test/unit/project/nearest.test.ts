import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearest } from '../../../src/project/nearest.ts';

test.each<[string, string[], string | undefined]>([
  ['wbe', ['web', 'worker'], 'web'],
  ['Web', ['web', 'worker'], 'web'],
  ['webb', ['web', 'worker'], 'web'],
  ['wroker', ['web', 'worker'], 'worker'],
  ['work', ['web', 'worker'], 'worker'],
  ['wor', ['web', 'worker'], 'worker'],
  ['dependson', ['dependsOn', 'env'], 'dependsOn'],
  ['tail', ['tailwind', 'tailscale'], undefined],
  ['tailw', ['tailwind', 'tailscale'], 'tailwind'],
  ['postgres', ['web', 'worker'], undefined],
  ['js', ['db'], undefined],
  ['x', ['web'], undefined],
  ['', ['web'], undefined],
  ['web', [], undefined],
])('%s of %j means %s', (word, known, expected) => {
  expect(nearest(word, known)).toBe(expected);
});

test('a known word means itself, and what is meant is always known', () => {
  const words = fc.array(fc.stringMatching(/^[a-z-]{1,10}$/), { maxLength: 8 });
  fc.assert(
    fc.property(words, fc.string({ maxLength: 12 }), (known, word) => {
      const meant = nearest(word, known);
      if (meant !== undefined) expect(known).toContain(meant);
      for (const one of known) expect(nearest(one, known)).toBe(one);
    }),
  );
});
