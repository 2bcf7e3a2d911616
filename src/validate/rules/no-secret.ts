import type { Rule } from '../rule.ts';

/** Stands for a value that is to be put there. */
const PLACEHOLDER =
  /x{4}|\*{3}|\.{3}|…|example|sample|placeholder|redacted|dummy|fake|mock|your|change.?me|replace|insert|todo|<[^>]*>|\$\{|\{\{|%s|^(.)\1+$|0123456789|1234567890|abcdefgh/i;

/** Keys of known makers, also those that are cut short or a character too long, which a scanner for valid ones passes over. */
const KEYS = [
  String.raw`(?:AKIA|ASIA)[A-Z0-9]{10,28}`,
  String.raw`AIza[\w-]{30,45}`,
  String.raw`[sr]k_(?:live|test)_[A-Za-z0-9]{10,}`,
  String.raw`sk-(?:proj-|svcacct-|ant-(?:\w+-)?)?[A-Za-z0-9_-]{24,}`,
  String.raw`gh[pousr]_[A-Za-z0-9]{20,}`,
  String.raw`github_pat_\w{20,}`,
  String.raw`glpat-[\w-]{16,}`,
  String.raw`xox[abeprs]-\d[\w-]{10,}`,
  String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
  String.raw`npm_[A-Za-z0-9]{30,}`,
  String.raw`hf_[A-Za-z]{30,}`,
  String.raw`dop_v1_[a-f0-9]{40,}`,
  String.raw`key-[0-9a-f]{32}`,
  String.raw`shp(?:at|ca|pa|ss)_[a-fA-F0-9]{24,}`,
  String.raw`eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}`,
];

export const noSecret: Rule = {
  id: 'no-secret',
  message: 'a key or credential in the code',
  why: 'Whoever reads the code has it, and so has every clone and every log; taking it out does not take it back.',
  instead: 'Revoke it. Read the new one from the environment or a secret store.',
  severity: ['error', 'error', 'error', 'error'],
  isSecret: true,
  finders: [
    { by: 'secretlint' },
    { by: 'text', pattern: new RegExp(String.raw`(?<![\w-])(?<value>${KEYS.join('|')})(?![\w-])`, 'gd'), except: PLACEHOLDER },
    {
      by: 'text',
      pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\\r|\\n|[\s"'`+])*(?<value>[A-Za-z0-9+/]{24,})/dg,
      except: PLACEHOLDER,
    },
    {
      by: 'text',
      pattern: /["'`](?:Bearer|Basic|Token) (?<value>[\w.~+/-]{16,}=*)["'`]/dg,
      except: PLACEHOLDER,
    },
  ],
  bad: [
    { code: `const id = "${['AKIA', 'Z7QF4K2MN8PL1WXB'].join('')}";` },
    { code: `const id = '${['AKIA', 'Z7QF4K2MN8PL1WX'].join('')}';` },
    { code: `export const stripe = new Stripe(\`${['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_')}\`);` },
    { code: `const ai = new OpenAI({ apiKey: "${['sk', 'proj', 'T3BlbkFJq9ZlmW2vXcR7pYtN4uHs'].join('-')}" });` },
    { code: `// ${['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_')}\nexport const a = 1;` },
    { code: `fetch(url, { headers: { Authorization: "${['Bearer', 'q9ZlmW2vXcR7pYtN4uHs'].join(' ')}" } });` },
    { code: `const pem = "${['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ')}\\nMIIEpAIBAAKCAQEA1c7+9z5Pad7OejecsQ0bu";` },
    { code: `export const A = () => <Map token="${['AIza', 'SyDaGmWKa4JsXZ7HjGw7ISLn-3namBGewQe'].join('')}" />;`, file: 'a.tsx' },
    { code: `const url = "postgres://app:${['q9ZlmW2v', 'XcR7'].join('')}@db.internal:5432/app";` },
  ],
  good: [
    { code: 'const id = process.env.AWS_ACCESS_KEY_ID;' },
    { code: 'const key = "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx"; // sk-ant-your-key-goes-here-at-this-place' },
    { code: 'const isKey = text.startsWith("-----BEGIN PRIVATE KEY-----");' },
    { code: 'const url = `postgres://${user}:${password}@${host}/app`;' },
    { code: 'const header = `Bearer ${token}`;' },
    { code: 'const integrity = "sha512-q9ZlmW2vXcR7pYtN4uHsq9ZlmW2vXcR7pYtN4uHs";' },
  ],
};

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
