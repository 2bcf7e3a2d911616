import { createHash } from 'node:crypto';
import { inferPort } from '../project/infer-port.ts';
import { parseProcfile } from '../project/procfile.ts';
import type { InitFacts } from './facts.ts';
import type { ProposedService } from './propose.ts';

/** What agents are told of a project, in CLAUDE.md or AGENTS.md; devctl as it is called there. */
export function agentNotes(install: InitFacts['install']): string {
  return install === 'local' ? NOTES.replaceAll('`devctl ', '`npx devctl ') : NOTES;
}

const NOTES = `## Development servers

devctl runs this project's services from \`Procfile.dev\`.

- \`devctl start\` starts them and returns when they are ready, or with the reason and the log lines. It is safe at any time.
- \`devctl status\`, \`devctl logs [SERVICE]\`, \`devctl wait SERVICE --for 'log:REGEX'\`: what runs, and what it says. No \`sleep\`.
- \`devctl restart SERVICE\` after a change that is not reloaded; \`devctl stop\` ends everything.
- Never start a server yourself, and never kill by name or port: \`devctl ps\` says whose a process is.`;

/** The first line of a file that init made, with a fingerprint of the rest: one that was changed since is a person's. */
export function sealed(body: string): string {
  return `# Written by devctl init (${fingerprintOf(body)}). Change what you like: devctl init --remove then leaves it.\n${body}`;
}

export function isUnchanged(text: string): boolean {
  const [first = '', ...rest] = text.split('\n');
  const seal = /^# Written by devctl init \(([0-9a-f]+)\)/.exec(first)?.[1];
  return seal !== undefined && seal === fingerprintOf(rest.join('\n'));
}

function fingerprintOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

export function procfileText(services: ProposedService[]): string {
  return sealed(services.map(({ name, command }) => `${name}: ${command}\n`).join(''));
}

/** Programs that a service's processes show on their command lines. */
const PATTERNS: readonly [RegExp, string][] = [
  [/\brails s(?:erver)?\b|\bpuma\b/, 'puma|rails server'],
  [/\bsidekiq\b/, 'sidekiq'],
  [/\bvite\b/, 'vite'],
  [/\bnext dev\b/, 'next-server|next dev'],
  [/\bwebpack\b/, 'webpack'],
  [/\btailwindcss\b/, 'tailwindcss'],
];

/** devctl.yml with what the lines tell: ports that they name, and what their processes are called. Nothing where they tell nothing. */
export function configText(procfile: string, scripts: Record<string, string>): string | undefined {
  const entries = parseProcfile(procfile, 'Procfile.dev').entries;
  // A port that stands in a script is the project's; it is declared of no service, which could not follow it into a worktree.
  const ports = entries.flatMap(({ command }) => {
    const script = resolveScript(command, scripts);
    const hint = script === command ? undefined : inferPort(script);
    return hint?.kind === 'port' ? [hint.port] : [];
  });
  const services = entries.flatMap(({ name, command }) => {
    const hint = inferPort(command);
    const line = resolveScript(command, scripts);
    const patterns = PATTERNS.filter(([sign]) => sign.test(line)).map(([, pattern]) => pattern);
    const settings = [
      ...(hint.kind === 'port' ? [`    port: ${String(hint.port)}`] : []),
      ...(patterns.length > 0 ? [`    patterns: [${patterns.map((one) => `'${one}'`).join(', ')}]`] : []),
    ];
    return settings.length === 0 ? [] : [`  ${name}:`, ...settings];
  });
  const lines = [
    ...(ports.length > 0 ? [`ports: [${ports.join(', ')}]`] : []),
    ...(services.length > 0 ? ['services:', ...services] : []),
  ];
  return lines.length === 0 ? undefined : sealed(`${lines.join('\n')}\n`);
}

/** `npm run dev` tells nothing; the script does. */
function resolveScript(command: string, scripts: Record<string, string>): string {
  const name = /^(?:npm|yarn|pnpm|bun) (?:run )?([\w:-]+)/.exec(command)?.[1];
  return (name === undefined ? undefined : scripts[name]) ?? command;
}
