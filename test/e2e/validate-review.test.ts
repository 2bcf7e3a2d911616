import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { waitFor } from '../support/wait-for.ts';

interface Judged {
  errors: number;
  findings: { rule: string; file: string; line: number; excerpt: string }[];
}
const judge = (rig: Rig, words = '') => rig.json<Judged>(`validate ${words}`);
const PASSWORD = ['hunt3r', 'Zq9!'].join('!');
const commit = 'git add -A && git -c user.name=a -c user.email=a@b.c commit -qm one';

/** What a reviewer has found. */
describe('one line of a file switches nothing off', () => {
  test('a byte 0 in a text', async () => {
    await using rig = Rig.create({ 'a.ts': `export const password = "${PASSWORD}";\nconst n = "\0";\n` });
    expect((await judge(rig)).findings.map(({ rule }) => rule)).toContain('no-hard-coded-credential');
  });

  test('a long line of code among short ones', async () => {
    const long = (name: string) => `export const ${name} = [${'f(1),'.repeat(1500)}];\n`;
    await using rig = Rig.create({
      'a.ts': `${long('a')}try { a(); } catch {}\n${long('b')}export const price = Math.random() * 100;\n`,
    });
    const { findings } = await judge(rig);
    expect(findings.map(({ rule, line }) => `${String(line)} ${rule}`)).toEqual(['2 no-empty-catch', '4 no-fake-data']);
  });
});

describe('a secret is shown nowhere', () => {
  const LINE = `export const c: any = { password: "${PASSWORD}" };`;

  test.each([
    ['that is ignored with a reason', 'a.ts', `${LINE} // devctl-ignore no-hard-coded-credential: known\n`, ''],
    ['of a test, where it does not count', 'test/a.test.ts', `${LINE}\n`, 'validate: { testLevel: 3 }\n'],
    ['of a rule that is off', 'a.ts', `${LINE}\n`, 'validate: { rules: { no-hard-coded-credential: off } }\n'],
  ])('%s', async (_, file, text, config) => {
    await using rig = Rig.create({ [file]: text, ...(config === '' ? {} : { 'devctl.yml': config }) });
    const json = await rig.devctl('validate --json');
    expect(json.stdout).toContain('no-any');
    expect(json.stdout + (await rig.devctl('validate')).stdout + (await rig.devctl('validate --sarif')).stdout).not.toContain(
      PASSWORD,
    );
  });
});

describe('what takes the square of its length elsewhere takes its time once', () => {
  test.each([
    ['a long sum of dice', `export const price = ${Array.from({ length: 2000 }, () => 'Math.random()').join(' +\n')};\n`],
    ['a long chain of branches', `${'if (Math.random() > 0.5)\n throw 1; else '.repeat(1000)}a();\n`],
    ['empty lines in a comment', `/* a todo list${'\n'.repeat(60_000)}x */\n`],
    ['stars behind a directive', `// devctl-ignore no-any: ${'* '.repeat(60_000)}x\n`],
    [
      'twenty thousand findings',
      Array.from({ length: 20_000 }, (_, index) => `export const a${String(index)}: any = 1;`).join('\n'),
    ],
  ])('%s', async (_, text) => {
    await using rig = Rig.create({ 'a.ts': text });
    const ran = await rig.devctl('validate', { timeoutMs: 20_000 });
    expect([0, 1], ran.stderr).toContain(ran.code);
  });
});

describe('git', () => {
  test('a conflict that is not resolved is no clean commit', async () => {
    await using rig = Rig.create({ 'a.ts': 'export const a = 1;\n' });
    await rig.sh(`git init -q . && ${commit} && git switch -qc other && echo 'export const a = 2;' >a.ts && ${commit}`);
    await rig.sh(
      `git switch -q - && echo 'export const a = 3;' >a.ts && ${commit}; git -c user.name=a -c user.email=a@b.c merge -q other`,
    );
    const ran = await rig.devctl('validate --staged');
    expect(ran.code, ran.stdout).toBe(64);
    expect(ran.stderr).toContain('conflicts');
  });

  test('a path that is nowhere, also for --staged', async () => {
    await using rig = Rig.create({ 'a.ts': 'export const a = 1;\n' });
    await rig.sh('git init -q . && git add a.ts');
    expect((await rig.devctl('validate --staged nope')).code).toBe(64);
  });
});

test.each(['INT', 'TERM', 'HUP'])('ended by SIG%s it takes its copies along', async (signal) => {
  const many = Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [`f${String(index)}.ts`, '// oxlint-disable\nexport const a: any = 1;\n']),
  );
  await using rig = Rig.create(many);
  const tmp = join(rig.root, 't');
  const ours = () => readdirSync(tmp).filter((name) => name.startsWith('devctl-validate-'));
  const ended = rig.sh(
    `$DEVCTL validate & pid=$!; while ! ls ${tmp}/devctl-validate-*/9 >/dev/null 2>&1; do kill -0 $pid || break; done; kill -${signal} $pid; wait $pid`,
  );
  await ended;
  await waitFor('an empty folder for temporary files', () => ours().length === 0, 5000);
});
