import { announcedPort, type Service } from './service.ts';

/** A variable's value and where it comes from, as `devctl env` prints it. */
export interface Sourced {
  value: string;
  source: string;
}

export interface EnvironmentInput {
  caller: Record<string, string | undefined>;
  /** The `.env` files in the order of `envFiles`; the first that has a name wins. */
  files: { file: string; values: Record<string, string> }[];
  /** All services of the project: each is told where the others listen. */
  services: Service[];
  mode: 'tmux' | 'direct';
  projectId: string;
  keepEnv: string[];
  dropEnv: string[];
}

/**
 * What Claude Code sets for its own children. A server started with them would believe that it is a child session, and
 * Astro would daemonize itself. Source: measured, Claude Code 2.1.329.
 */
const LAUNCHER_VARIABLES =
  /^(?:CLAUDECODE|CLAUDE_PID|CLAUDE_EFFORT|AI_AGENT|CLAUDE_PROJECT_DIR|CLAUDE_ENV_FILE|CLAUDE_CODE_(?:ENTRYPOINT|SESSION_ID|CHILD_SESSION|SESSION_ATTENDED|EXECPATH|CHILD_NOTES_DIR|LAUNCHED_BY_SESSION_IDS|MESSAGING_\w+))$/;

/** Set by Claude Code beside the above, and meaningful elsewhere: removed only where it was the launcher. */
const CHANGED_BY_LAUNCHER: readonly string[] = ['GIT_EDITOR', 'COREPACK_ENABLE_AUTO_PIN', 'NoDefaultCurrentDirectoryInExePath'];

/** devctl's own, which a devctl run inside a service inherits. */
const OWN_VARIABLES = /^DEVCTL_(?!PROBE$)/;

/** A pane has its own. */
const TERMINAL_VARIABLES: readonly string[] = ['TERM', 'TMUX', 'TMUX_PANE', 'COLUMNS', 'LINES'];

/**
 * The environment of one service. Precedence, lowest first: `.env` files, the caller, what devctl gives (`PORT`, `PS`,
 * `<NAME>_PORT`, `<NAME>_URL`), the service's `env` in devctl.yml. Pure.
 */
export function serviceEnvironment(service: Service, input: EnvironmentInput): Map<string, Sourced> {
  const env = new Map<string, Sourced>();
  const set = (name: string, value: string, source: string) => env.set(name, { value, source });

  for (const [name, value] of Object.entries(callerVariables(input))) set(name, value, 'caller');
  for (const { file, values } of input.files) {
    for (const [name, value] of Object.entries(values)) if (!env.has(name)) set(name, value, file);
  }
  if (input.mode === 'direct' && !env.has('PYTHONUNBUFFERED')) set('PYTHONUNBUFFERED', '1', 'devctl: output goes to a file');
  if (!env.has('ASTRO_DEV_BACKGROUND')) set('ASTRO_DEV_BACKGROUND', '0', 'devctl: astro must not daemonize itself');
  for (const other of input.services) {
    const port = String(announcedPort(other));
    const prefix = prefixOf(other.name);
    if (!env.has(`${prefix}_PORT`)) set(`${prefix}_PORT`, port, `devctl: the port of ${other.name}`);
    if (!env.has(`${prefix}_URL`)) set(`${prefix}_URL`, `http://localhost:${port}`, `devctl: the address of ${other.name}`);
  }
  set('PORT', String(service.port), 'devctl: the port of this service');
  set('PS', service.name, 'devctl: the name of this service');
  set('DEVCTL_SESSION', input.projectId, 'devctl: whose process it is');
  const given = [...env].filter(([name, { source }]) => source.startsWith('devctl: the ') && name !== 'DEVCTL_SESSION');
  set(GIVEN, given.map(([name, { value }]) => `${name}=${value}`).join(' '), 'devctl: what it gave');
  for (const [name, value] of Object.entries(service.env)) set(name, value, 'devctl.yml');
  return env;
}

/**
 * Without what devctl has given to the service, or to the `devctl run`, that this command is typed in: the ports in it are
 * that service's, and not this project's. What was set to something else since is a person's.
 */
export function withoutGiven(caller: EnvironmentInput['caller']): EnvironmentInput['caller'] {
  const given = new Set((caller[GIVEN] ?? '').split(' '));
  return given.size === 0
    ? caller
    : Object.fromEntries(Object.entries(caller).filter(([name, value]) => !given.has(`${name}=${value ?? ''}`)));
}

/** What devctl gave, as `NAME=value` with blanks between. */
const GIVEN = 'DEVCTL_GIVEN';

/** `web.2` is announced as `WEB_2_PORT`. */
const prefixOf = (service: string): string => service.toUpperCase().replace(/[^A-Z0-9]/g, '_');

/** Set by git for its hooks. Source: `git rev-parse --local-env-vars`, 2.39. */
const GIT_PLACE =
  /^GIT_(?:ALTERNATE_OBJECT_DIRECTORIES|CONFIG|CONFIG_PARAMETERS|CONFIG_COUNT|OBJECT_DIRECTORY|DIR|WORK_TREE|IMPLICIT_WORK_TREE|GRAFT_FILE|INDEX_FILE|NO_REPLACE_OBJECTS|REPLACE_REF_BASE|PREFIX|SHALLOW_FILE|COMMON_DIR)$/;

/** An environment in which git finds its repository by the folder alone. */
export function withoutGitPlace(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(definedIn(env)).filter(([name]) => !GIT_PLACE.test(name)));
}

/** As a program can be given it. */
export function definedIn(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The caller's, without what a launcher and devctl itself have set. */
export function callerVariables(
  input: Pick<EnvironmentInput, 'caller' | 'keepEnv' | 'dropEnv' | 'mode'>,
): Record<string, string> {
  const isAgent = input.caller['CLAUDECODE'] !== undefined;
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(withoutGiven(input.caller))) {
    if (value === undefined || input.dropEnv.includes(name)) continue;
    if (!input.keepEnv.includes(name)) {
      if (LAUNCHER_VARIABLES.test(name) || OWN_VARIABLES.test(name)) continue;
      if (isAgent && CHANGED_BY_LAUNCHER.includes(name)) continue;
      if (input.mode === 'tmux' && TERMINAL_VARIABLES.includes(name)) continue;
      if (isAgent && (name === 'NODE_OPTIONS' || name === 'BUN_OPTIONS')) {
        const rest = withoutMemoryFlags(value);
        if (rest !== '') kept[name] = rest;
        continue;
      }
    }
    kept[name] = value;
  }
  return kept;
}

/** A launcher tunes the agent's own memory and preloads through these; each service would take as much. The rest is the user's. */
function withoutMemoryFlags(options: string): string {
  return options
    .replace(/(?:^|\s)--(?:max-old-space-size|max_old_space_size|max-semi-space-size|preload)(?:=|\s+)\S+/g, '')
    .trim();
}

/** The base of `PORT`: the caller's, the `.env` files', else the settings', else the default. */
export function portBaseFrom(
  caller: Record<string, string | undefined>,
  files: EnvironmentInput['files'],
  settings: number | undefined,
  fallback: number,
): number {
  const words = [caller['PORT'], ...files.map((file) => file.values['PORT'])];
  for (const word of words) {
    const port = Number(word);
    if (word && Number.isInteger(port) && port > 0 && port <= 65535) return port;
  }
  return settings ?? fallback;
}
