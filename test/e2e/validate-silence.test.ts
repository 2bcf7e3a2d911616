import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { BAD, judge } from './validate-projects.ts';

/** What was not judged must not look as if it were clean: found, said to be wrong, or said to be not judged. */
describe('nothing is passed over in silence', () => {
  test.each([
    ['a Flow file', 'a.js', `// @flow\ntype A = {| a: number |};\n${BAD}`],
    ['a name that looks packed', 'a-min.js', BAD],
    ['a name that is packed', 'a.min.js', BAD],
    ['a long line of data beside the code', 'icon.ts', `export const icon = "${'M0 0L1 1 '.repeat(3000)}";\n${BAD}`],
    ['a long comment beside the code', 'long.ts', `${BAD}/* ${'x'.repeat(60_000)} */\n`],
    ...['a_min.js', 'a-min.ts', 'a.min.tsx', 'a_min.mjs', 'a-bundle.js', 'a.bundle.ts', 'back\\slash.ts'].map(
      (name): [string, string, string] => [`${name}, which oxlint passes over`, name, BAD],
    ),
    ['a break that leads nowhere', 'break.ts', `${BAD}break;\n`],
    ['a type in JavaScript', 'typed.js', `const x: number = 1;\n${BAD}`],
    ['a conflict', 'conflict.ts', `<<<<<<< HEAD\n${BAD}=======\nx();\n>>>>>>> other\n`],
    ['a NUL', 'nul.ts', `const x = "a\u0000b";\n${BAD}`],
  ])('%s', async (_, name, text) => {
    await using rig = Rig.create({ [name]: text });
    const { findings, skipped } = await judge(rig);
    expect([...findings, ...skipped].map(({ file }) => file)).toContain(name);
  });

  test.each([
    ['a long line of data', `export const icon = "${'M0 0L1 1 '.repeat(3000)}";\n${BAD}`],
    ['a long comment', `${BAD}/* ${'x'.repeat(6000)} */\n`],
  ])('%s does not switch the rules off', async (_, text) => {
    await using rig = Rig.create({ 'a.ts': text });
    expect((await judge(rig)).findings.map(({ rule }) => rule)).toContain('no-empty-catch');
  });

  test('a declaration file is one as a copy as well', async () => {
    await using rig = Rig.create({ 'a.d.ts': '// oxlint-disable no-any -- typed so\nexport const version: string;\n' });
    expect((await judge(rig)).findings).toEqual([]);
  });

  test.each([
    ['a label that is missing', `${BAD}break;\n`],
    ['a name that is declared twice', `const a = 1;\nconst a = 2;\n${BAD}`],
  ])('%s is an error: what is wrong beside it could not be told', async (_, text) => {
    await using rig = Rig.create({ 'a.ts': text });
    const { findings } = await judge(rig);
    expect(findings).toMatchObject([{ rule: 'no-syntax-error', severity: 'error' }]);
  });

  test.each([
    ['calls on calls', `setTimeout(f, 1);\nexport const a = sleep(5)${'\n.then(f)'.repeat(50_000)};\n`],
    [
      'brackets in brackets',
      `setTimeout(() => resolve(1), 1);\nexport const a = ${'(\n'.repeat(20_000)}1${')'.repeat(20_000)};\n`,
    ],
    ['a sum', `setTimeout(() => resolve(1), 1);\nexport const a = 1${'\n+ 1'.repeat(50_000)};\n`],
  ])('%s, too deep for any parser, are named, and the other files judged', async (_, text) => {
    await using rig = Rig.create({ 'deep.ts': text, 'a.ts': BAD });
    const { findings } = await judge(rig);
    expect(findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual(['a.ts no-empty-catch', 'deep.ts no-syntax-error']);
  });
});
