import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEVCTL, PACKAGE, Rig } from '../support/rig.ts';
import { BAD, commitAll, GOOD, WARNED } from './validate-projects.ts';

interface Failure {
  schema: string;
  ok: boolean;
  failure: { code: string; what: string; why: string; fix: string[] };
}

describe('what validate ends with', () => {
  test.each([
    ['clean', GOOD, '', 0],
    ['clean, strictly', GOOD, '--strict', 0],
    ['warnings', WARNED, '', 0],
    ['warnings, strictly', WARNED, '--strict', 2],
    ['errors', BAD, '', 1],
    ['errors, strictly', BAD, '--strict', 1],
    ['errors and warnings, strictly', BAD + WARNED, '--strict', 1],
    ['a warning that is an error at a higher level', WARNED, '--level 3', 1],
    ['an error that is a warning at a lower level', BAD, '--level 1', 0],
    ['an error that is a warning at a lower level, strictly', BAD, '--level 1 --strict', 2],
    ['what is off at a lower level, strictly', WARNED, '--level 1 --strict', 0],
  ])('%s', async (_, text, flags, code) => {
    await using rig = Rig.create({ 'a.ts': text });
    for (const more of ['', ' --json', ' --sarif']) {
      const ran = await rig.devctl(`validate ${flags}${more}`);
      expect(ran.code, ran.stdout + ran.stderr).toBe(code);
      expect(ran.stderr).toBe('');
    }
  });

  test('a project without a single file is clean', async () => {
    await using rig = Rig.create();
    expect((await rig.devctl('validate --strict')).code).toBe(0);
  });
});

describe('a usage error is 64, says what is wrong and what to type', () => {
  const CASES: [string, string[], RegExp][] = [
    ['an unknown flag', ['--bogus'], /--bogus/],
    ['a level beyond', ['--level', '5'], /--level "5"/],
    ['level nought', ['--level', '0'], /--level "0"/],
    ['a level that is no number', ['--level', 'high'], /"high"/],
    ['half a level', ['--level', '2.5'], /"2\.5"/],
    ['a negative level', ['--level=-1'], /"-1"/],
    ['no level', ['--level'], /--level/],
    ['an empty level', ['--level', ''], /--level/],
    ['a path that is not there', ['nope.ts'], /nope\.ts/],
    ['one path of two', ['a.ts', 'nope'], /nope/],
    ['a path outside', ['/etc/hostname'], /\/etc\/hostname.*outside/],
    ['the folder above', ['..'], /\.\. .*outside/],
    ['an empty path', [''], /\S/],
    ['--staged with --since', ['--staged', '--since', 'HEAD'], /--staged and --since/],
    ['--json with --sarif', ['--json', '--sarif'], /--json and --sarif/],
    ['an unknown rule', ['--explain', 'no-consle'], /no-consle[^]*no-console/],
    ['an unknown rule, in capitals', ['--explain', 'NO-ANY'], /NO-ANY[^]*no-any/],
    ['--write-baseline alone', ['--write-baseline'], /--baseline/],
    ['a ref that is none', ['--since', 'nowhere'], /nowhere/],
    ['a ref that looks like a flag', ['--since=--all'], /--all/],
    ['an empty ref', ['--since', ''], /--since/],
    ['an empty glob', ['--files', ''], /--files/],
    ['a rule that is not named', ['--explain'], /--explain/],
    ['a baseline that is not there', ['--baseline', 'none.json'], /none\.json/],
  ];
  test.each(CASES)('%s', async (_, words, says) => {
    await using rig = Rig.create({ 'a.ts': BAD });
    await commitAll(rig);
    const ran = await rig.exec('node', [DEVCTL, 'validate', ...words]);
    expect(ran.code, ran.stdout + ran.stderr).toBe(64);
    const told = ran.stdout.startsWith('{') ? JSON.stringify((JSON.parse(ran.stdout) as Failure).failure) : ran.stderr;
    expect(told).toMatch(says);
    expect(told).toMatch(/fix/);
    expect(told).not.toMatch(/ {4}at |node:internal/);
  });

  test.each(['--staged', '--since HEAD'])('%s where there is no repository', async (flag) => {
    await using rig = Rig.create({ 'a.ts': BAD });
    const ran = await rig.devctl(`validate ${flag}`);
    expect(ran).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('git') as string });
  });

  test('with --json it is one document on stdout', async () => {
    await using rig = Rig.create({ 'a.ts': BAD });
    for (const words of ['--level 9', '--bogus', 'nope.ts', '--staged', '--explain no-consle', '--write-baseline']) {
      const ran = await rig.devctl(`validate --json ${words}`);
      expect(ran.code, words).toBe(64);
      expect(JSON.parse(ran.stdout)).toMatchObject({ schema: 'devctl.failure/1', ok: false, failure: { code: 'USAGE' } });
      expect(ran.stdout.trim()).not.toContain('\n');
    }
  });
});

describe('a wrong configuration is 78 and says where', () => {
  test.each([
    ['an unknown key', 'validate: { levle: 3 }\n', /devctl\.yml.*levle|levle[^]*devctl\.yml/],
    ['a level beyond', 'validate: { level: 7 }\n', /level/],
    ['a level in words', 'validate: { level: high }\n', /level/],
    ['a test level beyond', 'validate: { testLevel: 0 }\n', /testLevel/],
    ['an unknown rule', 'validate: { rules: { no-consle: off } }\n', /no-consle[^]*no-console|no-consle/],
    ['a severity that is none', 'validate: { rules: { no-any: fatal } }\n', /no-any/],
    ['globs that are none', 'validate: { ignore: 3 }\n', /ignore/],
    ['broken YAML', 'validate: { level: [\n', /devctl\.yml:\d+:\d+/],
    ['a list', 'validate: [1]\n', /validate/],
  ])('%s', async (_, text, says) => {
    await using rig = Rig.create({ 'a.ts': GOOD, 'devctl.yml': text });
    const ran = await rig.devctl('validate');
    expect(ran.code, ran.stdout + ran.stderr).toBe(78);
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).toMatch(/devctl\.yml/);
    const document = JSON.parse((await rig.devctl('validate --json')).stdout) as Failure;
    expect(document).toMatchObject({ schema: 'devctl.failure/1', ok: false });
  });
});

describe('the optional packages', () => {
  /** The package as npm installs it where some optional dependencies could not be. */
  function installWithout(rig: Rig, absent: RegExp): string {
    const folder = join(rig.root, 'lib', 'devctl');
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    for (const name of ['bin', 'dist', 'package.json', 'libexec'])
      cpSync(join(PACKAGE, name), join(folder, name), { recursive: true });
    const place = (path: string) => {
      const [from, to] = [join(PACKAGE, 'node_modules', path), join(folder, 'node_modules', path)];
      // A link would let them find their own parts where the link leads to.
      if (/^(?:oxlint$|@oxlint|@ast-grep)/.test(path)) cpSync(from, to, { recursive: true, filter: () => !absent.test(path) });
      else symlinkSync(from, to);
    };
    for (const name of readdirSync(join(PACKAGE, 'node_modules'))) {
      if (!name.startsWith('@')) place(name);
      else {
        mkdirSync(join(folder, 'node_modules', name));
        for (const inner of readdirSync(join(PACKAGE, 'node_modules', name))) place(`${name}/${inner}`);
      }
    }
    return join(folder, 'bin', 'devctl.js');
  }

  test.each([
    ['oxlint', /^oxlint$/],
    ['@ast-grep/napi', /^@ast-grep\/napi$/],
    ['@ast-grep/napi', /^@ast-grep\/napi-/],
    ['oxlint', /^@oxlint\//],
  ])('without %s (%s): exit 4, and what to install', async (name, absent) => {
    await using rig = Rig.create({ 'a.ts': BAD, 'Procfile.dev': 'web: true\n' });
    const bin = installWithout(rig, absent);
    const ran = await rig.exec('node', [bin, 'validate']);
    expect(ran.code, ran.stdout + ran.stderr).toBe(4);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain(name);
    expect(ran.stderr).toMatch(/npm (?:i|install|add)/);
    expect(ran.stderr).not.toMatch(/ {4}at |node:internal/);
    const json = await rig.exec('node', [bin, 'validate', '--json']);
    expect(json.code).toBe(4);
    expect(JSON.parse(json.stdout)).toMatchObject({ schema: 'devctl.failure/1', ok: false });
    // Nothing else needs them.
    for (const words of [['validate', '--help'], ['validate', '--list'], ['status'], ['check']])
      expect((await rig.exec('node', [bin, ...words])).stderr, words.join(' ')).not.toContain(name);
  });

  test('with all of them it works there', async () => {
    await using rig = Rig.create({ 'a.ts': BAD });
    expect((await rig.exec('node', [installWithout(rig, /^none$/), 'validate'])).code).toBe(1);
  });
});
