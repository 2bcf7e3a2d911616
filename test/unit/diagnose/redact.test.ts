// devctl-ignore-file no-secret: made up, to be masked
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignmentsIn, makeRedactor } from '../../../src/diagnose/redact.ts';

describe('secrets', () => {
  test.each([
    ['API_KEY', 'abcd1234'],
    ['DATABASE_PASSWORD', 'p@ss w0rd'],
    ['MY_TOKEN', 'line one\nline two of it'],
    ['STRIPE_SECRET', 'x"y\\z quoted'],
    ['JWT', 'zzzzzz'],
    ['db.password', 'hunter2'],
    ['PGPASSWORD', 'plain-one'],
    ['SSHPASS', 'plain-two'],
    ['authToken', 'plain-three'],
  ])('the value of %s is masked, in whatever spelling', (name, value) => {
    const redact = makeRedactor([{ [name]: value }]);
    const spelled = [value, JSON.stringify({ value }), encodeURIComponent(value), ...value.split('\n')];
    for (const text of spelled) expect(redact(`before ${text} after`)).not.toContain(text.replace(/^\{"value":"|"\}$/g, ''));
  });

  test.each([
    ['PATH', '/usr/bin'],
    ['PWD', '/home/me'],
    ['NODE_ENV', 'development'],
    ['SECRET', 'test'],
    ['GIT_AUTHOR_NAME', 'Jo Doe'],
  ])('%s=%s stays: it is none, or says nothing', (name, value) => {
    expect(makeRedactor([{ [name]: value }])(`x ${value} y`)).toBe(`x ${value} y`);
  });

  test.each([
    'sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAA',
    'ghp_abcdefghijklmnopqrstuvwxyz0123',
    'AKIAABCDEFGHIJKLMNOP',
    'Bearer abcdefgh12345678',
    'postgres://me:s3cret@db/x',
    'password: hunter22',
    'passphrase: hunter22',
    'mysql --password hunter22',
    '--api-key=hunter22',
    'npm_abcdefghABCDEFGH0123456789',
    'https://hooks.slack.com/services/T00/B00/abcdefgh',
    'Cookie: session=hunter22',
    'AccountKey=hunter22==',
    '"api_key": "abcdef123456"',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc',
    '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----',
  ])('%s shows itself', (text) => {
    const masked = makeRedactor([])(`x ${text} y`);
    expect(masked).toContain('****');
    expect(masked).not.toMatch(/s3cret|hunter22|abcdef123456|AAAA|abcdefgh/);
  });

  test('an address with a password in it, with whatever characters, is a secret as a whole', () => {
    const url = 'postgres://app:pa/ss@w0rd@db/x';
    expect(makeRedactor([{ DATABASE_URL: url }])(`connecting to ${url}`)).toBe('connecting to ****');
  });

  test('what is assigned in a line is a secret wherever it stands alone', () => {
    const text = `web: MY_KEY=x1y2z3 MY_TOKEN="two words" A=b sh say.sh`;
    const masked = makeRedactor(assignmentsIn(text))(`${text}\nit said x1y2z3 and two words`);
    expect(masked).not.toMatch(/x1y2z3|two words/);
    expect(masked).toContain('A=b sh say.sh');
  });

  test('a short one only as a word of its own; what stands in the text openly not at all', () => {
    const redact = makeRedactor(
      [{ DB_PASSWORD: 'postgres', PIN_TOKEN: 'root', AUTH_URL: 'http://localhost:3000', MAX_TOKENS: '32000' }],
      ['postgres'],
    );
    expect(redact('postgres  log/postgres.log  /root/app  as root  http://localhost:3000 32000')).toBe(
      'postgres  log/postgres.log  /root/app  as ****  http://localhost:3000 32000',
    );
  });

  test('half a character is no reason to fail', () => {
    expect(makeRedactor([{ A_TOKEN: 'abc\uD800defgh' }])('x abc\uD800defgh y')).toBe('x **** y');
  });

  test('whatever the value, no text of it is left', () => {
    const value = fc.string({ minLength: 8, maxLength: 30 }).filter((text) => !/^[*\s]*$/.test(text));
    fc.assert(
      fc.property(value, fc.string(), fc.string(), (secret, before, after) => {
        expect(makeRedactor([{ A_SECRET: secret }])(before + secret + after).includes(secret)).toBe(false);
      }),
    );
  });
});
