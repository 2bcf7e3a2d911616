/** Words in the name of a variable whose value is nobody's business, wherever they stand in it. */
const SECRET_PARTS = /PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|CREDENTIAL|PRIVATE/;
/** The same for shorter ones, between underscores, or at the end. */
const SECRET_WORDS = /(?:^|_)(?:KEYS?|CREDS|AUTH|COOKIES?|DSN|SALT|PAT|JWT|BEARER|SIGNATURE|WEBHOOK|PWD)(?:_|$)|PASS$/;
const NOT_SECRET = /^(?:PWD|OLDPWD|SSH_AUTH_SOCK|XAUTHORITY|GIT_AUTHOR_\w+)$/;
/** Values that say nothing, and would blacken half of the text. */
const COMMON = /^(?:|true|false|none|null|yes|no|on|off|test|dev|development|production|localhost|\d{1,4})$/i;
const MIN_LENGTH = 4;
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
  if (NOT_SECRET.test(name)) return false;
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

/** Masks the values of secret variables, and what looks like a secret, in any text. Pure. */
export function makeRedactor(environments: Record<string, string | undefined>[]): (text: string) => string {
  const values = environments.flatMap((environment) =>
    Object.entries(environment).flatMap(([name, value = '']) =>
      isSecretName(name) || HAS_USERINFO.test(value) ? [value, ...value.split('\n')] : [],
    ),
  );
  const spelled = values.flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]);
  const secrets = [...new Set(spelled)].filter((value) => value.length >= MIN_LENGTH && !COMMON.test(value));
  // The longest first: one may be a part of another.
  secrets.sort((a, b) => b.length - a.length);
  return (text) => {
    const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
    return SHAPES.reduce((rest, [shape, mask]) => rest.replace(shape, mask), known);
  };
}
