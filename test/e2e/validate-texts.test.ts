import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEVCTL, Rig } from '../support/rig.ts';
import { BAD, filesOf, git, GOOD, judge } from './validate-projects.ts';

const place = (rig: Rig, name: string, bytes: Buffer | string) => {
  writeFileSync(join(rig.project, name), bytes);
};
const utf16le = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');

describe('names', () => {
  const NAMES = [
    'a b.ts',
    ' lead.ts',
    'new\nline.ts',
    'tab\t.ts',
    'ünïcode-日本-😀.ts',
    '-dash.ts',
    '--json.ts',
    '[x].ts',
    '(group)/page.tsx',
    'a{b,c}.ts',
    '!bang.ts',
    '#hash.ts',
    "it's.ts",
    '"quoted".ts',
    '$dollar.ts',
    '*.ts',
    'a:1:2.ts',
    '%20.ts',
    '.hidden.ts',
    '.config/x.ts',
    'back\\slash.ts',
    'x'.repeat(240) + '.ts',
  ];
  test.each(NAMES.map((name) => [JSON.stringify(name).slice(0, 40), name]))('%s', async (_, name) => {
    await using rig = Rig.create({ [name]: BAD });
    expect(filesOf(await judge(rig))).toEqual([name]);
    await git(rig, 'init -q');
    expect(filesOf(await judge(rig)), 'in a repository').toEqual([name]);
    expect(filesOf(await judge(rig, ['--', name])), 'named').toEqual([name]);
    await git(rig, 'add -A');
    expect(filesOf(await judge(rig, ['--staged'])), 'staged').toEqual([name]);
  });

  test('a name that is no UTF-8 is judged, or said to be not', async () => {
    await using rig = Rig.create({ 'a.ts': GOOD });
    writeFileSync(Buffer.concat([Buffer.from(`${rig.project}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.ts')]), BAD);
    for (const step of ['walked', 'git']) {
      if (step === 'git') await git(rig, 'init -q');
      const { findings, skipped } = await judge(rig);
      expect(findings.length + skipped.length, step).toBe(1);
    }
  });
});

describe('texts', () => {
  test.each<[string, Buffer | string, [number, number]]>([
    ['a byte order mark', `\uFEFF${BAD}`, [1, 23]],
    ['CRLF', `${GOOD}${BAD}`.replaceAll('\n', '\r\n'), [2, 23]],
    ['UTF-16 LE', utf16le(`const é = 1;\n${BAD}`), [2, 23]],
    ['UTF-16 BE', utf16le(`const é = 1;\n${BAD}`).swap16(), [2, 23]],
    ['invalid UTF-8', Buffer.concat([Buffer.from([0x2f, 0x2f, 0xff, 0xfe, 0x80, 10]), Buffer.from(BAD)]), [2, 23]],
    ['signs beyond the BMP', `const face = "😀"; ${BAD}`, [1, 42]],
    ['a shebang', `#!/usr/bin/env node\n${BAD}`, [2, 23]],
    ['no newline at its end', BAD.trimEnd(), [1, 23]],
    ['tabs', `\t\t${BAD}`, [1, 25]],
    ['a form feed and odd blanks', `\f\u00A0\u3000${BAD}`, [1, 26]],
  ])('%s', async (_, text, [line, column]) => {
    await using rig = Rig.create();
    place(rig, 'a.ts', text);
    expect((await judge(rig)).findings).toMatchObject([{ rule: 'no-empty-catch', line, column }]);
  });

  test('an empty file is clean, a binary one is said to be not judged', async () => {
    await using rig = Rig.create({ 'empty.ts': '' });
    place(rig, 'binary.ts', Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 7919) % 256)));
    const judged = await judge(rig, '--strict');
    expect(judged.findings).toEqual([]);
    expect(judged.skipped).toMatchObject([{ file: 'binary.ts' }]);
    expect((await rig.devctl('validate')).stdout).toContain('binary.ts');
  });

  test('broken syntax is told once, and does not hide what is in other files, nor a secret', async () => {
    await using rig = Rig.create({
      'broken.ts': 'function ( {\nconst password = "hunter2-Xk39aLqpZ!";\n',
      'half.tsx': 'export const A = () => <div>\n',
      'ok.ts': BAD,
    });
    const { findings } = await judge(rig);
    expect(findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual(
      expect.arrayContaining(['broken.ts no-syntax-error', 'half.tsx no-syntax-error', 'ok.ts no-empty-catch']),
    );
    expect(findings.some(({ file, rule }) => file === 'broken.ts' && rule.includes('cred'))).toBe(true);
  });

  test('modern and old syntax is no error', async () => {
    await using rig = Rig.create({
      'decorated.ts': '@sealed\nexport class A { @field accessor x = 1; constructor(private readonly y: number) {} }\n',
      'using.ts': 'export function f() { using a = open(); return a; }\nenum E { A }\nnamespace N { export const a = 1 }\n',
      'old.js': 'var let_ = 010; with (Math) { let_ = floor(1.5) }\n<!-- an old comment\n',
      'jsx.js': 'export const A = () => <p>hi</p>;\n',
      'flow.js': 'export const a = 1;\nreturn;\n',
      'top.mjs': 'await import("x");\nexport {};\n',
      'generic.mts': 'export const id = <T,>(x: T): T => x; export const y = <const T extends unknown>(x: T) => x satisfies T;\n',
      'import.ts':
        'import a from "./a.json" with { type: "json" };\nimport type { B } from "b";\nimport c = require("c");\nexport = c;\n',
      'types.d.ts':
        'declare module "*.svg" { const path: string; export default path }\ndeclare global { interface Window { x: 1 } }\nexport {};\n',
    });
    const { findings } = await judge(rig, '--files *.{ts,mts,mjs}');
    expect(findings.map(({ file, message }) => `${file}: ${message}`)).toEqual([]);
    expect(filesOf(await judge(rig, '--files {jsx,old,flow}.js'))).not.toContain('jsx.js');
  });
});

describe('a lot', () => {
  test('a line of 10 MB takes no time', async () => {
    await using rig = Rig.create({ 'b.ts': BAD });
    place(rig, 'string.ts', `export const big = "${'x'.repeat(10_000_000)}";\n`);
    place(rig, 'code.js', `export const a = [${'{a:1,b:function(){return c.d(e)}},'.repeat(300_000)}];\n`);
    place(rig, 'words.ts', `export const big = "${'password=secret token: abc '.repeat(400_000)}";\n`);
    const judged = await judge(rig, '', { timeoutMs: 20_000 });
    expect(filesOf(judged)).toContain('b.ts');
  });

  // V8 gives up with an error on some patterns in so long a text.
  test.each([
    ['comments', 'a b ', ['// eslint-disable ', '/* biome-ignore ', '// devctl-ignore no-any: ', '// TODO ', '/* ']],
    ['blanks', ' ', ['// eslint-disable', '// devctl-ignore ', '// biome-ignore', 'call(']],
    ['keys', 'a1B2', ['sk-', 'hf_', 'eyJ', ['-----BEGIN', 'PRIVATE KEY-----'].join(' '), 'password="', 'redis://default:']],
  ])('%s of 9 MB take no time and are no crash', async (_, filling, beginnings) => {
    await using rig = Rig.create({ 'b.ts': BAD });
    for (const [index, begin] of beginnings.entries())
      place(rig, `long${String(index)}.ts`, `${begin}${filling.repeat(9_000_000 / filling.length)}\n`);
    const judged = await judge(rig, '', { timeoutMs: 50_000 });
    expect(filesOf(judged)).toContain('b.ts');
  });

  test.each([
    ['a comment of stars', `/*${'*'.repeat(300_000)} hack of the day */\n${BAD}`, '--level 4'],
    ['stars that come to nothing', `/*${'* '.repeat(300_000)}x */ // eslint-disable-next-line\n${BAD}`, ''],
    [
      'a line of strings',
      `export const price = Math.random() * 100;\nexport const a = [${'"aaa",'.repeat(500_000)}];\n${BAD}`,
      '',
    ],
    ['blanks before a comment', `${' '.repeat(300_000)}f(); // devctl-ignore no-any: one\n${BAD}`, '--fix'],
  ])('%s takes no time', async (_, text, words) => {
    await using rig = Rig.create({ 'a.ts': text });
    expect(filesOf(await judge(rig, words, { timeoutMs: 6000 }))).toEqual(['a.ts']);
  });

  test('many findings in one file are all told', async () => {
    await using rig = Rig.create();
    place(rig, 'a.ts', `type A =\n${'  | any\n'.repeat(150_000)};\n`);
    expect((await judge(rig, '', { timeoutMs: 50_000 })).warnings).toBe(150_000);
  }, 90_000);

  test('depth is no crash', async () => {
    await using rig = Rig.create({ 'b.ts': BAD });
    const deep = (open: string, close: string, n: number) => `${open.repeat(n)}1${close.repeat(n)}`;
    place(rig, 'parens.ts', `export const a = ${deep('(\n', ')\n', 5000)};\n`);
    place(rig, 'lists.ts', `export const a = ${deep('[\n', ']\n', 20_000)};\n`);
    place(rig, 'blocks.ts', `${deep('{\n', '}\n', 20_000)}\n`);
    place(rig, 'sum.ts', `export const a = ${'1 +\n'.repeat(50_000)}1;\n`);
    place(rig, 'chain.ts', `export const a = b${'\n.c()'.repeat(20_000)};\n`);
    place(rig, 'jsx.tsx', `export const a = ${'<p>\n'.repeat(5000)}${'</p>\n'.repeat(5000)};\n`);
    const ran = await rig.devctl('validate --json', { timeoutMs: 55_000 });
    expect(ran.code, ran.stderr.slice(0, 1000)).toBe(1);
    expect(ran.stdout).toContain('"b.ts"');
  });

  test('5,000 files in one run, in less than 600 MB', async () => {
    await using rig = Rig.create();
    for (let n = 0; n < 50; n++) {
      mkdirSync(join(rig.project, `d${String(n)}`));
      for (let m = 0; m < 100; m++)
        place(
          rig,
          `d${String(n)}/f${String(m)}.ts`,
          Array.from({ length: 20 }, (_, k) => `export const f${String(k)} = (x: string): string => x + "é";\n`).join(''),
        );
    }
    place(rig, 'd0/bad.ts', BAD);
    const { stdout, stderr, status } = spawnSync('/usr/bin/time', ['-f', 'peak %M', 'node', DEVCTL, 'validate', '--json'], {
      cwd: rig.project,
      env: rig.env,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    expect(status, stderr).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ data: { files: 5001 } });
    expect(Number(/peak (\d+)/.exec(stderr)?.[1]), 'kB').toBeLessThan(600_000);
  });
});
