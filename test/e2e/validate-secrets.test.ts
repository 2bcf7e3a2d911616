import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Rig } from '../support/rig.ts';
import { filesOf, git, judge } from './validate-projects.ts';

/** In parts, so that no scanner takes them for real. */
const one = (...parts: string[]) => parts.join('');
const SECRETS: Record<string, [string, string]> = {
  aws: [one('AKIA', 'Z7QF4K2MN8PL1WXB'), 'export const id = "@";\n'],
  'aws in a comment': [one('AKIA', 'Z7QF4K2MN8PL1WXC'), '// TODO: rotate @ soon\nexport {};\n'],
  github: [one('ghp_', '16C7e42F292c6912E7710c838347Ae178B4a'), 'export const a = call(`@`);\n'],
  stripe: [one('sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'), 'console.log("@");\n'],
  slack: [one('xoxb-', '263594206564-2343594206574-FGqddMF8t08v8N7Oq4i57vs1'), 'try { f("@"); } catch {}\n'],
  google: [one('AIza', 'SyDaGmWKa4JsXZ7HjGw7ISLn-3namBGewQe'), 'export const f = (a: any) => g(a, "@");\n'],
  password: [one('hunter2-', 'Xk39aLqpZ!'), 'export const password = "@";\n'],
  'in a URL': [one('q9ZlmW2v', 'XcR7'), 'export const url = "postgres://app:@@db.internal:5432/app"; // FIXME: later\n'],
  'beside a finding of a line above': [
    one('Zk8vQw2m', 'Lp4Rt7Ys'),
    'export const config = { // TODO: move\n  apiKey: "@",\n};\n',
  ],
  'in broken code': [one('Pw9vQw2m', 'Lp4Rt7Yq!'), 'const password = "@"; function ( {\n'],
  'in a directive': [one('Tt9vQw2m', 'Lp4Rt7Yq'), '// eslint-disable-next-line x, password="@"\nexport const password = "@";\n'],
  'in a reason': [one('ghp_', '26C7e42F292c6912E7710c838347Ae178B4b'), '// devctl-ignore no-any: it was @ before\nexport {};\n'],
};
const textOf = (template: string, secret: string) =>
  template
    .replace('@@', `${secret}@`)
    .replaceAll('"@"', `"${secret}"`)
    .replace(/(?<![\w])@(?!db)/, secret);

/** A rule of the project that finds the line of the secret for another reason. */
const EVERYTHING = `id: own
message: whatever
why: it finds everything
instead: nothing
severity: error
find: { any: [{ kind: string }, { kind: comment }, { kind: template_string }, { kind: lexical_declaration }] }
bad: ['f("x")']
good: ['f(1)']
`;

const CHUNK = one('MIIEpAIBAAKCAQEA1c7', 'z5Pad7OejecsQ0buIUZrkLXaBClOc5i94gwxV');
const BEGIN = one('-----BEGIN RSA', ' PRIVATE KEY-----');
describe('of a key over many lines no line is repeated', () => {
  test.each([
    [
      'joined',
      `export const key =\n  "${BEGIN}\\n" +\n  "${CHUNK}a\\n" +\n  "${CHUNK}b\\n" + // TODO: read it\n  "${CHUNK}c\\n";\n`,
    ],
    ['in a list', `export const key = [\n  "${BEGIN}",\n  "${CHUNK}a",\n  "${CHUNK}b", // TODO: read it\n  "${CHUNK}c",\n];\n`],
    ['in a comment', `/**\n * ${BEGIN}\n * ${CHUNK}a\n * ${CHUNK}b TODO: read it\n * ${CHUNK}c\n */\nexport {};\n`],
    ['in a template', `export const key = \`${BEGIN}\n${CHUNK}a\n${CHUNK}b\n${CHUNK}c\n\`; // TODO: read it\n`],
  ])('%s', async (_, text) => {
    await using rig = Rig.create({ 'a.ts': text });
    expect((await judge(rig)).findings.map(({ rule }) => rule).sort()).toEqual(['no-secret', 'no-todo']);
    for (const words of ['validate', 'validate --json', 'validate --sarif'])
      expect((await rig.devctl(words)).stdout).not.toContain(CHUNK);
  });

  test('nor is a word of a comment that is one', async () => {
    const key = one('AKIA', 'Z7QF4K2MN8PL1WXB');
    await using rig = Rig.create({ 'a.ts': `// devctl-ignore ${key}: because\nexport {};\n` });
    const ran = await rig.devctl('validate');
    expect(ran.stdout).toContain('ignore-needs-reason');
    expect(ran.stdout).not.toContain(key);
  });
});

describe('a secret is found and never repeated', () => {
  test.each(Object.entries(SECRETS))('%s', async (_, [secret, template]) => {
    const text = textOf(template, secret);
    expect(text).toContain(secret);
    await using rig = Rig.create({ 'a.ts': text, '.devctl/rules/own.yml': EVERYTHING });
    const rules = (await judge(rig)).findings.map(({ rule }) => rule);
    expect(
      rules.some((rule) => rule === 'no-secret' || rule === 'no-hard-coded-credential'),
      rules.join(),
    ).toBe(true);
    await git(rig, 'init -q');
    await git(rig, 'add a.ts');
    for (const words of [
      '',
      '--json',
      '--sarif',
      '--level 4',
      '--staged',
      '--fix',
      '--baseline base.json --write-baseline',
      '--baseline base.json',
    ]) {
      const ran = await rig.devctl(`validate ${words}`);
      expect([0, 1, 2], ran.stderr).toContain(ran.code);
      expect((ran.stdout + ran.stderr).includes(secret), `validate ${words}`).toBe(false);
    }
    if (rig.has('base.json')) expect(rig.read('base.json').includes(secret)).toBe(false);
  });

  test('nor the whole of it by its parts: a message does not quote it', async () => {
    const [secret] = SECRETS['github'] ?? [''];
    await using rig = Rig.create({ [`${secret.slice(0, 12)}.ts`]: `export const a = "${secret}";\n` });
    const { stdout } = await rig.devctl('validate --json');
    expect(stdout).not.toContain(secret.slice(12, 30));
  });

  test('the baseline of a secret is no key to it: neither the text nor a plain hash of a short one', async () => {
    await using rig = Rig.create({ 'a.ts': 'export const password = "summer-2031!";\n' });
    await rig.devctl('validate --baseline base.json --write-baseline');
    for (const plain of ['summer-2031!', '"summer-2031!"', 'export const password = "summer-2031!";'])
      for (const kind of ['sha1', 'sha256', 'md5'])
        for (const form of ['hex', 'base64'] as const)
          expect(
            rig.read('base.json').includes(createHash(kind).update(plain).digest(form).slice(0, 12)),
            `${kind} of ${plain}`,
          ).toBe(false);
  });
});

describe('what is no secret', () => {
  test.each([
    ['from the environment', 'export const password = process.env.PASSWORD ?? "";\n'],
    ['a placeholder', 'export const password = "<your password>"; export const apiKey = "changeme";\n'],
    ['a name', 'export const passwordField = "password"; export const tokenHeader = "x-access-token";\n'],
    ['a label', 'export const labels = { password: "Password", secret: "Your secret", token: "Token" };\n'],
    ['a path', 'export const tokenPath = "/var/run/secrets/token"; export const tokenUrl = "https://example.com/oauth/token";\n'],
    ['a hash of an integrity', 'export const integrity = "sha512-q9ZlmW2vXcR7pYtN4uHsq9ZlmW2vXcR7pYtN4uHs";\n'],
    ['a uuid', 'export const id = "0b0d3ce2-2bb1-4b4e-9d0b-5f7d3b0f5c11";\n'],
    ['a public key', 'export const key = "-----BEGIN PUBLIC KEY-----\\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK";\n'],
    ['a type', 'export interface Login { password: string; token: "bearer" | "basic" }\n'],
  ])('%s', async (_, text) => {
    await using rig = Rig.create({ 'a.ts': text });
    expect(filesOf(await judge(rig))).toEqual([]);
  });
});
