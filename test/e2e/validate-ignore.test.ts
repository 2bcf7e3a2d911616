import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { BAD, judge, linesOf, rulesOf } from './validate-projects.ts';

/** In two parts: this file is judged as well. */
const KEY = ['AKIA', 'Z7QF4K2MN8PL1WXB'].join('');

const WHY = 'it may be gone already';
const TRY = BAD.trimEnd();

/** A text, and what is found in it. */
type Case = [string, string, string[]];
const check = (cases: Case[], file = 'a.ts', words = '') => {
  test.each(cases)('%s', async (_, text, expected) => {
    await using rig = Rig.create({ [file]: text });
    const judged = await judge(rig, words);
    const found = linesOf(judged).map((line) => line.slice(file.length + 1));
    expect(found.sort((one, other) => parseInt(one) - parseInt(other))).toEqual(expected);
  });
};

describe('devctl-ignore silences', () => {
  check([
    ['the next line', `// devctl-ignore no-empty-catch: ${WHY}\n${TRY}\n`, []],
    ['its own line, at the end', `${TRY} // devctl-ignore no-empty-catch: ${WHY}\n`, []],
    ['in a block', `/* devctl-ignore no-empty-catch: ${WHY} */\n${TRY}\n`, []],
    ['in a block of its line', `${TRY} /* devctl-ignore no-empty-catch: ${WHY} */\n`, []],
    ['in a block of several lines', `/*\n * devctl-ignore no-empty-catch: ${WHY}\n */\n${TRY}\n`, []],
    ['in a doc comment', `/** devctl-ignore no-any: ${WHY} */\nexport const f = (a: any) => a;\n`, []],
    ['with CRLF', `// devctl-ignore no-empty-catch: ${WHY}\r\n${TRY}\r\n`, []],
    ['several rules', `// devctl-ignore no-empty-catch, no-any: ${WHY}\ntry { f(1 as any); } catch {}\n`, []],
    ['several rules, tight', `// devctl-ignore no-empty-catch,no-any: ${WHY}\ntry { f(1 as any); } catch {}\n`, []],
    [
      'stacked',
      `// devctl-ignore no-empty-catch: ${WHY}\n// devctl-ignore no-any: typed so\ntry { f(1 as any); } catch {}\n`,
      [],
    ],
    ['each of its kind in the line', `// devctl-ignore no-any: ${WHY}\nexport const f = (a: any, b: any) => [a, b];\n`, []],
    ['with a reason that has colons and commas', `// devctl-ignore no-empty-catch: see: RFC 1, 2\n${TRY}\n`, []],
    ['with a blank line between', `// devctl-ignore no-empty-catch: ${WHY}\n\n${TRY}\n`, ['1 unused-ignore', '3 no-empty-catch']],
    ['only that rule', `// devctl-ignore no-any: ${WHY}\n${TRY}\n`, ['1 unused-ignore', '2 no-empty-catch']],
    ['only that line', `// devctl-ignore no-empty-catch: ${WHY}\n${TRY}\n${TRY}\n`, ['3 no-empty-catch']],
    ['the whole file', `// devctl-ignore-file no-empty-catch: generated\n${TRY}\n${TRY}\n`, []],
    ['the whole file, at its end', `${TRY}\n${TRY}\n// devctl-ignore-file no-empty-catch: generated\n`, []],
    ['of several rules, the used one', `// devctl-ignore no-empty-catch, no-any: ${WHY}\n${TRY}\n`, ['1 unused-ignore']],
  ]);
});

describe('devctl-ignore does not silence', () => {
  check([
    ['without a reason', `// devctl-ignore no-empty-catch\n${TRY}\n`, ['1 ignore-needs-reason', '2 no-empty-catch']],
    ['with a colon alone', `// devctl-ignore no-empty-catch:  \n${TRY}\n`, ['1 ignore-needs-reason', '2 no-empty-catch']],
    ['with nothing at all', `// devctl-ignore\n${TRY}\n`, ['1 ignore-needs-reason', '2 no-empty-catch']],
    ['with a reason and no rule', `// devctl-ignore: ${WHY}\n${TRY}\n`, ['1 ignore-needs-reason', '2 no-empty-catch']],
    ['all rules at once', `// devctl-ignore all: ${WHY}\n${TRY}\n`, ['1 ignore-needs-reason', '2 no-empty-catch']],
    ['a rule that is none', `// devctl-ignore no-empty-cach: ${WHY}\n${TRY}\n`, ['1 ignore-needs-reason', '2 no-empty-catch']],
    [
      'the whole file without a reason',
      `// devctl-ignore-file no-empty-catch\n${TRY}\n`,
      ['1 ignore-needs-reason', '2 no-empty-catch'],
    ],
    ['in a text', `export const a = "// devctl-ignore-file no-empty-catch: x";\n${TRY}\n`, ['2 no-empty-catch']],
    ['in a template', `export const a = \`\n// devctl-ignore no-empty-catch: x\n\`; ${TRY}\n`, ['3 no-empty-catch']],
    ['in prose', `// write a devctl-ignore no-empty-catch: like this\n${TRY}\n`, ['2 no-empty-catch']],
    [
      'itself',
      `// devctl-ignore ignore-needs-reason: x\n// devctl-ignore no-empty-catch\n${TRY}\n`,
      ['1 unused-ignore', '2 ignore-needs-reason', '3 no-empty-catch'],
    ],
  ]);

  test('a rule that is none is told with the one that was meant', async () => {
    await using rig = Rig.create({ 'a.ts': `// devctl-ignore no-empty-cach: ${WHY}\n${TRY}\n` });
    const told = (await judge(rig)).findings.find(({ rule }) => rule === 'ignore-needs-reason');
    expect(told?.message).toContain('no-empty-cach');
  });

  test('and what is found is told line by line, whoever found it', async () => {
    await using rig = Rig.create({ 'a.ts': `// devctl-ignore no-empty-catch\n${TRY}\n// TODO: later\n` });
    const lines = (await judge(rig)).findings.map(({ line }) => line);
    expect(lines).toEqual([1, 2, 3]);
  });
});

describe('devctl-ignore in JSX', () => {
  check(
    [
      [
        'above',
        `export const A = () => (\n  <div>\n    {/* devctl-ignore no-any: ${WHY} */}\n    <B x={y as any} />\n  </div>\n);\n`,
        [],
      ],
      ['in its line', `export const A = () => <B x={y as any /* devctl-ignore no-any: ${WHY} */} />;\n`, []],
      [
        'between attributes',
        `export const A = () => (\n  <B\n    // devctl-ignore no-any: ${WHY}\n    x={y as any}\n  />\n);\n`,
        [],
      ],
      [
        'as the text of an element it is none',
        `export const A = () => (\n  <p>\n    // devctl-ignore no-any: x\n    {y as any}\n  </p>\n);\n`,
        ['4 no-any'],
      ],
    ],
    'a.tsx',
  );
});

describe('devctl-ignore', () => {
  test('of a finding that spans lines stands above its first line or its own', async () => {
    const text = `// devctl-ignore no-fake-async: a stub of the demo\nexport const load = () =>\n  new Promise((resolve) =>\n    setTimeout(() => {\n      resolve({ id: 1 });\n    }, 500),\n  );\n`;
    await using rig = Rig.create({ 'a.ts': text.replace('// devctl-ignore no-fake-async: a stub of the demo\n', '') });
    const [found] = (await judge(rig)).findings;
    expect(found?.rule).toBe('no-fake-async');
    const lines = rig.read('a.ts').split('\n');
    lines.splice((found?.line ?? 1) - 1, 0, '// devctl-ignore no-fake-async: a stub of the demo');
    rig.write({ 'a.ts': lines.join('\n') });
    expect(rulesOf(await judge(rig))).toEqual([]);
  });

  test('of what is around silences nothing of what is inside', async () => {
    const inner = 'new Promise((done) => setTimeout(() => done({ id: 1 }), 500))';
    await using rig = Rig.create({
      'a.ts': `// devctl-ignore no-fake-async: a stub of the demo\nexport const load = new Promise((resolve) => setTimeout(() => {\n  resolve(\n    ${inner},\n  );\n}, 500));\n`,
    });
    const lines = (await judge(rig)).findings.map(({ line }) => line);
    expect(lines).toEqual([4]);
  });

  test('is counted, and unused ones are a warning that --strict minds', async () => {
    await using rig = Rig.create({ 'a.ts': `// devctl-ignore no-empty-catch: ${WHY}\n${TRY}\n` });
    expect(await judge(rig)).toMatchObject({ ignored: 1, errors: 0 });
    rig.write({ 'a.ts': `// devctl-ignore no-empty-catch: ${WHY}\nexport {};\n` });
    expect((await rig.devctl('validate --strict')).code).toBe(2);
  });

  test('for a rule that is off at this level is not unused', async () => {
    await using rig = Rig.create({ 'a.ts': '// devctl-ignore no-math-random: a dice\nexport const a = roll(Math.random());\n' });
    expect(rulesOf(await judge(rig))).toEqual([]);
    expect(rulesOf(await judge(rig, '--level 4'))).toEqual([]);
  });

  test('silences a secret, with a reason', async () => {
    await using rig = Rig.create({
      'a.ts': `// devctl-ignore no-secret: the example of the documentation\nexport const id = "${KEY}";\n`,
    });
    expect(rulesOf(await judge(rig))).toEqual([]);
  });
});
