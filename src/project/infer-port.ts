/** What a command itself says of the port it will listen on. */
export type PortHint =
  | { kind: 'port'; port: number; from: string }
  /** It listens on what `$PORT` says. */
  | { kind: 'env'; from: string }
  /** A server for certain; where it listens it does not say. */
  | { kind: 'somewhere'; from: string }
  | { kind: 'none' };

const PORT = '([1-9]\\d{1,4})';
const HOST = `(?:[a-z]+://)?(?:\\[[0-9a-f:]*\\]|[\\w.*-]*)`;
const ENV_PORT = '\\$\\{?PORT\\b[^\\s}]*\\}?';
const VALUE = `["']?(?:${HOST}:)?(${PORT}|${ENV_PORT})["']?(?![\\w:.])`;

const FLAGS = [
  new RegExp(`--(?:port|http-port|bind|listen|address|addr|host-port)(?:=|\\s+)${VALUE}`),
  new RegExp(`(?:^|\\s)-[pPblS](?:=|\\s*)${VALUE}`),
];
const PUBLISHED = new RegExp(`(?:-p|--publish)(?:=|\\s*)(?:[\\d.]+:)?${PORT}:\\d+`);
const ASSIGNED = new RegExp(`(?:^|\\s)PORT=["']?${PORT}["']?(?=\\s|$)`);
const USED = new RegExp(`${ENV_PORT}|\\bprocess\\.env\\.PORT\\b|\\bENV(?:\\.fetch\\(|\\[)['"]PORT|\\bos\\.environ\\b.*PORT`);
const POSITIONAL = new RegExp(`\\b(?:runserver|http\\.server)\\s+["']?(?:${HOST}:)?${PORT}\\b`);

/** Programs whose port is another service's: they call it, wait for it or tunnel to it. */
const CALLERS =
  /^(?:wait-on|wait-for|wait-for-it|wait-port|ngrok|lt|localtunnel|cloudflared|psql|pg_isready|mysql|mysqladmin|redis-cli|mongosh|curl|wget|nc|telnet|ssh|http)$/;
const FLAGS_OF_OTHERS = /--(?:forward-to|proxy|target|upstream|api-url|connect)[= ]\S+/g;

/** Words that stand before the program: `env A=1 bundle exec npx vite`, `until pg_isready`. */
const WRAPPERS =
  /^(?:env|exec|bundle|npx|bunx|yarn|pnpm|time|nohup|nice|command|cross-env|until|while|if|then|do|else|!|bash|sh|-\S*|[A-Za-z_]\w*=.*)$/;

/** Servers that choose a port themselves when they are given none: `PORT` first, or their own. */
const SERVERS: [RegExp, 'env' | 'somewhere'][] = [
  [/\b(?:rails (?:s|server)|puma|next (?:dev|start)|react-scripts start|nuxt (?:dev|start)|shotgun|rackup)(?![\w-])/, 'env'],
  [
    /\b(?:vite|webpack-dev-server|webpack serve|astro dev|flask\b.*\brun|uvicorn|gunicorn|hypercorn|http-server|live-server|manage\.py runserver|nuxi dev|ng serve|parcel)(?![\w-])/,
    'somewhere',
  ],
];

/** Reads the expected port off a command line, with no configuration. A hint, never a promise: only a declared port can fail a start. */
export function inferPort(command: string): PortHint {
  const parts = command.split(/&&|\|\||[;|&]/).filter((part) => !CALLERS.test(programOf(part)));
  for (const read of [publishedPort, flagPort, assignedPort, positionalPort, knownServer]) {
    for (const part of parts) {
      const hint = read(part.replace(FLAGS_OF_OTHERS, ' '));
      if (hint) return hint.kind === 'env' && losesPort(command) ? { kind: 'somewhere', from: hint.from } : hint;
    }
  }
  return { kind: 'none' };
}

function programOf(part: string): string {
  const words = part.replace(/["']/g, ' ').trim().split(/\s+/);
  const program = words.find((word) => !WRAPPERS.test(word)) ?? '';
  return (program.split('/').pop() ?? '').replace(/\.(?:sh|js)$/, '');
}

function losesPort(command: string): boolean {
  return /\bunset PORT\b|\benv -u PORT\b/.test(command);
}

function publishedPort(part: string): PortHint | undefined {
  return /\b(?:docker|podman)\b/.test(part) ? numeric(PUBLISHED.exec(part)) : undefined;
}

function flagPort(part: string): PortHint | undefined {
  for (const flag of FLAGS) {
    const match = flag.exec(part);
    if (match?.[1]?.startsWith('$')) return { kind: 'env', from: match[0].trim() };
    const hint = numeric(match);
    if (hint) return hint;
  }
  return undefined;
}

function assignedPort(part: string): PortHint | undefined {
  const hint = numeric(ASSIGNED.exec(part));
  if (hint) return hint;
  const used = USED.exec(part);
  return used ? { kind: 'env', from: used[0] } : undefined;
}

function positionalPort(part: string): PortHint | undefined {
  return numeric(POSITIONAL.exec(part));
}

function knownServer(part: string): PortHint | undefined {
  if (/\s(?:build|optimize)\b/.test(part)) return undefined;
  for (const [pattern, kind] of SERVERS) {
    const match = pattern.exec(part);
    if (match) return { kind, from: match[0] };
  }
  return undefined;
}

function numeric(match: RegExpExecArray | null): PortHint | undefined {
  const port = Number(match?.[1]);
  return match && port >= 1 && port <= 65535 ? { kind: 'port', port, from: match[0].trim() } : undefined;
}
