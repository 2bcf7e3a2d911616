import type { Condition, RestartPolicy, StopSignal } from './service.ts';

/** What devctl.yml may say of one service. Absent: the default. */
export interface ServiceSettings {
  port?: number | undefined;
  ready?:
    { http?: string | undefined; log?: string | undefined; port?: number | undefined; settle?: number | undefined } | undefined;
  stopSignal?: StopSignal | undefined;
  grace?: number | undefined;
  restart?: RestartPolicy | undefined;
  dependsOn?: Record<string, Condition> | undefined;
  env?: Record<string, string> | undefined;
  cwd?: string | undefined;
  autostart?: boolean | undefined;
  oneShot?: boolean | undefined;
  shell?: string | undefined;
  instances?: number | undefined;
  patterns?: string[] | undefined;
}

/** How much an agent's tools may take, under `devctl claude`. What is absent is left as it is. */
export interface ClaudeProfile {
  /** Processes at once, before the newest are queued; 0: no limit. */
  maxProcesses?: number | undefined;
  /** For everything that its shell runs, together. */
  toolMemoryBytes?: number | undefined;
  /** Tool calls at once. */
  toolCalls?: number | undefined;
  /** Subagents at once. */
  subagents?: number | undefined;
  /** Jobs of a build tool. */
  jobs?: number | undefined;
  /** Added to the niceness of Claude Code and all that it starts, 0 to 19. */
  nice?: number | undefined;
}

export interface ClaudeSettings {
  profile?: string | undefined;
  profiles?: Record<string, ClaudeProfile> | undefined;
  maxProcesses?: number | undefined;
  /** Ceiling for Claude Code itself. */
  memoryBytes?: number | undefined;
}

/** How strict `devctl validate` is. */
export interface ValidateSettings {
  level?: 1 | 2 | 3 | 4 | undefined;
  testLevel?: 1 | 2 | 3 | 4 | undefined;
  /** Globs, from the root. */
  ignore?: string[] | undefined;
  /** What files are for, where their names do not tell; globs, from the root. */
  places?: Partial<Record<'production' | 'test' | 'script', string[] | undefined>> | undefined;
  rules?: Record<string, 'off' | 'warning' | 'error'> | undefined;
}

/** What devctl.yml, or its OVERMIND_* equivalents, may say of the project. Durations are in milliseconds. */
export interface Settings {
  procfile?: string | undefined;
  ports?: number[] | undefined;
  patterns?: string[] | undefined;
  logs?: { dir?: string | undefined; keep?: number | undefined; maxBytes?: number | undefined } | undefined;
  envFiles?: string[] | undefined;
  portBase?: number | undefined;
  portStep?: number | undefined;
  keepEnv?: string[] | undefined;
  dropEnv?: string[] | undefined;
  mode?: 'tmux' | 'direct' | undefined;
  layout?: 'panes' | 'windows' | undefined;
  stopOnSessionEnd?: boolean | undefined;
  claude?: ClaudeSettings | undefined;
  validate?: ValidateSettings | undefined;
  /** Defaults for every service. */
  all?: ServiceSettings | undefined;
  services?: Record<string, ServiceSettings> | undefined;
  /** Which services `start` means when it names none. */
  only?: string[] | undefined;
  except?: string[] | undefined;
}

export const DEFAULTS = {
  portBase: 3000,
  portStep: 100,
  graceMs: 5000,
  settleMs: 400,
  keepLogs: 3,
  maxLogBytes: 500_000_000,
  logDir: 'log',
  startTimeoutMs: 30_000,
} as const;

const SIGNALS: readonly string[] = ['TERM', 'INT', 'QUIT', 'HUP', 'USR1', 'USR2', 'ABRT', 'KILL'];
const isSignal = (word: string): word is StopSignal => SIGNALS.includes(word);

/** The OVERMIND_* variables that have an equivalent here. Source: overmind start/command.go; the README has the table. */
export function overmindSettings(env: Record<string, string | undefined>): Settings {
  const list = (text: string | undefined) =>
    text
      ?.split(',')
      .map((word) => word.trim())
      .filter(Boolean);
  const pairs = (text: string | undefined) => (list(text) ?? []).map((pair) => pair.split('=') as [string, string | undefined]);
  const number = (text: string | undefined) => (text && /^\d+$/.test(text) ? Number(text) : undefined);
  const services: Record<string, ServiceSettings> = {};
  const all: ServiceSettings = {};
  const of = (name: string): ServiceSettings => (name === 'all' ? all : (services[name] ??= {}));

  for (const [name, count] of pairs(env['OVERMIND_FORMATION'])) of(name).instances = number(count);
  for (const [name, signal] of pairs(env['OVERMIND_STOP_SIGNALS'])) {
    const word = signal?.toUpperCase().replace(/^SIG/, '') ?? '';
    if (isSignal(word)) of(name).stopSignal = word;
  }
  for (const name of list(env['OVERMIND_AUTO_RESTART']) ?? []) of(name).restart = 'always';
  const seconds = number(env['OVERMIND_TIMEOUT']);
  if (seconds !== undefined) all.grace = seconds * 1000;
  if (env['OVERMIND_SHELL']) all.shell = env['OVERMIND_SHELL'];

  return {
    procfile: env['OVERMIND_PROCFILE'],
    portBase: number(env['OVERMIND_PORT']),
    portStep: number(env['OVERMIND_PORT_STEP']),
    envFiles: env['OVERMIND_SKIP_ENV']
      ? (list(env['OVERMIND_ENV']) ?? [])
      : env['OVERMIND_ENV']
        ? ['.env', ...(list(env['OVERMIND_ENV']) ?? [])]
        : undefined,
    only: list(env['OVERMIND_PROCESSES']),
    except: list(env['OVERMIND_IGNORED_PROCESSES']),
    all,
    services,
  };
}

/** Lays one settings object over another: what `over` says wins, service by service. */
export function mergeSettings(under: Settings, over: Settings): Settings {
  const services: Record<string, ServiceSettings> = {};
  for (const name of new Set([...Object.keys(under.services ?? {}), ...Object.keys(over.services ?? {})])) {
    services[name] = { ...under.services?.[name], ...defined(over.services?.[name] ?? {}) };
  }
  return { ...under, ...defined(over), all: { ...under.all, ...defined(over.all ?? {}) }, services };
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Partial<T>;
}
