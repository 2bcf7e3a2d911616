import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { BAD, filesOf, git, GOOD, judge, linesOf } from './validate-projects.ts';

const RULE = {
  id: 'no-print',
  message: 'print() is of the old days',
  why: 'we have a logger',
  instead: 'log(x)',
  severity: 'error',
  find: { pattern: 'print($A)' },
  rewrite: 'log($A)',
  bad: ['print(1)'],
  good: ['log(1)'],
};
/** JSON is YAML. */
const rule = (change: Record<string, unknown> = {}, without: string[] = []) =>
  `${JSON.stringify(Object.fromEntries(Object.entries({ ...RULE, ...change }).filter(([key]) => !without.includes(key))), undefined, 1)}\n`;
const PROJECT = { 'a.ts': 'print(1);\nother(2);\n', 'src/b.tsx': 'export const B = () => <p onClick={() => print("é")} />;\n' };
const at = (text: string) => ({ ...PROJECT, '.devctl/rules/own.yml': text });

describe('a rule of the project', () => {
  test('finds in each kind of file, is listed and explained, is in SARIF, and can be ignored', async () => {
    await using rig = Rig.create({
      ...at(rule()),
      'c.js': 'print(1);\n',
      'd.mts': 'print(1);\n',
      'e.jsx': 'export const E = <p>{print(1)}</p>;\n',
      'f.ts': '// devctl-ignore no-print: an old one\nprint(1);\n',
      'g.ts': 'export const a = <T>b; print(2);\n',
    });
    expect(linesOf(await judge(rig))).toEqual([
      'a.ts:1 no-print',
      'c.js:1 no-print',
      'd.mts:1 no-print',
      'e.jsx:1 no-print',
      'g.ts:1 no-print',
      'src/b.tsx:1 no-print',
    ]);
    expect((await rig.devctl('validate --list')).stdout).toMatch(/^no-print +error/m);
    const explained = await rig.devctl('validate --explain no-print');
    for (const text of ['we have a logger', 'log(x)', 'print(1)']) expect(explained.stdout).toContain(text);
    const sarif = JSON.parse((await rig.devctl('validate --sarif')).stdout) as {
      runs: { tool: { driver: { rules: { id: string }[] } } }[];
    };
    expect(sarif.runs[0]?.tool.driver.rules.map(({ id }) => id)).toContain('no-print');
  });

  test('what is in what is found is found as well', async () => {
    await using rig = Rig.create({ ...at(rule()), 'a.ts': 'print(\n  print(1),\n);\n' });
    expect(linesOf(await judge(rig, 'a.ts'))).toEqual(['a.ts:1 no-print', 'a.ts:2 no-print']);
  });

  test('is found from a subfolder and in a repository, and judges its own folder not', async () => {
    await using rig = Rig.create(at(rule()));
    await git(rig, 'init -q');
    expect(linesOf(await judge(rig, '.', { cwd: `${rig.project}/src` }))).toEqual(['src/b.tsx:1 no-print']);
    await git(rig, 'add -A');
    expect(filesOf(await judge(rig, '--staged'))).toEqual(['a.ts', 'src/b.tsx']);
  });

  test('.yaml is an ending as well, and two files are two rules', async () => {
    await using rig = Rig.create({
      ...at(rule()),
      '.devctl/rules/second.yaml': rule({ id: 'no-other', find: { pattern: 'other($A)' }, bad: ['other(1)'] }),
    });
    expect(linesOf(await judge(rig, 'a.ts'))).toEqual(['a.ts:1 no-print', 'a.ts:2 no-other']);
  });

  test('a utility can be used in a constraint, and files are folders as well', async () => {
    const own = rule({
      find: { pattern: 'print($A)' },
      constraints: { A: { matches: 'figure' } },
      utils: { figure: { kind: 'number' } },
      files: ['src'],
    });
    const text = 'print(1);\nprint("x");\n';
    await using rig = Rig.create({ '.devctl/rules/own.yml': own, 'a.ts': text, 'src/b.ts': text });
    expect(linesOf(await judge(rig))).toEqual(['src/b.ts:1 no-print']);
  });

  test('a rewrite keeps what stands between the parts, as it stands in the file', async () => {
    const own = rule({
      find: { pattern: 'wrap(() => { $$$B })' },
      rewrite: 'run(() => { $$$B })',
      bad: ['wrap(() => { a(); })'],
      good: ['run(() => { a(); })'],
    });
    const body = '\n  first(); // oxlint-disable-line: the first, @flow\n\n  second(1, 2)\n  third();\n';
    await using rig = Rig.create({ '.devctl/rules/own.yml': own, 'a.ts': `wrap(() => {${body}});\n` });
    await rig.devctl('validate --fix');
    expect(rig.read('a.ts').replace(/\s+/g, ' ')).toBe(`run(() => {${body}});\n`.replace(/\s+/g, ' '));
    expect(rig.read('a.ts')).toContain('// oxlint-disable-line: the first, @flow\n');
  });

  test('a rewrite that would break the code is not made, and it says so', async () => {
    const own = rule({ rewrite: '(', bad: ['print(1)'] });
    await using rig = Rig.create({ '.devctl/rules/own.yml': own, 'a.ts': 'print(1);\n' });
    const ran = await rig.devctl('validate --fix');
    expect(ran.stdout).toContain('not mended, for they lie elsewhere or would no longer be code: a.ts');
    expect(rig.read('a.ts')).toBe('print(1);\n');
  });

  test('with a severity for each level, overridden by devctl.yml', async () => {
    await using rig = Rig.create(
      at(rule({ severity: { lenient: 'off', standard: 'warning', strict: 'error', paranoid: 'error' } })),
    );
    expect(await judge(rig, 'a.ts')).toMatchObject({ warnings: 1 });
    expect(await judge(rig, 'a.ts --level 1')).toMatchObject({ warnings: 0, errors: 0 });
    expect(await judge(rig, 'a.ts --level 3')).toMatchObject({ errors: 1 });
    rig.write({ 'devctl.yml': 'validate: { rules: { no-print: "off" } }\n' });
    expect(await judge(rig, 'a.ts --level 3')).toMatchObject({ errors: 0, warnings: 0 });
  });

  test('--fix rewrites all of it, with signs of any width around, and only that', async () => {
    await using rig = Rig.create(at(rule()));
    rig.write({ 'a.ts': '/* é😀 */ print(1); print("é😀"); f(print(2));\r\nprint(print(3));\r\n' });
    const ran = await rig.devctl('validate --fix');
    expect(ran.code, ran.stdout).toBe(0);
    expect(rig.read('a.ts')).toBe('/* é😀 */ log(1); log("é😀"); f(log(2));\r\nlog(log(3));\r\n');
    expect(rig.read('src/b.tsx')).toBe('export const B = () => <p onClick={() => log("é")} />;\n');
  });

  test('--fix of two that want the same place: one has it', async () => {
    await using rig = Rig.create({
      'a.ts': 'print(1);\n',
      '.devctl/rules/b.yml': rule(),
      '.devctl/rules/c.yml': rule({ id: 'no-print-either', rewrite: 'write($A)' }),
    });
    const ran = await rig.devctl('validate --fix');
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('1 finding mended');
    expect(rig.read('a.ts')).toMatch(/^(?:log|write)\(1\);\n$/);
  });

  test('files: only there', async () => {
    await using rig = Rig.create(at(rule({ files: ['src/**'] })));
    await git(rig, 'init -q');
    expect(filesOf(await judge(rig))).toEqual(['src/b.tsx']);
    expect(filesOf(await judge(rig, '', { cwd: `${rig.project}/src` }))).toEqual(['src/b.tsx']);
  });

  test('constraints and utils', async () => {
    await using rig = Rig.create(
      at(
        rule({
          constraints: { A: { kind: 'string' } },
          find: { all: [{ pattern: 'print($A)' }, { matches: 'call' }] },
          utils: { call: { kind: 'call_expression' } },
          bad: ['print("x")'],
          good: ['print(1)'],
        }),
      ),
    );
    expect(filesOf(await judge(rig))).toEqual(['src/b.tsx']);
  });

  test('places: tests only', async () => {
    await using rig = Rig.create({ ...at(rule({ places: ['test'] })), 'a.test.ts': 'print(1);\n' });
    expect(filesOf(await judge(rig, '', {}))).toEqual(['a.test.ts']);
  });

  test('about JSX, in a project that has .ts as well', async () => {
    const jsx = rule(
      {
        id: 'no-marquee',
        find: { kind: 'jsx_element', has: { kind: 'jsx_opening_element', regex: '^<marquee' } },
        bad: [{ code: 'const a = <marquee>x</marquee>;', file: 'a.tsx' }],
        good: [{ code: 'const a = <p>x</p>;', file: 'a.tsx' }],
      },
      ['rewrite'],
    );
    await using rig = Rig.create({
      '.devctl/rules/own.yml': jsx,
      'a.ts': BAD,
      'b.tsx': 'export const B = <marquee>x</marquee>;\n',
    });
    expect(linesOf(await judge(rig))).toEqual(['a.ts:1 no-empty-catch', 'b.tsx:1 no-marquee']);
    const plain = await rig.devctl('validate a.ts');
    expect(plain.code, plain.stderr).toBe(1);
  });

  test('and about types, in a project that has .js as well', async () => {
    const typed = rule(
      { id: 'no-unknown', find: { kind: 'predefined_type', regex: 'unknown' }, bad: ['let a: unknown;'], good: ['let a;'] },
      ['rewrite'],
    );
    await using rig = Rig.create({ '.devctl/rules/own.yml': typed, 'a.js': BAD, 'b.ts': 'let a: unknown;\n' });
    expect(linesOf(await judge(rig))).toEqual(['a.js:1 no-empty-catch', 'b.ts:1 no-unknown']);
  });
});

describe('a rule that is wrong is 78, and says where', () => {
  test.each<[string, string, RegExp]>([
    ['no YAML', 'id: [\n', /own\.yml:\d+:\d+/],
    ['nothing', '', /own\.yml/],
    ['a list', '- id: a\n', /own\.yml:\d+:\d+/],
    ['without find', rule({}, ['find']), /own\.yml:\d+:\d+.*find/],
    ['without an id', rule({}, ['id']), /own\.yml:\d+:\d+.*id/],
    ['without a reason', rule({}, ['why']), /own\.yml:\d+:\d+.*why/],
    ['without examples', rule({}, ['bad']), /own\.yml:\d+:\d+.*bad/],
    ['an unknown key', rule({ finds: 1 }), /own\.yml:\d+:\d+.*finds/],
    ['a severity that is none', rule({ severity: 'fatal' }), /own\.yml:6:\d+.*severity/],
    ['a severity that lacks a level', rule({ severity: { lenient: 'off' } }), /own\.yml:6:\d+.*severity/],
    ['an id with blanks', rule({ id: 'no print' }), /own\.yml:2:\d+/],
    ['the id of a rule of devctl', rule({ id: 'no-any' }), /own\.yml:2:\d+.*no-any/],
    ['a kind that is none', rule({ find: { kind: 'no_such_kind' } }), /own\.yml:\d+:\d+.*no_such_kind/],
    ['a key of ast-grep that is none', rule({ find: { patern: 'print($A)' } }), /own\.yml:\d+:\d+/],
    ['an empty find', rule({ find: {} }), /own\.yml:\d+:\d+/],
    ['a regex that is none', rule({ find: { kind: 'identifier', regex: '(' } }), /own\.yml:\d+:\d+/],
    ['words that are no regex', rule({ words: '(' }), /own\.yml:\d+:\d+.*words/],
    ['a util that is missing', rule({ find: { matches: 'nothing' } }), /own\.yml:\d+:\d+/],
    ['a place that is none', rule({ places: ['moon'] }), /own\.yml:\d+:\d+.*places/],
    ['a bad example that is not found', rule({ bad: ['print(1)', 'log(1)'] }), /own\.yml:\d+:\d+.*bad/],
    ['a good example that is found', rule({ good: ['print(1)'] }), /own\.yml:\d+:\d+.*good/],
    ['an example that cannot be parsed', rule({ bad: ['print(1) ((('] }), /own\.yml:\d+:\d+/],
    ['a rewrite that is found again', rule({ rewrite: 'print($A + 1)' }), /own\.yml:\d+:\d+.*never end/],
    ['an operator, which no search finds', rule({ find: { regex: '^==$' }, bad: ['a == 1'] }), /own\.yml:\d+:\d+.*bad/],
    ['files from the root of the disk', rule({ files: ['/src'] }), /own\.yml:\d+:\d+.*files/],
    ['a rewrite with a name that is not found', rule({ rewrite: 'log($B)' }), /own\.yml:\d+:\d+.*rewrite/],
  ])('%s', async (_, text, says) => {
    await using rig = Rig.create(at(text));
    const ran = await rig.devctl('validate');
    expect(ran.code, ran.stdout + ran.stderr).toBe(78);
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).not.toMatch(/ {4}at |node:internal|panicked/);
    expect(JSON.parse((await rig.devctl('validate --json')).stdout)).toMatchObject({ ok: false });
  });

  test('a rewrite that writes what it finds is given up, and it says so', async () => {
    const back = rule({ id: 'no-log', find: { pattern: 'log($A)' }, rewrite: 'print($A)', bad: ['log(1)'], good: ['print(1)'] });
    await using rig = Rig.create({ '.devctl/rules/a.yml': rule(), '.devctl/rules/b.yml': back, 'a.ts': 'print(1);\n' });
    const ran = await rig.devctl('validate --fix');
    expect(ran.stdout).toContain('--fix was given up');
    expect(ran.code).toBe(1);
  });

  test('two of one id: both are named', async () => {
    await using rig = Rig.create({ ...at(rule()), '.devctl/rules/other.yml': rule() });
    const ran = await rig.devctl('validate');
    expect(ran.code).toBe(78);
    expect(ran.stderr).toMatch(/other\.yml/);
    expect(ran.stderr).toMatch(/own\.yml/);
  });

  test('what is no YAML in the folder is left alone; a folder or a broken link is no crash', async () => {
    await using rig = Rig.create({ 'a.ts': GOOD, '.devctl/rules/README.md': '# x\n', '.devctl/rules/x.yml/y': '' });
    await rig.sh('ln -s nowhere .devctl/rules/dead.yml');
    const ran = await rig.devctl('validate');
    expect([0, 78], ran.stderr).toContain(ran.code);
    expect(ran.stderr).not.toMatch(/ {4}at /);
  });
});
