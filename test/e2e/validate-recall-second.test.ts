import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { SECOND, SECOND_CLEAN } from '../support/seeds/second.ts';

interface Finding {
  rule: string;
  file: string;
  line: number;
}

const MIN_RECALL = 0.85;
const MAX_FALSE = 0.05;
const MAX_DISTANCE = 2;

const isFinding = (value: object): value is Finding =>
  'rule' in value && typeof value.rule === 'string' && 'file' in value && 'line' in value;

/** Every finding of an answer, wherever it stands in it. */
const findingsIn = (value: unknown): Finding[] => {
  if (typeof value !== 'object' || value === null) return [];
  return isFinding(value) ? [value] : Object.values(value).flatMap(findingsIn);
};

const folderOf = (letter: string, index: number) => `${letter}${String(index + 1).padStart(3, '0')}`;
const shown = (code: string) => code.trimEnd().replace(/^/gm, '    | ');
const ruleNames = [...new Set(SECOND.map(({ rule }) => rule))];
const rules = new Set([...ruleNames, 'no-bare-expect-error']);

describe('validate, by a second author', () => {
  test('finds the seeded violations and leaves the look-alikes alone', async () => {
    expect(SECOND).toHaveLength(90);
    expect(SECOND_CLEAN).toHaveLength(60);
    const seeds = SECOND.map((seed, index) => ({ ...seed, folder: folderOf('t', index) }));
    const lookAlikes = SECOND_CLEAN.map((entry, index) => ({ ...entry, folder: folderOf('c', index) }));
    await using rig = Rig.create({
      'devctl.yml': 'validate: { level: 2 }\n',
      ...Object.fromEntries([...seeds, ...lookAlikes].map(({ folder, file, code }) => [`${folder}/${file}`, code])),
    });
    const ran = await rig.devctl('validate --json');
    const answer: unknown = JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '');
    const all = findingsIn(answer);
    const within = (folder: string) => all.filter(({ file }) => file.split('/').includes(folder));

    const missed = seeds.filter(
      ({ rule, line, folder }) =>
        !within(folder).some((finding) => finding.rule === rule && Math.abs(finding.line - line) <= MAX_DISTANCE),
    );
    const reported = lookAlikes
      .map((entry) => ({ ...entry, found: within(entry.folder).filter(({ rule }) => rules.has(rule)) }))
      .filter(({ found }) => found.length > 0);
    const besides = seeds.flatMap(({ rule, folder, variant }) =>
      within(folder)
        .filter((finding) => finding.rule !== rule)
        .map((finding) => `  ${folder} ${rule} (${variant}): also ${finding.rule}:${String(finding.line)}`),
    );
    const counts = ruleNames.map((name) => {
      const total = seeds.filter(({ rule }) => rule === name).length;
      const found = total - missed.filter(({ rule }) => rule === name).length;
      const wrong = reported.filter(({ rule }) => rule === name).length;
      const innocent = lookAlikes.filter(({ rule }) => rule === name).length;
      return `  ${name.padEnd(26)} found ${String(found)}/${String(total)}, look-alikes reported ${String(wrong)}/${String(innocent)}`;
    });
    const misses = missed.map(({ rule, variant, folder, file, line, code }) => {
      const instead = within(folder).map((finding) => `${finding.rule}:${String(finding.line)}`);
      return `  ${rule}, ${variant}: ${folder}/${file}:${String(line)}, found there: ${instead.join(' ') || 'nothing'}\n${shown(code)}`;
    });
    const falseReports = reported.map(({ rule, why, folder, file, found, code }) => {
      const what = found.map((finding) => `${finding.rule}:${String(finding.line)}`).join(' ');
      return `  ${rule}, ${why}: ${folder}/${file}: ${what}\n${shown(code)}`;
    });
    const report = [
      `found ${String(seeds.length - missed.length)} of ${String(seeds.length)}, reported ${String(reported.length)} of ${String(lookAlikes.length)} look-alikes`,
      ...counts,
      `misses: ${String(misses.length)}`,
      ...misses,
      `false reports: ${String(falseReports.length)}`,
      ...falseReports,
      `found besides: ${String(besides.length)}`,
      ...besides,
    ].join('\n');
    console.log(report);

    expect(all.length, `${ran.stdout.slice(0, 2000)}${ran.stderr}`).toBeGreaterThan(0);
    expect((seeds.length - missed.length) / seeds.length, report).toBeGreaterThanOrEqual(MIN_RECALL);
    expect(reported.length / lookAlikes.length, report).toBeLessThanOrEqual(MAX_FALSE);
  });
});
