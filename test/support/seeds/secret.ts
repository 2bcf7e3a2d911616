import { lookAlikes, seeds } from './seed.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Characters without an order, the same at every run. */
function chars(count: number, seed: number, alphabet = LETTERS): string {
  let state = seed * 2_654_435_761;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state | 0, 1_664_525) + 1_013_904_223) >>> 0;
    return alphabet[(state >>> 8) % alphabet.length];
  }).join('');
}
const DIGITS = '0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const HEX = '0123456789abcdef';

// No scanner of secrets finds these in this file.
const AWS_ID = ['AK', 'IA', chars(16, 1, UPPER)].join('');
const AWS_SECRET = chars(40, 2);
const GOOGLE = ['AI', 'za', 'Sy', chars(33, 3)].join('');
const STRIPE = ['sk', '_li', 've_', chars(24, 4)].join('');
const OPENAI = ['sk', '-pr', 'oj-', chars(74, 5), 'T3Blbk', 'FJ', chars(74, 6)].join('');
const ANTHROPIC = ['sk', '-ant', '-api', '03-', chars(93, 7), 'AA'].join('');
const GITHUB = ['gh', 'p_', chars(36, 8)].join('');
const GITHUB_FINE = ['github', '_pat', '_', chars(22, 9), '_', chars(59, 10)].join('');
const SLACK = ['xo', 'xb-', chars(12, 11, DIGITS), '-', chars(12, 12, DIGITS), '-', chars(24, 13)].join('');
const SLACK_HOOK = [
  'https://hooks.',
  'slack.com/ser',
  'vices/T',
  chars(8, 14, UPPER),
  '/B',
  chars(8, 15, UPPER),
  '/',
  chars(24, 16),
];
const SENDGRID = ['S', 'G.', chars(22, 17), '.', chars(43, 18)].join('');
const JWT = ['ey', 'JhbGciOiJIUzI1NiJ9', '.', 'ey', 'JzdWIiOiI0MiIsImFkbWluIjp0cnVlfQ', '.', chars(43, 19)].join('');
const PEM_BEGIN = ['-----BEGIN ', 'RSA PRIV', 'ATE KEY-----'].join('');
const PEM_END = ['-----END ', 'RSA PRIV', 'ATE KEY-----'].join('');
const PEM = [PEM_BEGIN, chars(64, 20), chars(64, 21), chars(64, 22), PEM_END].join('\n');
const PG_URL = ['postgres://orders', ':', chars(14, 23), '@', 'db.acme.io:5432/orders'].join('');
const MONGO_URL = ['mongodb+srv://api', ':', chars(16, 24), '@', 'cluster0.ab1cd.mongodb.net/app'].join('');
const SHORT_STRIPE = ['sk', '_li', 've_', 'a8Kd02LmQx'].join('');
const SHORT_ANTHROPIC = ['sk', '-ant', '-api', '03-', 'Qm7xT2pL9vB4'].join('');
const NPM = ['np', 'm_', chars(36, 25)].join('');

export const SECRET = seeds('no-secret', [
  [
    'AWS, in the options of a client',
    'src/storage/s3.ts',
    `
export const s3 = new S3Client({
  region: 'eu-central-1',
  credentials: {
»    accessKeyId: '${AWS_ID}',
    secretAccessKey: '${AWS_SECRET}',
  },
});
`,
  ],
  [
    'Google, in an address',
    'src/maps/geocode.js',
    `
export const geocode = (q) =>
»  fetch('https://maps.googleapis.com/maps/api/geocode/json?key=${GOOGLE}&address=' + q);
`,
  ],
  [
    'Stripe',
    'src/billing/stripe.ts',
    `
import Stripe from 'stripe';
»export const stripe = new Stripe('${STRIPE}', { apiVersion: '2024-06-20' });
`,
  ],
  [
    'OpenAI, as a default of the environment',
    'src/ai/openai.mts',
    `
import OpenAI from 'openai';

»export const openai = new OpenAI({ apiKey: process.env['OPENAI_API_KEY'] ?? '${OPENAI}' });
`,
  ],
  [
    'Anthropic, in a static field of a class',
    'src/ai/Claude.ts',
    `
export class Claude {
»  private static readonly KEY = '${ANTHROPIC}';

  headers() {
    return { 'x-api-key': Claude.KEY };
  }
}
`,
  ],
  [
    'GitHub, in a template string',
    'src/release/fetch.mjs',
    `
export const releases = (repo) =>
  fetch(\`https://api.github.com/repos/\${repo}/releases\`, {
»    headers: { authorization: \`token ${GITHUB}\` },
  });
`,
  ],
  [
    'GitHub, fine-grained, a default parameter',
    'src/release/octokit.ts',
    `
»export function octokit(auth: string = '${GITHUB_FINE}') {
  return new Octokit({ auth });
}
`,
  ],
  [
    'Slack',
    'src/alerts/slack.cjs',
    `
const { WebClient } = require('@slack/web-api');

»const client = new WebClient('${SLACK}');
exports.alert = (text) => client.chat.postMessage({ channel: '#ops', text });
`,
  ],
  [
    'a webhook of Slack',
    'src/alerts/webhook.ts',
    `
»const HOOK = '${SLACK_HOOK.join('')}';
export const alert = (text: string) => fetch(HOOK, { method: 'POST', body: JSON.stringify({ text }) });
`,
  ],
  [
    'SendGrid, in a decorator',
    'src/mail/mail.module.ts',
    `
@Module({
»  imports: [SendGridModule.forRoot({ apiKey: '${SENDGRID}' })],
})
export class MailModule {}
`,
  ],
  [
    'a bearer token',
    'src/clients/crm.ts',
    `
export const crm = axios.create({
  baseURL: 'https://crm.acme.io',
»  headers: { Authorization: 'Bearer ${JWT}' },
});
`,
  ],
  [
    'a private key',
    'src/auth/sign.ts',
    `
import { createSign } from 'node:crypto';

»const KEY = \`${PEM}\`;
export const sign = (text: string) => createSign('RSA-SHA256').update(text).sign(KEY, 'base64');
`,
  ],
  [
    'an address of a database',
    'src/db/pool.ts',
    `
import { Pool } from 'pg';
»export const pool = new Pool({ connectionString: '${PG_URL}' });
`,
  ],
  [
    'an address of a database, as a default with ||',
    'src/db/mongo.js',
    `
const mongoose = require('mongoose');

»mongoose.connect(process.env.MONGO_URL || '${MONGO_URL}');
`,
  ],
  [
    'Stripe, too short to be valid',
    'src/billing/config.ts',
    `
export const billing = {
  currency: 'eur',
»  key: '${SHORT_STRIPE}',
};
`,
  ],
  [
    'Anthropic, too short to be valid, in JSX',
    'src/components/Assistant.tsx',
    `
export const Assistant = () => (
  <ChatProvider
    model="claude"
»    apiKey="${SHORT_ANTHROPIC}"
  >
    <Chat />
  </ChatProvider>
);
`,
  ],
  [
    'npm, in a command',
    'src/publish/run.ts',
    `
export const publish = (folder: string) =>
»  execa('npm', ['publish', '--//registry.npmjs.org/:_authToken=${NPM}'], { cwd: folder });
`,
  ],
]);

export const SECRET_CLEAN = lookAlikes('no-secret', [
  [
    'from the environment',
    'src/billing/client.ts',
    `
export const stripe = new Stripe(requireEnv('STRIPE_SECRET_KEY'));
export const key = process.env.OPENAI_API_KEY;
`,
  ],
  [
    'the prefix of a kind of key',
    'src/billing/mode.ts',
    `
export const isLive = (key: string) => key.startsWith('${['sk', '_live_'].join('')}');
export const isGithub = (key: string) => key.startsWith('${['gh', 'p_'].join('')}');
`,
  ],
  [
    'patterns of keys',
    'src/scan/patterns.ts',
    `
export const PATTERNS = [/^AKIA[0-9A-Z]{16}$/, /^sk_live_[0-9a-zA-Z]{24,}$/, /^ghp_[A-Za-z0-9]{36}$/, /Bearer\\s+\\S+/];
`,
  ],
  [
    'a bearer token from a variable',
    'src/clients/auth.ts',
    `
export const headers = (token: string) => ({ authorization: \`Bearer \${token}\`, 'www-authenticate': 'Bearer realm="api"' });
`,
  ],
  [
    'an address without a password',
    'src/db/url.ts',
    `
export const LOCAL = 'postgres://localhost:5432/orders';
export const url = (user: string, password: string) => \`postgres://\${user}:\${password}@db:5432/orders\`;
`,
  ],
  [
    'a public key',
    'src/auth/verify.ts',
    `
export const PUBLIC_KEY = \`-----BEGIN PUBLIC KEY-----
${chars(64, 30)}
${chars(64, 31)}
-----END PUBLIC KEY-----\`;
`,
  ],
  [
    'hashes',
    'src/build/integrity.ts',
    `
export const COMMIT = '${chars(40, 32, HEX)}';
export const SHA256 = '${chars(64, 33, HEX)}';
export const INTEGRITY = 'sha384-${chars(64, 34)}';
`,
  ],
  [
    'an id and an image',
    'src/assets/pixel.ts',
    `
export const TENANT = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
export const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
`,
  ],
  [
    'classes of a spinner',
    'src/components/Spinner.tsx',
    `
export const Spinner = () => <div className="sk-circle-fade sk-center"><div className="sk-circle-fade-dot" /></div>;
`,
  ],
  [
    'addresses with an at sign',
    'src/links/cdn.ts',
    `
export const REACT = 'https://cdn.jsdelivr.net/npm/react@18.2.0/umd/react.production.min.js';
export const REPO = 'ssh://git@github.com/acme/shop.git';
export const PROFILE = 'https://medium.com/@acme/how-we-build';
`,
  ],
  [
    'a placeholder of an input',
    'src/components/KeyInput.tsx',
    `
export const KeyInput = () => <input placeholder="${['sk', '-ant', '-...'].join('')}" aria-label="API key" />;
`,
  ],
]);
