import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { BAD, filesOf, git, GOOD, judge, linesOf, rulesOf, WARNED } from './validate-projects.ts';

/** In two parts: this file is judged as well. */
const KEY = ['AKIA', 'Z7QF4K2MN8PL1WXB'].join('');

const ALL = `${BAD}${WARNED}console.log("x"); // TODO: later\n`;

describe('levels', () => {
  test('the same findings, more severe', async () => {
    await using rig = Rig.create({ 'a.ts': ALL });
    const seen = await Promise.all([1, 2, 3, 4].map((level) => judge(rig, `--level ${String(level)}`)));
    expect(seen.map(({ errors, warnings }) => [errors, warnings])).toEqual([
      [0, 2],
      [1, 3],
      [4, 0],
      [4, 0],
    ]);
  });

  test('by devctl.yml, and a flag wins', async () => {
    await using rig = Rig.create({ 'a.ts': WARNED, 'devctl.yml': 'validate: { level: 3 }\n' });
    expect((await rig.devctl('validate')).code).toBe(1);
    expect((await rig.devctl('validate --level 2')).code).toBe(0);
    expect((await rig.devctl('validate')).stdout).toContain('level 3');
  });

  test('devctl.yml counts from a subfolder as well', async () => {
    await using rig = Rig.create({ 'src/a.ts': WARNED, 'devctl.yml': 'validate: { level: 3 }\n', 'Procfile.dev': 'web: true\n' });
    await git(rig, 'init -q');
    expect((await rig.devctl('validate', { cwd: `${rig.project}/src` })).code).toBe(1);
  });
});

describe('tests and fixtures are judged by a level of their own', () => {
  const TESTS = [
    'a.test.ts',
    'a.spec.tsx',
    'src/b.test.mjs',
    'test/helper.ts',
    'tests/deep/x.ts',
    '__tests__/c.js',
    'src/__mocks__/d.ts',
    'e2e/e.ts',
    'test/fixtures/f.ts',
    'fixtures/g.ts',
    'src/__fixtures__/h.ts',
    'cypress/i.cy.ts',
  ];
  const CODE = ['src/contest.ts', 'src/latest/x.ts', 'src/attest.ts', 'src/testing-tools.ts', 'src/inspect.ts'];

  test('lenient by default, and as devctl.yml says', async () => {
    await using rig = Rig.create(Object.fromEntries([...TESTS, ...CODE].map((name) => [name, BAD])));
    const { findings } = await judge(rig);
    expect(findings.filter(({ severity }) => severity === 'error').map(({ file }) => file)).toEqual([...CODE].sort());
    rig.write({ 'devctl.yml': 'validate: { testLevel: 3 }\n' });
    expect((await judge(rig)).errors).toBe(TESTS.length + CODE.length);
  });

  test('a secret is an error there as well', async () => {
    await using rig = Rig.create({ 'a.test.ts': `export const id = "${KEY}";\n` });
    expect((await rig.devctl('validate')).code).toBe(1);
  });

  test('the name of a folder above the project makes nothing a test', async () => {
    await using rig = Rig.create();
    const folder = rig.addProject('test/fixtures/app', { 'a.ts': BAD });
    expect((await judge(rig, '', { cwd: folder })).errors).toBe(1);
  });
});

describe('console is the output of a program', () => {
  test.each([
    ['src/a.ts', true],
    ['scripts/build.mjs', false],
    ['bin/run.js', false],
    ['bin/deep/run.js', false],
    ['packages/x/scripts/build.ts', false],
    ['src/transcripts/a.ts', true],
    ['src/cabin/a.ts', true],
    ['src/scripts/menu.js', true],
    ['lib/tools/hammer.ts', true],
  ])('%s: %s', async (name, isFound) => {
    await using rig = Rig.create({ [name]: 'console.log("x");\n' });
    expect(rulesOf(await judge(rig, '--level 3'))).toEqual(isFound ? ['no-console'] : []);
  });

  test('a shebang says the same, also after a byte order mark and with CRLF', async () => {
    await using rig = Rig.create({
      'src/a.ts': '#!/usr/bin/env node\nconsole.log("x");\n',
      'src/b.ts': '#!/usr/bin/env -S node --no-warnings\r\nconsole.log("x");\r\n',
      'src/c.ts': '// #!/usr/bin/env node\nconsole.log("x");\n',
    });
    expect(filesOf(await judge(rig))).toEqual(['src/c.ts']);
  });

  test('devctl.yml says what a file is for where its name does not, and the report counts them', async () => {
    await using rig = Rig.create({ 'src/gen.ts': 'console.log("x");\n', 'test-drive.ts': WARNED, 'src/a.test.ts': GOOD });
    expect(filesOf(await judge(rig))).toEqual(['src/gen.ts']);
    rig.write({ 'devctl.yml': 'validate: { places: { script: [src/gen.ts], production: [test-*.ts] } }\n' });
    expect(filesOf(await judge(rig))).toEqual(['test-drive.ts']);
    expect((await rig.devctl('validate')).stdout).toContain('in 3 files (1 test, 1 script) at level 2');
    rig.write({ 'devctl.yml': 'validate: { places: { tests: [x] } }\n' });
    expect((await rig.devctl('validate')).code).toBe(78);
  });

  test('everything else is judged in scripts', async () => {
    await using rig = Rig.create({ 'scripts/a.ts': BAD });
    expect((await judge(rig)).errors).toBe(1);
  });
});

describe('rules in devctl.yml', () => {
  test.each([
    ['off', 0, 0],
    ['warning', 0, 1],
    ['error', 1, 0],
  ])('no-any: %s', async (severity, errors, warnings) => {
    await using rig = Rig.create({ 'a.ts': WARNED, 'devctl.yml': `validate: { rules: { no-any: ${severity} } }\n` });
    expect(await judge(rig)).toMatchObject({ errors, warnings });
    expect(await judge(rig, '--level 4'), 'at each level').toMatchObject({ errors, warnings });
    expect((await rig.devctl('validate --list')).stdout).toMatch(new RegExp(`^no-any +${severity} +${severity}`, 'm'));
  });

  test('a rule that is none is told with what was meant, and where the rules are listed', async () => {
    await using rig = Rig.create({ 'devctl.yml': 'validate:\n  rules: { no-anny: off }\n' });
    const ran = await rig.devctl('validate');
    expect(ran.code).toBe(78);
    expect(ran.stderr).toMatch(/devctl\.yml:2:\d+.*"no-anny" is no rule[^]*no-any:[^]*devctl validate --list/);
    expect((await rig.devctl('validate --list')).code).toBe(0);
  });

  test('what is off can be ignored without being unused', async () => {
    await using rig = Rig.create({
      'a.ts': `// devctl-ignore no-any: typed so\n${WARNED}`,
      'devctl.yml': 'validate: { rules: { no-any: "off" } }\n',
    });
    expect(rulesOf(await judge(rig))).toEqual([]);
  });

  test('a rule that is switched on only there', async () => {
    await using rig = Rig.create({
      'a.ts': 'export const a = Math.random();\n',
      'devctl.yml': 'validate: { rules: { no-math-random: error } }\n',
    });
    expect(rulesOf(await judge(rig))).toEqual(['no-math-random']);
  });

  test('ignore-needs-reason and a syntax error can be set as well', async () => {
    await using rig = Rig.create({ 'a.ts': 'function (\n', 'devctl.yml': 'validate: { rules: { no-syntax-error: error } }\n' });
    expect((await rig.devctl('validate')).code).toBe(1);
  });
});

describe('ignore globs', () => {
  test.each([
    ['gen/**', ['a.ts', 'src/gen/c.ts']],
    ['**/gen/**', ['a.ts']],
    ['gen', ['a.ts', 'src/gen/c.ts']],
    ['gen/', ['a.ts', 'src/gen/c.ts']],
    ['./gen/**', ['a.ts', 'src/gen/c.ts']],
    ['**/*.ts', []],
    ['a.ts', ['gen/b.ts', 'src/gen/c.ts']],
  ])('%s', async (glob, expected) => {
    await using rig = Rig.create({
      'a.ts': BAD,
      'gen/b.ts': BAD,
      'src/gen/c.ts': BAD,
      'devctl.yml': `validate: { ignore: ["${glob}"] }\n`,
    });
    expect(filesOf(await judge(rig))).toEqual(expected);
  });

  test('from a subfolder they are still those of the project, and they hold for --staged and for a path', async () => {
    await using rig = Rig.create({ 'gen/b.ts': BAD, 'src/a.ts': BAD, 'devctl.yml': 'validate: { ignore: ["gen/**"] }\n' });
    await git(rig, 'init -q');
    await git(rig, 'add -A');
    expect(filesOf(await judge(rig, '', { cwd: `${rig.project}/src` }))).toEqual(['src/a.ts']);
    expect(filesOf(await judge(rig, '--staged'))).toEqual(['src/a.ts']);
    const named = await rig.devctl('validate gen/b.ts');
    expect(named.code).toBe(0);
    expect(named.stdout).toContain('gen/b.ts');
  });
});

describe('other checkers’ comments and settings change nothing', () => {
  const LINE = 'try { f(1 as any); } catch {}';
  const without = (judged: Awaited<ReturnType<typeof judge>>) =>
    linesOf(judged)
      .filter((line) => !/no-lint-disable|no-explained-lint-disable/.test(line))
      .map((line) => line.split(' ')[1]);

  test.each([
    ['oxlint', '/* oxlint-disable */'],
    ['eslint', '/* eslint-disable */'],
    ['oxlint, one rule', '/* oxlint-disable no-empty, no-explicit-any -- because it is so */'],
    ['eslint, one rule', '/* eslint-disable no-empty, @typescript-eslint/no-explicit-any -- because it is so */'],
    ['next line', '// oxlint-disable-next-line'],
    ['eslint, next line', '// eslint-disable-next-line no-empty, @typescript-eslint/no-explicit-any -- because'],
    ['ts-nocheck', '// @ts-nocheck'],
    ['biome', '// biome-ignore lint: because'],
    ['an eslint setting', '/* eslint no-empty: 0 */'],
    ['an eslint global', '/* global f:writable */'],
    ['prettier', '// prettier-ignore'],
    ['istanbul', '/* v8 ignore next */'],
  ])('%s', async (_, comment) => {
    for (const text of [`${comment}\n${LINE}\n`, `${LINE} ${comment.replace('-next-line', '-line')}\n`]) {
      await using rig = Rig.create({ 'a.ts': text });
      expect(without(await judge(rig)).sort(), text).toEqual(['no-any', 'no-empty-catch']);
    }
  });

  test('nor do settings of oxlint, eslint, an ignore file, tsconfig, the environment or a plugin', async () => {
    const off = {
      rules: { 'no-empty': 'off', 'typescript/no-explicit-any': 'off', 'no-console': 'off' },
      ignorePatterns: ['**'],
    };
    await using rig = Rig.create({
      'a.ts': `${LINE}\n`,
      'src/b.ts': `${LINE}\n`,
      '.oxlintrc.json': JSON.stringify({ ...off, plugins: ['nope'], jsPlugins: ['./evil.js'] }),
      'src/.oxlintrc.json': JSON.stringify(off),
      'oxlint.config.ts': 'throw new Error("read");\n',
      '.eslintrc.json': JSON.stringify(off),
      '.eslintignore': '**\n',
      '.oxlintignore': '**\n',
      'tsconfig.json': '{ broken',
      'sgconfig.yml': 'ruleDirs: [nowhere]\n',
      '.secretlintrc.json': '{ broken',
    });
    const { findings } = await judge(rig, 'a.ts src', { env: { OXLINT_CONFIG: '/dev/null', NODE_OPTIONS: '' } });
    expect(findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
      'a.ts no-any',
      'a.ts no-empty-catch',
      'src/b.ts no-any',
      'src/b.ts no-empty-catch',
    ]);
  });
});
