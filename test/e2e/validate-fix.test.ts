import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { BAD, git, GOOD, judge, rulesOf } from './validate-projects.ts';

/** What `--fix` makes of a text; a second time it changes nothing. */
async function fixed(rig: Rig, text: string, name = 'a.ts', words = ''): Promise<string> {
  rig.write({ [name]: text });
  const ran = await rig.devctl(`validate --fix ${words}`);
  expect([0, 1, 2], ran.stdout + ran.stderr).toContain(ran.code);
  const once = rig.read(name);
  await rig.devctl(`validate --fix ${words}`);
  expect(rig.read(name), 'twice').toBe(once);
  return once;
}

const UNUSED = 'devctl-ignore no-any: it was one';

describe('--fix takes out what ignores nothing', () => {
  test.each([
    ['a line of its own', `// ${UNUSED}\n${GOOD}`, GOOD],
    ['an indented one', `{\n  // ${UNUSED}\n  f();\n}\n`, '{\n  f();\n}\n'],
    ['at the end of a line', `f(); // ${UNUSED}\ng();\n`, 'f();\ng();\n'],
    ['a block', `/* ${UNUSED} */\n${GOOD}`, GOOD],
    ['a block in a line', `f(/* ${UNUSED} */ 1);\n`, /^f\( ?1\);\n$/],
    ['for the whole file', `// devctl-ignore-file no-any: generated\n${GOOD}`, GOOD],
    ['with CRLF', `f();\r\n// ${UNUSED}\r\ng();\r\n`, 'f();\r\ng();\r\n'],
    ['with CRLF, at the end of a line', `f(); // ${UNUSED}\r\ng();\r\n`, 'f();\r\ng();\r\n'],
    ['with a byte order mark', `\uFEFF// ${UNUSED}\n${GOOD}`, `\uFEFF${GOOD}`],
    ['as the last line, without a newline', `f();\n// ${UNUSED}`, /^f\(\);\n?$/],
    ['beyond odd signs', `f("😀é"); // ${UNUSED}\n`, 'f("😀é");\n'],
    ['several', `// ${UNUSED}\nf();\n// ${UNUSED}\ng(); // ${UNUSED}\n`, 'f();\ng();\n'],
    ['after a shebang', `#!/usr/bin/env node\n// ${UNUSED}\nf();\n`, '#!/usr/bin/env node\nf();\n'],
  ])('%s', async (_, text, expected) => {
    await using rig = Rig.create();
    const got = await fixed(rig, text);
    if (typeof expected === 'string') expect(got).toBe(expected);
    else expect(got).toMatch(expected);
    expect(rulesOf(await judge(rig))).toEqual([]);
  });

  test('in JSX', async () => {
    await using rig = Rig.create();
    const text = `export const A = () => (\n  <p>\n    {/* ${UNUSED} */}\n    hi\n  </p>\n);\n`;
    const got = await fixed(rig, text, 'a.tsx');
    expect(got).not.toContain('devctl-ignore');
    expect(got).toMatch(/<p>\s*(?:\{\s*\}\s*)?hi/);
    expect(rulesOf(await judge(rig))).toEqual([]);
  });

  test('and keeps those that are used', async () => {
    await using rig = Rig.create();
    const text = `// devctl-ignore no-any: typed so\nexport const f = (a: any): unknown => a; // TODO: later\n`;
    expect(await fixed(rig, text)).toBe(text);
  });
});

describe('--fix of @ts-ignore', () => {
  test.each([
    ['with a reason', '// @ts-ignore the types of x are wrong\nx();\n', '// @ts-expect-error the types of x are wrong\nx();\n'],
    ['with a dash', '// @ts-ignore -- wrong types\r\nx();\r\n', '// @ts-expect-error -- wrong types\r\nx();\r\n'],
    ['in a block', '/* @ts-ignore wrong types */\nx();\n', '/* @ts-expect-error wrong types */\nx();\n'],
    ['without a reason it stays: that is no reason', '// @ts-ignore\nx();\n', '// @ts-ignore\nx();\n'],
    ['in a text it stays', 'export const a = "// @ts-ignore the types";\n', 'export const a = "// @ts-ignore the types";\n'],
  ])('%s', async (_, text, expected) => {
    await using rig = Rig.create();
    expect(await fixed(rig, text)).toBe(expected);
  });

  test('the text that a file says it ignores is left', async () => {
    await using rig = Rig.create();
    const text = '// devctl-ignore no-ts-ignore: two versions of the types\n// @ts-ignore the types of x are wrong\nx();\n';
    expect(await fixed(rig, text, 'a.ts', '--level 3')).toBe(text);
  });
});

describe('--fix touches nothing else', () => {
  test('neither mode nor time nor bytes of what it does not mend', async () => {
    await using rig = Rig.create({ 'clean.ts': GOOD, 'bad.ts': BAD, 'run.ts': `#!/usr/bin/env node\n// ${UNUSED}\nf();\n` });
    const odd = Buffer.concat([Buffer.from(`// ${UNUSED}\nf("`), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('");\n')]);
    writeFileSync(join(rig.project, 'odd.ts'), odd);
    chmodSync(join(rig.project, 'run.ts'), 0o751);
    const before = ['clean.ts', 'bad.ts'].map((name) => statSync(join(rig.project, name)).mtimeMs);
    const ran = await rig.devctl('validate --fix');
    expect(ran.code, 'an error is left').toBe(1);
    expect(['clean.ts', 'bad.ts'].map((name) => statSync(join(rig.project, name)).mtimeMs)).toEqual(before);
    expect(statSync(join(rig.project, 'run.ts')).mode & 0o777).toBe(0o751);
    expect(rig.read('run.ts')).toBe('#!/usr/bin/env node\nf();\n');
    const after = readFileSync(join(rig.project, 'odd.ts'));
    expect([odd, Buffer.concat([Buffer.from('f("'), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('");\n')])]).toContainEqual(
      after,
    );
    expect((await rig.exec('find', ['.', '-type', 'f'])).stdout.trim().split('\n')).toHaveLength(4);
  });

  test('UTF-16 stays UTF-16', async () => {
    await using rig = Rig.create();
    const encode = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
    writeFileSync(join(rig.project, 'a.ts'), encode(`// ${UNUSED}\n${GOOD}`));
    expect((await rig.devctl('validate')).stdout).not.toContain('--fix');
    await rig.devctl('validate --fix');
    const after = readFileSync(join(rig.project, 'a.ts'));
    expect([encode(`// ${UNUSED}\n${GOOD}`), encode(GOOD)]).toContainEqual(after);
  });

  test('only what the paths name; the counts say what was mended', async () => {
    await using rig = Rig.create({ 'a.ts': `// ${UNUSED}\n${GOOD}`, 'b.ts': `// ${UNUSED}\n${GOOD}` });
    expect(await judge(rig, 'a.ts --fix')).toMatchObject({ mended: 1, findings: [] });
    expect(rig.read('a.ts')).toBe(GOOD);
    expect(rig.read('b.ts')).not.toBe(GOOD);
  });

  test('and says that it mended', async () => {
    await using rig = Rig.create({ 'a.ts': `// ${UNUSED}\n${GOOD}` });
    const ran = await rig.devctl('validate --fix');
    expect(ran.stdout).toMatch(/1 .*mended/);
    expect(ran.stdout, 'one or the other').not.toContain('Nothing to mend');
  });

  test('a file that cannot be written is told', async () => {
    await using rig = Rig.create({ 'a.ts': `// ${UNUSED}\n${GOOD}` });
    await git(rig, 'init -q');
    const able = await rig.sh('chattr +i a.ts 2>/dev/null && echo yes');
    if (!able.stdout.includes('yes')) return;
    const ran = await rig.devctl('validate --fix');
    await rig.sh('chattr -i a.ts');
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain('a.ts');
  });
});
