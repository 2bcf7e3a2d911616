import type { Rule } from '../rule.ts';
import { PLACEHOLDER } from '../shapes/placeholder.ts';
import { noSecret } from './no-secret.ts';

/** Not the token of a parser or of a design. */
const NAME = String.raw`(?<!colou?r|spacing|design|theme|style|syntax|css)(?:password|passwd|passphrase|pwd|\bpass|secret|api[_-]?key|(?:access|secret|private|signing|encryption|auth)[_-]?key|token|credentials?|jwt)`;
const SUFFIX = String.raw`(?:[_-]?(?:value|string|key|default|dev|prod|production|live|staging|\d+))?`;
const NAMED = String.raw`${NAME}${SUFFIX}["'\]]{0,2}\s{0,20}`;
/** `=`, `:`, `: string =`, `??=`, `===`, and before the value perhaps a brace of JSX, or what it stands in for: `process.env.X ??`. */
const GIVEN = String.raw`(?:[!?]?:\s{0,20}string\s{0,20}=|[?|]{2}=|[=!]==?|=(?!>)|:)\s{0,40}(?:\{\s{0,20})?`;
const ELSE = String.raw`[\w.$?![\]"']{1,80}\s{0,20}(?:\?\?|\|\|)\s{0,20}`;
const quoted = (value: string): string => String.raw`(?<quote>["'\x60])(?<value>${value})\k<quote>`;
/** With a digit or a sign, and without blanks. */
const STRONG = String.raw`(?=[^"'\x60\n]*[\d!@#$%^&+=~])(?=[^"'\x60\n]*[A-Za-z])[^\s"'\x60\\(){}<>]{7,200}`;
const WEAK = String.raw`(?:admin|root|guest|letmein|qwerty|changeme|hunter|welcome|passw[o0]rd|p@ss\w{0,8}|123456)[\d!@#-]{0,8}`;

/** `password = "..."`, `token: '...'`, `apiKey="..."`, `password === "..."`, over lines as well. */
const ASSIGNED = new RegExp(`${NAMED}${GIVEN}(?:${ELSE})?${quoted(STRONG)}`, 'dgi');
/** What stands behind `process.env.SECRET ??`: whatever stands there is used where nobody has set one. */
const FALLBACK = new RegExp(
  String.raw`\bprocess\.env(?:\.|\[["'])\w{0,40}(?:PASSWORD|PASSWD|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|TOKEN|JWT)(?:_?KEY)?(?:["']\])?!?\s{0,20}(?:\?\?|\|\|)=?\s{0,20}${quoted(String.raw`[^"'\x60\n$]{3,200}`)}`,
  'dg',
);
/** A password that is on every list. */
const KNOWN = new RegExp(
  String.raw`(?:password|passwd|pwd|\bpass)["'\]]{0,2}\s{0,20}(?:[=!]==?|=(?!>)|:)\s{0,40}(?:\{\s{0,20})?${quoted(WEAK)}`,
  'dgi',
);
/** `config.get('DB_PASSWORD', '...')`: the same, by a function. */
const DEFAULT = new RegExp(
  String.raw`["']\w{0,40}(?:PASSWORD|PASSWD|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|TOKEN)["']\s{0,20},\s{0,20}${quoted(STRONG)}`,
  'dg',
);
/** `jwt.sign(payload, "...")`, `createHmac("sha256", "...")`. */
const SIGNED = new RegExp(
  String.raw`(?:\bjwt\.(?:sign|verify)\([^;"']{0,200},|\bcreateHmac\(\s{0,20}["']\w+["']\s{0,20},)\s{0,20}${quoted(String.raw`[^\s"'\x60$]{6,200}`)}`,
  'dg',
);

/** Words of a person's language, of a program, a path or an address: no credential. */
const WORDS = new RegExp(
  [
    PLACEHOLDER.source,
    // access-token, auth.password, oauth2; color.brand.500
    String.raw`^[a-z]+(?:[-_.:/][a-z]+)*[-_.:/]?\d?$`,
    String.raw`^[a-z]+(?:\.(?:[a-z]+|\d+))+$`,
    String.raw`^[A-Z]+(?:_[A-Z\d]+)*$`,
    String.raw`^(?:https?:|/|\./|@|#|--|\\|\^|\$|__)|[|#]|\.(?:pem|key|json|txt|html?)$`,
    // An address of Ethereum; a private key has 64 digits.
    '^0x[0-9a-f]{40}$',
    String.raw`^test|^user|^process\.env`,
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
    { by: 'text', pattern: ASSIGNED, except: WORDS },
    { by: 'text', pattern: FALLBACK, except: /^(?:none|undefined|null|true|false|unknown|bearer|\d+)$/i },
    { by: 'text', pattern: DEFAULT, except: WORDS },
    { by: 'text', pattern: /\bsecret["']?\s*:\s*["'](?<value>keyboard cat)["']/dg },
    { by: 'text', pattern: KNOWN, except: /^password$/i },
    { by: 'text', pattern: SIGNED, except: PLACEHOLDER },
  ],
  bad: [
    { code: `const password = "${['Tr0ub4', 'dor&3'].join('')}";` },
    { code: `connect({ user: "app", password: '${['hun7er', '2hunter'].join('')}' });` },
    { code: `const token: string =\n  "${['9f86d081', '884c7d659a2feaa0'].join('')}";` },
    { code: `const secret = process.env.SESSION_SECRET ?? "${['k3yb0ard', '-c4t-9'].join('')}";` },
    { code: `const config = { "api_key": \`${['4f1e9b7c', '2d8a6053'].join('')}\` };` },
    { code: `export const A = () => <Login password="${['adm1n', 'istr4tor!'].join('')}" />;`, file: 'a.tsx' },
    { code: `this.options.clientSecret = '${['GX0-a8', 'Qz71Lm0pW2'].join('')}';` },
    { code: `const secret = process.env.JWT_SECRET || "${['change', 'me'].join('')}";` },
    { code: `const db = { user: "root", password: "${['ro', 'ot'].join('')}" };` },
    { code: `if (req.body.password === "${['letme', 'in-2022'].join('')}") allow();` },
    { code: `const token = jwt.sign({ sub: user.id }, "${['shop-jwt', '-s3cret-01'].join('')}");` },
  ],
  good: [
    { code: 'const password = process.env.PASSWORD;' },
    { code: 'const labels = { password: "Password", token: "access_token", secret: "client-secret" };' },
    { code: 'const messages = { password: "Use 8 characters or more", passwordError: "Too short: 8 or more" };' },
    { code: 'const token = "oauth2"; const apiKey = "your-api-key-1234";' },
    { code: 'const secret = `${prefix}-1234567`;' },
    { code: 'const tokenUrl = "https://auth.internal/oauth2/token"; const token = "/oauth2/token1";' },
    { code: 'const tokenType = process.env.TOKEN_TYPE ?? "bearer"; const url = process.env.API_URL ?? "http://localhost";' },
    { code: 'const colorToken = "color.brand.500"; jwt.sign(payload, secret, { algorithm: "HS256" });' },
    { code: `const password = "${['Tr0ub4', 'dor&3'].join('')}";`, file: 'test/login.test.ts' },
  ],
};
