import type { Rule } from '../rule.ts';
import { PLACEHOLDER } from '../shapes/placeholder.ts';

/**
 * Keys of known makers, also those that are cut short or a character too long, which a scanner for valid ones passes over. All
 * repetitions have an end: V8 gives up with an error on one of some million characters (measured, Node 20.20).
 */
const KEYS = [
  String.raw`(?:AKIA|ASIA)(?=[A-Z]*\d)[A-Z0-9]{10,28}`,
  String.raw`AIza[\w-]{30,45}`,
  String.raw`[sr]k_(?:live|test)_[A-Za-z0-9]{10,4000}`,
  String.raw`sk-(?:proj|svcacct|ant)-[A-Za-z0-9_-]{16,4000}`,
  String.raw`sk-(?=[a-z0-9_-]*[A-Z])(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{24,4000}`,
  String.raw`gh[pousr]_[A-Za-z0-9]{12,4000}`,
  String.raw`github_pat_\w{20,4000}`,
  String.raw`glpat-[\w-]{16,4000}`,
  String.raw`xox[abeprs]-\d[\w-]{10,4000}`,
  String.raw`SG\.[\w-]{16,4000}\.[\w-]{16,4000}`,
  String.raw`npm_[A-Za-z0-9]{30,4000}`,
  String.raw`hf_[A-Za-z]{30,4000}`,
  String.raw`dop_v1_[a-f0-9]{40,4000}`,
  String.raw`key-[0-9a-f]{32}`,
  String.raw`shp(?:at|ca|pa|ss)_[a-fA-F0-9]{24,4000}`,
  String.raw`eyJ[\w-]{10,4000}\.eyJ[\w-]{10,4000}\.[\w-]{16,4000}`,
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
      pattern:
        /-----BEGIN (?:[A-Z]{1,20} ){0,4}PRIVATE KEY-----(?:\\[rn]|[\s"'`+,*]){0,200}(?<value>[A-Za-z0-9+/]{24,100})(?<rest>(?:(?:\\[rn]|[\s"'`+,*]){0,200}[A-Za-z0-9+/=]{1,100}){0,200})/dg,
      except: PLACEHOLDER,
    },
    // redis://default:...@cache.internal
    {
      by: 'text',
      pattern:
        /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'`$<>{}]{0,64}:(?<value>[^\s:@/"'`$<>{}*]{4,100})@(?!localhost|127\.|\[::1|[\w.-]*\.(?:invalid|example|test|local)\b)[\w.-]/dg,
      except: new RegExp(`${PLACEHOLDER.source}|^(?:pass|pass.?word|passwd|pwd|secret|token|postgres|root|admin)$`, 'i'),
    },
    {
      by: 'text',
      pattern: /["'`](?:Bearer|Basic|Token) (?<value>[\w.~+/-]{16,4000}=*)["'`]/dg,
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
    {
      code: `export const A = () => <Map token="${['AIza', 'SyDaGmWKa4JsXZ7HjGw7ISLn-3namBGewQe'].join('')}" />;`,
      file: 'a.tsx',
    },
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
