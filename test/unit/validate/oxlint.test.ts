import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locate, oxlintConfig, parseDiagnostics, toHits } from '../../../src/validate/finders/oxlint.ts';
import { BUILT_IN } from '../../../src/validate/rules/all.ts';

/** As oxlint 1.94 printed it. */
const PRINTED = `{ "diagnostics": [{"message": "Unexpected console statement.","code": "eslint(no-console)","severity": "error","url": "https://oxc.rs/x","help": "Delete this console statement.","filename": "src/a.ts","labels": [{"span": {"offset": 149,"length": 11,"line": 8,"column": 1}}]},
{"message": "Unexpected \`any\`. Specify a different type.","code": "typescript(no-explicit-any)","severity": "error","filename": "src/a.ts","labels": [{"span": {"offset": 243,"length": 3,"line": 12,"column": 10}}]},
{"message": "Unexpected token","severity": "error","filename": "src/broken.ts","labels": [{"span": {"offset": 13,"length": 1,"line": 1,"column": 14}}]},
{"message": "Failed to open file /p/u16.ts with error \\"stream did not contain valid UTF-8\\"","severity": "error","labels": []}],
  "number_of_files": 3, "number_of_rules": 4, "threads_count": 2, "start_time": 0.01 }`;

describe('what oxlint prints', () => {
  test('is read: rules with their plugins, syntax errors without', () => {
    const { diagnostics, files } = parseDiagnostics(PRINTED);
    expect(files).toBe(3);
    expect(diagnostics).toMatchObject([
      { rule: 'no-console', file: 'src/a.ts', from: 149, length: 11 },
      { rule: 'typescript/no-explicit-any', file: 'src/a.ts', from: 243 },
      { rule: undefined, file: 'src/broken.ts', message: 'Unexpected token' },
      { rule: undefined, file: undefined },
    ]);
  });

  test('that is none throws', () => {
    expect(() => parseDiagnostics('Segmentation fault')).toThrow();
  });
});

test('its configuration has the rules, every word of a comment, and obeys no directive of ESLint', () => {
  const config = oxlintConfig(BUILT_IN) as { rules: Record<string, unknown>; options: unknown };
  expect(config.options).toEqual({ respectEslintDisableDirectives: false });
  expect(Object.keys(config.rules).sort()).toEqual([
    'no-console',
    'no-empty',
    'no-warning-comments',
    'typescript/no-explicit-any',
  ]);
  expect(JSON.stringify(config.rules['no-warning-comments'])).toMatch(/devctl-ignore[^]*todo[^]*eslint-disable/);
});

test('byte offsets become those of the text, whatever its letters take', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }), { minLength: 1, maxLength: 20 }), (words) => {
      const text = words.join(' ');
      let byte = 0;
      const diagnostics = words.map((word) => {
        const from = byte;
        byte += Buffer.byteLength(word) + 1;
        return { rule: 'x', file: 'a.ts', message: '', from, length: Buffer.byteLength(word) };
      });
      expect(locate(text, diagnostics).map(({ from, to }) => text.slice(from, to))).toEqual(words);
    }),
  );
});

test('an empty block counts where catch stands before it, over lines and with any pattern', () => {
  const of = (text: string) => {
    const from = Buffer.byteLength(text.slice(0, text.lastIndexOf('{')));
    const located = locate(text, [{ rule: 'no-empty', file: 'a.ts', message: '', from, length: text.length - from }]);
    return toHits(BUILT_IN, text, located).map(({ rule }) => rule.id);
  };
  for (const text of ['try { é() } catch {}', 'try { a() } catch (e) {}', 'try { a() }\ncatch ({ message = f(1) })\n{}'])
    expect(of(text), text).toEqual(['no-empty-catch']);
  for (const text of ['if (a) {}', 'try {}', 'while (catchAll(a)) {}']) expect(of(text), text).toEqual([]);
});
