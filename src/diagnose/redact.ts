/** Words in the name of a variable whose value is nobody's business, wherever they stand in it. */
const SECRET_PARTS = /PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|CREDENTIAL|PRIVATE/;
/** The same for shorter ones, between underscores, or at the end. */
const SECRET_WORDS = /(?:^|_)(?:KEYS?|CREDS|AUTH|COOKIES?|DSN|SALT|PAT|JWT|BEARER|SIGNATURE|WEBHOOK|PWD)(?:_|$)|PASS$/;
const NOT_SECRET = /^(?:PWD|OLDPWD|SSH_AUTH_SOCK|XAUTHORITY|GIT_AUTHOR_\w+)$/;
/** Values that say nothing, and would blacken half of the text. */
const COMMON = /^(?:|true|false|none|null|yes|no|on|off|test|dev|development|production|localhost|\d{1,6})$/i;
const MIN_LENGTH = 4;
const SAFE_LENGTH = 8;
const MASK = '****';

/** Secrets that show themselves by their shape, wherever they stand. */
const SHAPES: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?-----END [A-Z ]*PRIVATE KEY-----/g, MASK],
  [/\b(?:sk|pk|rk)[-_](?:[a-z]+[-_])*[A-Za-z0-9_-]{16,}/g, MASK],
  [/\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}/g, MASK],
  [/\bxox[abeprs]-[\w-]{10,}/g, MASK],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, MASK],
  [/\bAIza[\w-]{30,}|\bnpm_[A-Za-z0-9]{20,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bdop_v1_\w{20,}/g, MASK],
  [/(hooks\.slack\.com\/services\/|discord(?:app)?\.com\/api\/webhooks\/)[\w/-]+/g, `$1${MASK}`],
  [
    /(--(?:[\w-]*-)?(?:password|passwd|secret|token|api-key|access-key|pass)[= ])(?!\*)(?:"[^"]*"|'[^']*'|[^\s"';&|]+)/gi,
    `$1${MASK}`,
  ],
  [/((?:Set-)?Cookie: )[^\r\n]+/gi, `$1${MASK}`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, MASK],
  [/\b(Bearer|Basic|Token) [\w.~+/=-]{8,}/g, `$1 ${MASK}`],
  [/(:\/\/[^\s/:@"']*:)[^\s@/"']+@/g, `$1${MASK}@`],
  [
    /((?:password|passwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|client[_-]?secret|credentials?|passphrase|\bpwd?)["']?\s*(?:=>|[=:])\s*["']?)[^\s"',;&}]{4,}/gi,
    `$1${MASK}`,
  ],
];

/** `postgres://me:secret@host/db`, whatever characters are in it. */
const HAS_USERINFO = /^[a-z][\w+.-]*:\/\/[^\s@]*:\S*@/i;

/** Does a variable of this name hold a secret? `authToken` and `db.password` count like `AUTH_TOKEN`. */
function isSecretName(name: string): boolean {
  // `AUTH_URL` of a service called auth; one with a password in it is known by that.
  if (NOT_SECRET.test(name) || /_(?:PORT|URL|HOST)$/i.test(name)) return false;
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[.-]/g, '_')
    .toUpperCase();
  return SECRET_PARTS.test(words) || SECRET_WORDS.test(words);
}

/** `NAME=value` as it stands in a Procfile's line or in a log. */
export function assignmentsIn(text: string): Record<string, string>[] {
  return [...text.matchAll(/(?:^|[\s;&|("'`])([A-Za-z_][\w.]*)=("[^"\n]*"|'[^'\n]*'|[^\s"';&|)]+)/g)].map(
    ([, name = '', value = '']) => ({ [name]: value.replace(/^(["'])(.*)\1$/, '$2') }),
  );
}

/** Masks the values of secret variables, and what looks like a secret, in any text. `known` are names that stand in it openly. Pure. */
export function makeRedactor(
  environments: Record<string, string | undefined>[],
  known: readonly string[] = [],
): (text: string) => string {
  const values = environments.flatMap((environment) =>
    Object.entries(environment).flatMap(([name, value = '']) =>
      isSecretName(name) || HAS_USERINFO.test(value) ? [value, ...value.split('\n')] : [],
    ),
  );
  const spelled = values.flatMap((value) => [value, encoded(value), JSON.stringify(value).slice(1, -1)]);
  const secrets = [...new Set(spelled)].filter(
    (value) => value.length >= MIN_LENGTH && !COMMON.test(value) && !known.includes(value),
  );
  // The longest first: one may be a part of another.
  secrets.sort((a, b) => b.length - a.length);
  return (text) => {
    const masked = secrets.reduce((rest, secret) => maskOne(rest, secret), text);
    return SHAPES.reduce((rest, [shape, mask]) => rest.replace(shape, mask), masked);
  };
}

/** A short one only as a word of its own: as a part of a path or of another word it would blacken what is nobody's secret. */
function maskOne(text: string, secret: string): string {
  if (secret.length >= SAFE_LENGTH || !/^\w+$/.test(secret)) return text.replaceAll(secret, MASK);
  return text.replace(new RegExp(`(?<![\\w/.-])${secret}(?![\\w/-])`, 'g'), MASK);
}

/** Half a character, where a line was cut, has no other spelling. */
function encoded(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return value;
  }
}
