import { expect, test } from 'vitest';
import { BUILT_IN } from '../../src/validate/rules/all.ts';
import type { Rule } from '../../src/validate/rule.ts';
import { Rig } from '../support/rig.ts';

/** Every rule's examples, judged as files of a project at the highest level: what --explain shows is true. */
interface Case {
  rule: Rule;
  kind: 'bad' | 'good';
  code: string;
  folder: string;
  file: string;
}

const cases = BUILT_IN.flatMap((rule) =>
  (['bad', 'good'] as const).flatMap((kind) =>
    rule[kind].map(({ code, file = 'example.ts' }, index): Case => {
      const folder = `${rule.id}-${kind}-${String(index)}`;
      return { rule, kind, code, folder, file };
    }),
  ),
);

test('each bad example of each rule is found, and no good one', async () => {
  const files = Object.fromEntries(cases.map(({ folder, file, code }) => [`${folder}/${file}`, code]));
  // What a rule leaves to no other level is seen at the highest one.
  await using rig = Rig.create({ ...files, 'devctl.yml': 'validate: { level: 4, testLevel: 4 }\n' });
  const { findings } = await rig.json<{ findings: { rule: string; file: string }[] }>('validate');
  const found = (one: Case) => findings.some(({ rule, file }) => rule === one.rule.id && file.startsWith(`${one.folder}/`));
  const wrong = cases.filter((one) => found(one) !== (one.kind === 'bad'));
  expect(wrong.map(({ folder, code }) => `${folder}: ${code}`)).toEqual([]);
});

test.each(BUILT_IN.map((rule) => [rule.id, rule] as const))('%s says why, what instead, and has examples', (id, rule) => {
  expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  for (const text of [rule.message, rule.why, rule.instead]) expect(text.length).toBeGreaterThan(5);
  expect(rule.bad.length).toBeGreaterThan(1);
  expect(rule.good.length).toBeGreaterThan(0);
  // Never milder at a higher level.
  const ranks = rule.severity.map((one) => ['off', 'warning', 'error'].indexOf(one));
  expect([...ranks].sort()).toEqual(ranks);
});
