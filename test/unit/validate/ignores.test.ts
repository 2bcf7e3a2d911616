import { describe, expect, test } from 'vitest';
import type { Hit } from '../../../src/validate/finding.ts';
import { applyIgnores, readIgnores } from '../../../src/validate/ignores.ts';
import { mergeHits } from '../../../src/validate/judge.ts';
import { Lines } from '../../../src/validate/lines.ts';
import { BUILT_IN } from '../../../src/validate/rules/all.ts';

const rule = (id: string) => BUILT_IN.find((one) => one.id === id) ?? expect.fail(id);

/** Comments are what begins with "//" or stands in a block. */
function judge(text: string, ...found: [string, string][]) {
  const comments = [...text.matchAll(/\/\/.*|\/\*[^]*?\*\//g)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
  const hits = found.map(([id, part]): Hit => ({
    rule: rule(id),
    from: text.indexOf(part),
    to: text.indexOf(part) + part.length,
  }));
  const judged = applyIgnores(new Lines(text), hits, readIgnores(new Lines(text), comments), {
    rules: BUILT_IN,
    active: BUILT_IN,
  });
  return {
    ignored: judged.ignored,
    left: judged.hits.map((hit) => [hit.rule.id, ...(hit.detail === undefined ? [] : [hit.detail])].join(': ')),
  };
}

describe('a comment', () => {
  test.each([
    ['above', '// devctl-ignore no-any: it is so\nlet a: any;'],
    ['behind', 'let a: any; // devctl-ignore no-any: it is so'],
    ['in a block', '/* devctl-ignore no-any: it is so */\nlet a: any;'],
    ['in a block over lines', '/*\n * devctl-ignore no-any: it\n * is so\n */\nlet a: any;'],
    ['among others above', '// devctl-ignore no-any: it is so\n// devctl-ignore no-todo: and so\nlet a: any; // TODO'],
    ['for the file', '// devctl-ignore-file no-any: it is so\n\n\nlet a: any;'],
    ['of two rules', '// devctl-ignore no-todo, no-any: both\nlet a: any; // TODO'],
  ])('%s', (_, text) => {
    const found: [string, string][] = [
      ['no-any', 'any;'],
      ...(text.includes('TODO') ? [['no-todo', '// TODO'] as [string, string]] : []),
    ];
    expect(judge(text, ...found)).toEqual({ ignored: found.length, left: [] });
  });

  test.each([
    ['// devctl-ignore no-any\nlet a: any;', 'ignore-needs-reason: it says no reason'],
    ['// devctl-ignore no-any:   \nlet a: any;', 'ignore-needs-reason: it says no reason'],
    ['// devctl-ignore: why\nlet a: any;', 'ignore-needs-reason: it names no rule'],
    ['// devctl-ignore no-anny: why\nlet a: any;', 'ignore-needs-reason: "no-anny" is no rule; no-any?'],
  ])('that is wrong ignores nothing, and says why: %s', (text, told) => {
    expect(judge(text, ['no-any', 'any;'])).toEqual({ ignored: 0, left: [told, 'no-any'] });
  });

  test('two lines above is for the line between', () => {
    expect(judge('// devctl-ignore no-any: why\n\nlet a: any;', ['no-any', 'any;']).left).toEqual(['unused-ignore', 'no-any']);
  });

  test('of which one rule finds nothing is told so', () => {
    expect(judge('// devctl-ignore no-any, no-todo: why\nlet a: any;', ['no-any', 'any;'])).toEqual({
      ignored: 1,
      left: ['unused-ignore: no-todo'],
    });
  });
});

test('what is not looked for may be ignored', () => {
  const text = '// devctl-ignore no-any: why\nlet a = 1;';
  const ignores = readIgnores(new Lines(text), [{ from: 0, to: 28 }]);
  const active = BUILT_IN.filter(({ id }) => id !== 'no-any');
  expect(applyIgnores(new Lines(text), [], ignores, { rules: BUILT_IN, active }).hits).toEqual([]);
});

test('what a rule finds in one line one in the other counts once; over lines twice; two secrets once', () => {
  const text = 'a(a(1));\nb(\n  b(2));\n';
  const hit = (id: string, from: number, to: number): Hit => ({ rule: rule(id), from, to });
  const merged = mergeHits(BUILT_IN, text, [
    hit('no-any', 0, 7),
    hit('no-any', 2, 6),
    hit('no-any', 9, 19),
    hit('no-any', 14, 18),
  ]);
  expect(merged.map(({ from }) => from)).toEqual([0, 9, 14]);
  const secrets = mergeHits(BUILT_IN, text, [hit('no-hard-coded-credential', 0, 7), hit('no-secret', 2, 6)]);
  expect(secrets.map((one) => one.rule.id)).toEqual(['no-secret']);
});
