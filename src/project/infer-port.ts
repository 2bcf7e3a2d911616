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

/** Programs that name another service's port: `stripe listen --forward-to localhost:3000`, `wait-on http://...:3000`. */
const SPEAKS_OF_OTHERS = /\b(?:wait-on|wait-for-it(?:\.sh)?|wait-for|ngrok|psql|mysql|redis-cli|curl|wget|nc|ssh)\b[^;&|]*/g;
const FLAGS_OF_OTHERS = /--(?:forward-to|proxy|target|upstream|api-url|connect)[= ]\S+/g;

/** Servers that choose a port themselves when they are given none: `PORT` first, or their own. */
const SERVERS: [RegExp, 'env' | 'somewhere'][] = [
  [/\b(?:rails (?:s|server)|puma|next (?:dev|start)|react-scripts start|nuxt (?:dev|start)|shotgun|rackup)\b/, 'env'],
  [
    /\b(?:vite|webpack(?:-dev-server| serve)|astro dev|flask run|uvicorn|gunicorn|hypercorn|http-server|live-server|manage\.py runserver|nuxi dev|ng serve|parcel)\b/,
    'somewhere',
  ],
];

/** Reads the expected port off a command line, with no configuration. A hint, never a promise: only a declared port can fail a start. */
export function inferPort(command: string): PortHint {
  const text = command.replace(SPEAKS_OF_OTHERS, ' ').replace(FLAGS_OF_OTHERS, ' ');
  return flagPort(text) ?? assignedPort(text) ?? positionalPort(text) ?? knownServer(text) ?? { kind: 'none' };
}

function flagPort(text: string): PortHint | undefined {
  const value = `["']?(?:${HOST}:)?(${PORT}|${ENV_PORT})(?::\\d+)?["']?(?![\\w:.])`;
  const flags = [
    `--(?:port|http-port|bind|listen|address|addr|host-port)(?:=|\\s+)${value}`,
    `(?:^|\\s)-[pPblS](?:=|\\s*)${value}`,
  ];
  for (const flag of flags) {
    const match = new RegExp(flag).exec(text);
    const word = match?.[1];
    if (match && word) return word.startsWith('$') ? { kind: 'env', from: match[0].trim() } : numeric(word, match[0]);
  }
  return undefined;
}

function assignedPort(text: string): PortHint | undefined {
  const match = new RegExp(`(?:^|[\\s;&])PORT=["']?${PORT}["']?(?=\\s|$|;|&)`).exec(text);
  if (match?.[1]) return numeric(match[1], match[0]);
  const used = new RegExp(
    `${ENV_PORT}|\\bprocess\\.env\\.PORT\\b|\\bENV(?:\\.fetch\\(|\\[)['"]PORT|\\bos\\.environ\\b[^;]*PORT`,
  ).exec(text);
  return used ? { kind: 'env', from: used[0] } : undefined;
}

function positionalPort(text: string): PortHint | undefined {
  const match = new RegExp(`\\b(?:runserver|http\\.server|http-server)\\s+["']?(?:${HOST}:)?${PORT}\\b`).exec(text);
  return match?.[1] ? numeric(match[1], match[0]) : undefined;
}

function knownServer(text: string): PortHint | undefined {
  if (/\bvite (?:build|optimize)\b/.test(text)) return undefined;
  for (const [pattern, kind] of SERVERS) {
    const match = pattern.exec(text);
    if (match) return { kind, from: match[0] };
  }
  return undefined;
}

function numeric(digits: string, from: string): PortHint | undefined {
  const port = Number(digits);
  return port <= 65535 ? { kind: 'port', port, from: from.trim() } : undefined;
}
