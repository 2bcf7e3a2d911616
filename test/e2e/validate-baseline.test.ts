import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { BAD, commitAll, git, GOOD, judge, linesOf, WARNED } from './validate-projects.ts';

const USE = '--baseline base.json';
const write = async (rig: Rig, words = USE) => {
  const ran = await rig.devctl(`validate ${words} --write-baseline`);
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  return ran;
};

describe('a baseline', () => {
  test('written, it is clean; lines that move are still known; one more of the same kind is not; one less is said', async () => {
    await using rig = Rig.create({ 'a.ts': BAD + WARNED, 'b.ts': BAD });
    await write(rig);
    expect(await judge(rig, `${USE} --strict`)).toMatchObject({ errors: 0, warnings: 0, known: 3, gone: 0, findings: [] });
    expect((await rig.devctl(`validate ${USE} --strict`)).code).toBe(0);

    rig.write({ 'a.ts': `// one\n// two\n${WARNED}\n\n${BAD}` });
    expect(await judge(rig, USE), 'moved').toMatchObject({ errors: 0, known: 3, gone: 0 });

    rig.write({ 'a.ts': `${BAD}${WARNED}${BAD}` });
    expect((await rig.devctl(`validate ${USE}`)).code, 'one more').toBe(1);
    expect(await judge(rig, USE)).toMatchObject({ errors: 1, known: 3 });

    rig.write({ 'a.ts': WARNED, 'b.ts': BAD });
    expect(await judge(rig, USE), 'one mended').toMatchObject({ errors: 0, known: 2, gone: 1 });
    const told = await rig.devctl(`validate ${USE}`);
    expect(told.code).toBe(0);
    expect(told.stdout).toMatch(/1 .*gone|gone.*1/);
    await write(rig);
    expect(await judge(rig, USE)).toMatchObject({ known: 2, gone: 0 });
  });

  test('another finding in the same file, of the same rule, is not known because an old one was mended', async () => {
    await using rig = Rig.create({ 'a.ts': 'try { first(); } catch {}\n' });
    await write(rig);
    rig.write({ 'a.ts': 'try { somethingElse(); } catch {}\n' });
    expect((await judge(rig, USE)).errors).toBe(1);
  });

  test('blanks and line ends make nothing new', async () => {
    await using rig = Rig.create({ 'a.ts': BAD });
    await write(rig);
    rig.write({ 'a.ts': `function f() {\r\n    ${BAD.trimEnd()}\r\n}\r\n` });
    expect(await judge(rig, USE)).toMatchObject({ errors: 0, known: 1 });
  });

  test('is the same file whatever the order and the machine, and a person can read it in a diff', async () => {
    await using rig = Rig.create({ 'a.ts': BAD + WARNED, 'b/c.ts': BAD });
    await write(rig);
    const first = rig.read('base.json');
    await write(rig);
    expect(rig.read('base.json')).toBe(first);
    expect(first).not.toContain(rig.root);
    expect(first.split('\n').length).toBeGreaterThan(3);
    expect(first.endsWith('\n')).toBe(true);
  });

  test('in a folder that is not there yet, and used from a subfolder', async () => {
    await using rig = Rig.create({ 'src/a.ts': BAD });
    await git(rig, 'init -q');
    await write(rig, '--baseline .devctl/baseline.json');
    const cwd = join(rig.project, 'src');
    expect(await judge(rig, '--baseline ../.devctl/baseline.json', { cwd })).toMatchObject({ errors: 0, known: 1 });
  });

  test('what is not looked at is not gone', async () => {
    await using rig = Rig.create({ 'a.ts': BAD, 'b.ts': BAD });
    await commitAll(rig);
    await write(rig);
    expect(await judge(rig, `${USE} a.ts`)).toMatchObject({ known: 1, gone: 0 });
    expect(await judge(rig, `${USE} --files b.ts`)).toMatchObject({ known: 1, gone: 0 });
    expect(await judge(rig, `${USE} --staged`)).toMatchObject({ known: 0, gone: 0 });
    rig.write({ 'b.ts': `${BAD}// more\n` });
    expect(await judge(rig, `${USE} --since HEAD`)).toMatchObject({ errors: 0, known: 1, gone: 0 });
  });

  test('written for a part, it keeps what it knows of the rest', async () => {
    await using rig = Rig.create({ 'a.ts': BAD, 'b.ts': BAD });
    await write(rig);
    rig.write({ 'a.ts': BAD.repeat(2) });
    await write(rig, `a.ts ${USE}`);
    expect(await judge(rig, USE)).toMatchObject({ errors: 0, known: 3 });
  });

  test('of a lower level it does not know what a higher one finds', async () => {
    await using rig = Rig.create({ 'a.ts': WARNED });
    await write(rig, `${USE} --level 1`);
    expect((await rig.devctl(`validate ${USE} --level 3`)).code).toBe(1);
  });

  test('with --sarif and --json what is known does not count', async () => {
    await using rig = Rig.create({ 'a.ts': BAD });
    await write(rig);
    const sarif = await rig.devctl(`validate ${USE} --sarif`);
    expect(sarif.code).toBe(0);
    const { runs } = JSON.parse(sarif.stdout) as { runs: { results: { suppressions?: unknown[]; baselineState?: string }[] }[] };
    for (const one of runs[0]?.results ?? []) expect(one.suppressions ?? one.baselineState).toBeDefined();
  });

  test.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['another JSON', '{"a": 1}'],
    ['wrong counts', '{"schema":"devctl.baseline/1","findings":[{"file":1}]}'],
  ])('that is %s: refused, and it is named', async (_, text) => {
    await using rig = Rig.create({ 'a.ts': BAD, 'base.json': text });
    const ran = await rig.devctl(`validate ${USE}`);
    expect([64, 78], ran.stdout + ran.stderr).toContain(ran.code);
    expect(ran.stderr).toContain('base.json');
    expect(ran.stderr).not.toMatch(/ {4}at /);
  });

  test('that is a folder, or below a file, is named, and is no bug of devctl', async () => {
    await using rig = Rig.create({ 'a.ts': BAD, 'base.json/x': '', file: '' });
    for (const words of [USE, `${USE} --write-baseline`, '--baseline file/b.json', '--baseline file/b.json --write-baseline']) {
      const ran = await rig.devctl(`validate ${words}`);
      expect([4, 64, 78], `${words}\n${ran.stderr}`).toContain(ran.code);
      expect(ran.stderr).toMatch(/base\.json|b\.json/);
    }
  });

  test('something else’s JSON is not written over', async () => {
    await using rig = Rig.create({ 'a.ts': BAD, 'package.json': '{"name":"x"}\n' });
    const ran = await rig.devctl('validate --baseline package.json --write-baseline');
    expect(ran.code).not.toBe(0);
    expect(rig.read('package.json')).toBe('{"name":"x"}\n');
  });

  test('an old one that is broken can be written anew or is refused, but is never lost half', async () => {
    await using rig = Rig.create({ 'a.ts': BAD });
    await write(rig);
    chmodSync(join(rig.project, 'base.json'), 0o640);
    await write(rig);
    expect(statSync(join(rig.project, 'base.json')).mode & 0o777).toBe(0o640);
  });

  test('a renamed file', async () => {
    await using rig = Rig.create({ 'a.ts': GOOD + BAD });
    await write(rig);
    await rig.sh('mv a.ts b.ts');
    const judged = await judge(rig, USE);
    expect([judged.errors, judged.gone], linesOf(judged).join()).toEqual([1, 1]);
  });
});
