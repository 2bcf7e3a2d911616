import { lookAlikes, seeds } from './seed.ts';

export const CREDENTIAL = seeds('no-hard-coded-credential', [
  [
    'a constant',
    'src/admin/bootstrap.ts',
    `
»const password = 'Tr0ub4dor&3';

export const bootstrap = () => users.create({ name: 'admin', password });
`,
  ],
  [
    'a property',
    'src/clients/search.ts',
    `
export const search = new SearchClient({
  host: 'https://search.acme.io',
»  token: '9f8c2b7e41d04a6fb3',
});
`,
  ],
  [
    'an attribute of JSX',
    'src/App.tsx',
    `
export const App = () => (
  <MapProvider
»    apiKey="q7Yt2mWb91Kx0ZpLr4"
    language="en"
  >
    <Shop />
  </MapProvider>
);
`,
  ],
  [
    'a default of the environment',
    'src/auth/jwt.ts',
    `
import jwt from 'jsonwebtoken';

»const JWT_SECRET = process.env.JWT_SECRET ?? 'super-secret-key-2024';
export const sign = (user: User) => jwt.sign({ sub: user.id }, JWT_SECRET);
`,
  ],
  [
    'a default of the environment with ||, in an object',
    'src/db/knexfile.cjs',
    `
module.exports = {
  client: 'pg',
  connection: {
    user: process.env.DB_USER || 'orders',
»    password: process.env.DB_PASSWORD || 'orders_2023!',
  },
};
`,
  ],
  [
    'a field of a class',
    'src/clients/ErpClient.ts',
    `
export class ErpClient {
  private readonly user = 'svc-shop';
»  private readonly clientSecret = 'bX4!kP9zQw2s';

  constructor(private readonly http: Http) {}
}
`,
  ],
  [
    'a template string',
    'src/clients/feed.mjs',
    `
»const authToken = \`acme-feed-7731-kdw2\`;

export const feed = () => fetch('https://feed.acme.io', { headers: { authorization: authToken } });
`,
  ],
  [
    'a default parameter',
    'src/ftp/connect.ts',
    `
export async function connect(
  host: string,
  user = 'deploy',
»  password = 'd3pl0y-me-n0w',
): Promise<Ftp> {
  return Ftp.connect({ host, user, password });
}
`,
  ],
  [
    'a default of a destructured option',
    'src/session/options.ts',
    `
»export function sessionOptions({ secret = 'k3yb0ard-c4t-9', maxAge = 3600 }: Partial<Options> = {}) {
  return { secret, maxAge, resave: false };
}
`,
  ],
  [
    'the secret of a session, in an express app',
    'src/app.js',
    `
const app = express();
app.use(
  session({
    resave: false,
»    secret: 'my-session-secret-123',
  }),
);
`,
  ],
  [
    'assigned to a member',
    'src/payments/setup.ts',
    `
import paypal from './paypal';

export function setup(): void {
  paypal.config.clientId = 'shop';
»  paypal.config.apiSecret = 'EJ8x0vR2nT5q';
}
`,
  ],
  [
    'compared with a literal',
    'src/routes/admin.ts',
    `
router.post('/admin', (req, res) => {
»  if (req.body.password === 'letmein-2022') {
    res.cookie('admin', '1');
  }
  res.redirect('/');
});
`,
  ],
  [
    'the value of a header',
    'src/clients/warehouse.ts',
    `
export const warehouse = ky.extend({
  headers: {
    accept: 'application/json',
»    'X-Api-Key': 'wh-4471-aa09-bd2e',
  },
});
`,
  ],
  [
    'an argument of sign',
    'src/auth/login.ts',
    `
export async function login(user: User): Promise<string> {
  await audit(user);
»  return jwt.sign({ sub: user.id }, 'shop-jwt-s3cret-01', { expiresIn: '1h' });
}
`,
  ],
  [
    'with a type, in a namespace of constants',
    'src/config/secrets.ts',
    `
export const CONFIG = {
  region: 'eu',
»  DB_PASSWORD: 'n7Lq-22-vault' as string,
} as const satisfies Config;
`,
  ],
  [
    'in a decorator',
    'src/auth/auth.module.ts',
    `
@Module({
  imports: [
    JwtModule.register({
      global: true,
»      secret: 'hard-to-guess-9921',
      signOptions: { expiresIn: '60s' },
    }),
  ],
})
export class AuthModule {}
`,
  ],
]);

export const CREDENTIAL_CLEAN = lookAlikes('no-hard-coded-credential', [
  [
    'labels',
    'src/forms/labels.ts',
    `
export const LABELS = { email: 'Email', password: 'Password', token: 'Access token', apiKey: 'API key' };
`,
  ],
  [
    'i18n keys',
    'src/i18n/keys.ts',
    `
export const KEYS = { password: 'auth.form.password', secret: 'settings.secret.title' };
export const passwordLabel = t('auth.password');
`,
  ],
  [
    'an input',
    'src/components/LoginForm.tsx',
    `
export const LoginForm = () => (
  <form>
    <input type="password" name="password" placeholder="Enter your password" autoComplete="current-password" />
    <Field name="token" password="required" label="Token" />
  </form>
);
`,
  ],
  [
    'names of headers and cookies',
    'src/http/headers.ts',
    `
export const TOKEN_HEADER = 'x-auth-token';
export const API_KEY_HEADER = 'X-Api-Key';
export const CSRF_TOKEN = 'x-csrf-token';
`,
  ],
  [
    'the key of a storage',
    'src/storage/keys.ts',
    `
export const TOKEN_KEY = 'access_token';
localStorage.setItem(TOKEN_KEY, token);
`,
  ],
  [
    'messages of a validation',
    'src/forms/messages.ts',
    `
export const ERRORS = {
  password: 'Password must have at least 12 characters',
  token: 'The token has expired, please ask for a new one',
};
`,
  ],
  [
    'from the environment',
    'src/config/env.ts',
    `
export const password = process.env.DB_PASSWORD;
export const secret = process.env['JWT_SECRET'] ?? '';
export const token = requireEnv('API_TOKEN');
`,
  ],
  [
    'a grant and a kind of token',
    'src/oauth/request.ts',
    `
export const body = { grant_type: 'password', token_type: 'Bearer', token_type_hint: 'refresh_token' };
export const tokenUrl = 'https://login.acme.io/oauth/token';
export const tokenEndpoint = '/oauth/token';
`,
  ],
  [
    'placeholders',
    'src/docs/example.ts',
    `
export const EXAMPLE = { apiKey: '<your-api-key>', password: 'YOUR_PASSWORD_HERE', token: '\${TOKEN}' };
`,
  ],
  [
    'a schema',
    'src/schemas/user.ts',
    `
export const schema = { password: { type: 'string', minLength: 12 }, token: 'string' };
export const columns = { password: 'password_hash', secret: 'varchar' };
`,
  ],
  [
    'tokens of a parser and of a design',
    'src/parser/lexer.ts',
    `
export const lexer = [{ token: 'identifier' }, { token: 'punctuation.bracket' }];
export const colorToken = 'color.brand.500';
`,
  ],
  [
    'the name of a secret in a vault',
    'src/vault/names.ts',
    `
export const secretName = 'orders/database';
export const passwordField = 'pwd';
export const secretArn = \`arn:aws:secretsmanager:\${region}:\${account}:secret:orders\`;
`,
  ],
]);
