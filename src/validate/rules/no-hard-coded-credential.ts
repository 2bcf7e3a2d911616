import type { Rule } from '../rule.ts';
import { PLACEHOLDER } from './credentials.ts';
import { noSecret } from './no-secret.ts';

const NAME = String.raw`(?:password|passwd|passphrase|pwd|\bpass|secret|api[_-]?key|(?:access|secret|private|signing|encryption|auth)[_-]?key|token|credentials?|jwt)`;
const SUFFIX = String.raw`(?:[_-]?(?:value|string|key|default|dev|prod|production|live|staging|\d+))?`;

/** `password = "..."`, `token: '...'`, `apiKey="..."`, `secret = process.env.SECRET ?? "..."`, over lines as well. */
const assigned = (value: string): RegExp =>
  new RegExp(
    String.raw`${NAME}${SUFFIX}["'\]]{0,2}\s{0,20}(?:[!?]?:\s{0,20}string\s{0,20}=|[?|]{2}=|=(?![=>])|:)\s{0,40}(?:\{\s{0,20})?(?:[\w.$?![\]]{1,80}\s{0,20}(?:\?\?|\|\|)\s{0,20})?(?<quote>["'\x60])(?<value>${value})\k<quote>`,
    'dgi',
  );

/** Words of a person's language, of a program, a path or an address: no credential. */
const WORDS = new RegExp(
  [
    PLACEHOLDER.source,
    String.raw`^[a-z]+(?:[-_.:/][a-z]+)*[-_.:/]?\d?$`,
    String.raw`^[A-Z]+(?:_[A-Z\d]+)*$`,
    String.raw`^(?:[a-z]+|[A-Z][a-z]+)(?:[A-Z][a-z]+)*\d?$`,
    String.raw`^(?:https?:|/|\./|@|#|--|\\|\^)`,
    // An address of Ethereum; a private key has 64 digits.
    '^0x[0-9a-f]{40}$',
    'passw|secret|token|credential|^test|^user|^process\\.env',
  ].join('|'),
  'i',
);

export const noHardCodedCredential: Rule = {
  id: 'no-hard-coded-credential',
  message: 'what looks like a password or token in the code',
  why: noSecret.why,
  instead: noSecret.instead,
  severity: ['warning', 'error', 'error', 'error'],
  // Those of tests are made up.
  places: ['production', 'script'],
  isSecret: true,
  finders: [
    {
      by: 'text',
      pattern: assigned(String.raw`(?=[^"'\x60\n]*[\d!@#$%^&+=~])(?=[^"'\x60\n]*[A-Za-z])[^\s"'\x60\\(){}<>]{7,200}`),
      except: WORDS,
    },
  ],
  bad: [
    { code: `const password = "${['Tr0ub4', 'dor&3'].join('')}";` },
    { code: `connect({ user: "app", password: '${['hun7er', '2hunter'].join('')}' });` },
    { code: `const token: string =\n  "${['9f86d081', '884c7d659a2feaa0'].join('')}";` },
    { code: `const secret = process.env.SESSION_SECRET ?? "${['k3yb0ard', '-c4t-9'].join('')}";` },
    { code: `const config = { "api_key": \`${['4f1e9b7c', '2d8a6053'].join('')}\` };` },
    { code: `export const A = () => <Login password="${['adm1n', 'istr4tor!'].join('')}" />;`, file: 'a.tsx' },
    { code: `this.options.clientSecret = '${['GX0-a8', 'Qz71Lm0pW2'].join('')}';` },
  ],
  good: [
    { code: 'const password = process.env.PASSWORD;' },
    { code: 'const labels = { password: "Password", token: "access_token", secret: "client-secret" };' },
    { code: 'const messages = { password: "Use 8 characters or more", passwordError: "Too short: 8 or more" };' },
    { code: 'const token = "oauth2"; const apiKey = "your-api-key-1234";' },
    { code: 'const secret = `${prefix}-1234567`;' },
    { code: 'const tokenUrl = "https://auth.internal/oauth2/token"; const token = "/oauth2/token1";' },
    { code: 'if (password === "12345678a") warn();' },
    { code: `const password = "${['Tr0ub4', 'dor&3'].join('')}";`, file: 'test/login.test.ts' },
  ],
};
