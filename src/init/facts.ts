import { join } from 'node:path';
import { readQuietly } from '../machine/read-quietly.ts';
import type { Machine } from '../machine/machine.ts';
import { findCheckout } from '../project/git.ts';

/** What was found in a project's folder, and how devctl is called there. */
export interface InitFacts {
  isGit: boolean;
  /** The texts of the files that init reads, by their names. */
  texts: ReadonlyMap<string, string>;
  /** CLAUDE.md and AGENTS.md are one file. */
  isOneNoteFile: boolean;
  /** Images of docker-compose.yml that are nobody's own build: databases, queues. */
  composeServices: string[];
  /** Is devctl a package of this project, or one of the machine's? */
  install: 'local' | 'global';
}

const READ: readonly string[] = [
  'Procfile.dev',
  'Procfile',
  'devctl.yml',
  'devctl.yaml',
  'package.json',
  'Gemfile',
  'bin/dev',
  'bin/rails',
  'bin/jobs',
  'manage.py',
  'artisan',
  'mix.exs',
  '.gitignore',
  'CLAUDE.md',
  'AGENTS.md',
  '.claude/settings.json',
  '.mcp.json',
  'package-lock.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
];
const COMPOSE: readonly string[] = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
/** Of a lockfile only that it is there is of interest. */
const MAX_BYTES = 2_000_000;

/** Reads what there is of a project. `parseYaml` is for docker-compose.yml, where there is one. */
export async function lookAround(
  { files }: Pick<Machine, 'files'>,
  root: string,
  parseYaml: (text: string) => Promise<unknown>,
): Promise<InitFacts> {
  const texts = new Map<string, string>();
  for (const name of READ) {
    const size = files.stat(join(root, name))?.size;
    if (size === undefined) continue;
    texts.set(name, size > MAX_BYTES ? '' : (readQuietly(files, join(root, name)) ?? ''));
  }
  const compose = COMPOSE.find((name) => files.stat(join(root, name)) !== undefined);
  const isLocal =
    files.stat(join(root, 'node_modules', '.bin', 'devctl')) !== undefined ||
    /"devctl"\s*:\s*"/.test(texts.get('package.json') ?? '');
  return {
    isGit: findCheckout(files, root) !== undefined,
    texts,
    isOneNoteFile: texts.has('AGENTS.md') && files.realpath(join(root, 'CLAUDE.md')) === files.realpath(join(root, 'AGENTS.md')),
    composeServices: compose === undefined ? [] : await readImages(readQuietly(files, join(root, compose)) ?? '', parseYaml),
    install: isLocal ? 'local' : 'global',
  };
}

async function readImages(text: string, parseYaml: (text: string) => Promise<unknown>): Promise<string[]> {
  try {
    return imagesOf(await parseYaml(text));
  } catch {
    // Its own program will say what is wrong with it.
    return [];
  }
}

function imagesOf(compose: unknown): string[] {
  const services = asObject(asObject(compose)['services']);
  return Object.entries(services).flatMap(([name, service]) => {
    const { image, build } = asObject(service);
    return image !== undefined && build === undefined ? [name] : [];
  });
}

export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
