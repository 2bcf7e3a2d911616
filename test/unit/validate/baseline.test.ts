import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyBaseline, makeBaseline, parseBaseline, type Located } from '../../../src/validate/baseline.ts';

const located = (rule: string, file: string, line: string, at = 1): Located => ({
  line,
  finding: {
    ...{ rule, file, severity: 'error', message: '', excerpt: '', isFixable: false },
    ...{ line: at, column: 1, endLine: at, endColumn: 2 },
  },
});
const all = () => true;

const some = fc.array(
  fc.record({
    rule: fc.constantFrom('no-any', 'no-todo'),
    file: fc.constantFrom('a.ts', 'b c.ts'),
    line: fc.constantFrom('x', 'y ', ''),
  }),
  { maxLength: 30 },
);

test('what was written is known, in any order and wherever the lines have gone', () => {
  fc.assert(
    fc.property(some, fc.nat(), (parts, shift) => {
      const before = parts.map(({ rule, file, line }, index) => located(rule, file, line, index + 1));
      const after = parts.map(({ rule, file, line }, index) => located(rule, file, `  ${line}`, index + 1 + shift)).reverse();
      const written = parseBaseline(JSON.stringify(makeBaseline(before, all, undefined)));
      expect(written).toBeDefined();
      if (written) expect(applyBaseline(after, all, written)).toEqual({ fresh: [], known: parts.length, gone: 0 });
    }),
  );
});

test('one more of the same kind is fresh, one less is gone', () => {
  const one = located('no-any', 'a.ts', 'x: any');
  const two = makeBaseline([one, one], all, undefined);
  expect(applyBaseline([one, one, one], all, two)).toMatchObject({ known: 2, gone: 0, fresh: [one.finding] });
  expect(applyBaseline([one], all, two)).toMatchObject({ known: 1, gone: 1, fresh: [] });
});

test('of files that were not looked for it is kept as it is, and nothing is said to be gone', () => {
  const [a, b] = [located('no-any', 'a.ts', 'x'), located('no-any', 'b.ts', 'y')];
  const before = makeBaseline([a, b], all, undefined);
  const onlyA = (file: string) => file === 'a.ts';
  expect(applyBaseline([], onlyA, before).gone).toBe(1);
  expect(applyBaseline([b], all, makeBaseline([], onlyA, before))).toMatchObject({ fresh: [], known: 1, gone: 0 });
});

test.each([
  '',
  '{}',
  '[]',
  'null',
  '{"schema":"devctl.validate-baseline/1"}',
  '{"schema":"devctl.validate-baseline/1","known":{"a":"b"}}',
])('%s is none', (text) => {
  expect(parseBaseline(text)).toBeUndefined();
});
