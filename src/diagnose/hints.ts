import type { Holder, Hint } from '../failure.ts';
import { packageManager } from '../project/package-manager.ts';

/** What is known of a service that did not come up. */
export interface Symptoms {
  /** The code that its command ended with, if it has. */
  code: number | undefined;
  /** The end of its log, without escape sequences. */
  log: string;
  /** Names of files in its folder, or above it in the project. */
  present: ReadonlySet<string>;
  /** "node_modules is older than package-lock.json" */
  oldDependencies: string | undefined;
  /** Who listens on a port; asked only of the one that was refused. */
  holderOf: (port: number) => Holder | undefined;
}

const NOT_FOUND = 127;

const IN_USE = [
  /EADDRINUSE[^\n]*?:(\d{2,5})\b/,
  /[Aa]ddress already in use[^\n]*?(?:port |:)(\d{2,5})\b/,
  /listen tcp [^\n]*?:(\d{2,5}): bind: address already in use/,
  /[Pp]ort (\d{2,5}) is (?:already )?(?:in use|used|taken|allocated|not available)/,
];
const NO_PROGRAM = [
  /(?:^|\n)(?:\S*\/)?(?:sh|bash|dash|zsh|ash): (?:line )?(?:\d+: )*(\S+?): (?:command )?not found/,
  /(?:^|\n)env: [‘'"]?([^\s:’'"]+)[’'"]?: No such file or directory/,
  /(?:^|\n)bundler: command not found: (\S+)/,
];
const NO_NODE_PACKAGE = [
  /Cannot find package '([^']+)'/,
  /Cannot find module '([^']+)'/,
  /Module not found: [^\n]*?Can't resolve '([^']+)'/,
];
const NO_GEM = [
  /Could not find (?:gem '?)?([\w-]+)[^\n]* in (?:locally installed gems|any of the sources|cached gems)/,
  /cannot load such file -- (\S+)/,
];
const NO_PYTHON_MODULE = /ModuleNotFoundError: No module named '([^']+)'/;
const REFUSED = /(?:ECONNREFUSED|[Cc]onnection refused)[^\n]*?(?:port |:)(\d{2,5})\b/;
const MIGRATION = /PendingMigrationError|Migrations are pending|You have \d+ unapplied migration/;

/** What most likely lies behind it, the surest first. Pure. */
export function findHints(symptoms: Symptoms): Hint[] {
  const { log, oldDependencies, present } = symptoms;
  const specific = [portHeld(symptoms), missingProgram(symptoms), ...missingPackages(symptoms), refused(symptoms)].filter(
    (hint) => hint !== undefined,
  );
  const migration: Hint[] = MIGRATION.test(log)
    ? [{ kind: 'pending-migration', command: present.has('manage.py') ? 'python manage.py migrate' : 'bin/rails db:migrate' }]
    : [];
  const old: Hint[] =
    oldDependencies === undefined ? [] : [{ kind: 'old-dependencies', what: oldDependencies, install: nodeInstall(present) }];
  return [...specific, ...migration, ...old];
}

function portHeld({ log, holderOf }: Symptoms): Hint | undefined {
  const port = Number(first(IN_USE, log));
  const holder = port > 0 ? holderOf(port) : undefined;
  return holder && { kind: 'port-held', holder };
}

function missingProgram({ code, log, present }: Symptoms): Hint | undefined {
  const name = first(NO_PROGRAM, log);
  if (name === undefined || (code !== undefined && code !== NOT_FOUND && !log.includes(`command not found: ${name}`)))
    return undefined;
  const install = present.has('package.json') ? nodeInstall(present) : present.has('Gemfile') ? 'bundle install' : undefined;
  return { kind: 'missing-program', name, ...(install === undefined ? {} : { install }) };
}

function missingPackages({ log, present }: Symptoms): Hint[] {
  const node = first(NO_NODE_PACKAGE, log);
  if (node !== undefined)
    return [
      /^[./]/.test(node)
        ? { kind: 'missing-file', path: node }
        : { kind: 'missing-package', name: node, install: nodeInstall(present) },
    ];
  const gem = present.has('Gemfile') ? first(NO_GEM, log) : undefined;
  if (gem !== undefined) return [{ kind: 'missing-package', name: gem, install: 'bundle install' }];
  const python = NO_PYTHON_MODULE.exec(log)?.[1];
  return python === undefined ? [] : [{ kind: 'missing-package', name: python, install: pythonInstall(present) }];
}

function refused({ log }: Symptoms): Hint | undefined {
  const port = Number(REFUSED.exec(log)?.[1]);
  return port > 0 ? { kind: 'nobody-listens', port } : undefined;
}

function first(patterns: readonly RegExp[], text: string): string | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text)?.[1];
    if (match !== undefined) return match;
  }
  return undefined;
}

const nodeInstall = (present: ReadonlySet<string>): string => `${packageManager(present)} install`;

function pythonInstall(present: ReadonlySet<string>): string {
  if (present.has('uv.lock')) return 'uv sync';
  if (present.has('poetry.lock')) return 'poetry install';
  return 'pip install -r requirements.txt';
}
