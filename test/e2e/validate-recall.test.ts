import { beforeAll, describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { CLEAN, SEEDED, type Seeded } from '../support/seeded-violations.ts';

interface Finding {
  rule: string;
  severity: string;
  file: string;
  line: number;
  column: number;
  message: string;
}
interface Answer {
  schema: unknown;
  ok: boolean;
  data: { findings: Finding[] };
}

const folder = (kind: 's' | 'c', index: number) => `${kind}${String(index + 1).padStart(3, '0')}`;
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
const listed = (code: string) => code.trimEnd().replace(/^/gm, '    | ');

const seeds = SEEDED.map((seed, index) => ({ ...seed, path: `${folder('s', index)}/${seed.file}` }));
const lookAlikes = CLEAN.map((clean, index) => ({ ...clean, path: `${folder('c', index)}/${clean.file}` }));
const rules = [...new Set(SEEDED.map(({ rule }) => rule))];

let findings: Finding[] = [];
const at = (path: string) => findings.filter(({ file }) => file.replace(/^\.\//, '') === path);
const isFound = ({ rule, path, line }: Seeded & { path: string }) =>
  at(path).some((finding) => finding.rule === rule && Math.abs(finding.line - line) <= 2);

/** A violation that was missed, with what was said about its file instead. */
const missed = (seed: (typeof seeds)[number]) =>
  [
    `  ${seed.rule}: ${seed.variant} (${seed.path}:${String(seed.line)})`,
    listed(seed.code),
    `    said: ${
      at(seed.path)
        .map(({ rule, line }) => `${rule}:${String(line)}`)
        .join(' ') || 'nothing'
    }`,
  ].join('\n');

// Every seed has a folder of its own in one project, which is validated once.
beforeAll(async () => {
  await using rig = Rig.create({
    'devctl.yml': 'validate: { level: 2 }\n',
    ...Object.fromEntries([...seeds, ...lookAlikes].map(({ path, code }) => [path, code])),
  });
  const { stdout, stderr } = await rig.devctl('validate --json', { timeoutMs: 120_000 });
  const answer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Answer;
  expect(answer.data, stderr).toHaveProperty('findings');
  findings = answer.data.findings;
}, 150_000);

describe('validate, on code that was written by somebody who has not seen the rules', () => {
  test('there is enough of it, and of every rule', () => {
    expect(SEEDED.length).toBeGreaterThanOrEqual(165);
    expect(CLEAN.length).toBeGreaterThanOrEqual(90);
    // It was a part of no-lint-disable when the seeds were written.
    for (const rule of rules.filter((one) => one !== 'no-bare-expect-error')) {
      expect(SEEDED.filter((seed) => seed.rule === rule).length, rule).toBeGreaterThanOrEqual(14);
      expect(CLEAN.filter((clean) => clean.rule === rule).length, rule).toBeGreaterThanOrEqual(10);
    }
  });

  test('finds at least 95 % of the violations', () => {
    const misses = seeds.filter((seed) => !isFound(seed));
    const said = `found ${percent(seeds.length - misses.length, seeds.length)} of ${String(seeds.length)}; missed:\n${misses.map(missed).join('\n')}`;
    if (misses.length > 0) console.log(said);
    expect((seeds.length - misses.length) / seeds.length, said).toBeGreaterThanOrEqual(0.95);
  });

  test.each(rules)('%s: of its violations at least 85 of 100 are found', (rule) => {
    const own = seeds.filter((seed) => seed.rule === rule);
    const misses = own.filter((seed) => !isFound(seed));
    const said = `${rule}: found ${String(own.length - misses.length)} of ${String(own.length)}`;
    console.log(said);
    expect((own.length - misses.length) / own.length, [said, ...misses.map(missed)].join('\n')).toBeGreaterThanOrEqual(0.85);
  });

  test('reports at most 3 % of what only looks like it', () => {
    const wrong = lookAlikes.flatMap((clean) => {
      const own = at(clean.path).filter(({ rule }) => rule === clean.rule);
      if (own.length === 0) return [];
      const lines = own.map(({ line, message }) => `    ${String(line)}: ${message}`);
      return [`  ${clean.rule}: ${clean.why} (${clean.path})\n${listed(clean.code)}\n${lines.join('\n')}`];
    });
    const said = `reported ${String(wrong.length)} of ${String(lookAlikes.length)}:\n${wrong.join('\n')}`;
    if (wrong.length > 0) console.log(said);
    expect(wrong.length / lookAlikes.length, said).toBeLessThanOrEqual(0.03);
  });
});
