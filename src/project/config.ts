import type { Place, Problem } from '../failure.ts';
import { ok, type Result } from '../result.ts';
import { checkShape, readConfigFile } from './config-file.ts';
import { configSchema, type Config } from './config-schema.ts';
import type { ClaudeProfile, ClaudeSettings, Settings } from './settings.ts';

/** Reads devctl.yml. Every problem carries the line and column of the value that it is about. */
export function parseConfig(text: string, file: string): Result<Settings, Problem[]> {
  const read = readConfigFile(text, file);
  if (!read.ok) return read;
  const config = checkShape(read.value, { schema: configSchema, knownKeys });
  return config.ok ? ok(toSettings(config.value)) : config;
}

/** Where a key of devctl.yml stands, for a problem that only shows beside the Procfile. */
export function configPlace(text: string, file: string, path: string[]): Place {
  const read = readConfigFile(text, file);
  return read.ok ? read.value.placeOf(path, 'key') : { file, line: 1, column: 1 };
}

function toSettings({ logs, claude, ...config }: Config): Settings {
  return {
    ...config,
    ...(logs ? { logs: { dir: logs.dir, keep: logs.keep, maxBytes: logs.maxSize } } : {}),
    ...(claude ? { claude: toClaudeSettings(claude) } : {}),
  };
}

function toClaudeSettings({ memory, profiles, ...rest }: NonNullable<Config['claude']>): ClaudeSettings {
  const own: Record<string, ClaudeProfile> = {};
  for (const [name, { toolMemory, ...numbers }] of Object.entries(profiles ?? {}))
    own[name] = { ...numbers, ...(toolMemory === undefined ? {} : { toolMemoryBytes: toolMemory }) };
  return { ...rest, memoryBytes: memory, profiles: own };
}

function knownKeys(path: string[]): string[] {
  if (path.length === 0) return Object.keys(configSchema.shape);
  const service = configSchema.shape.services.unwrap().valueType;
  if (path[0] === 'services' && path.length === 2) return Object.keys(service.shape);
  if (path[0] === 'services' && path[2] === 'ready') return Object.keys(service.shape.ready.unwrap().shape);
  const claude = configSchema.shape.claude.unwrap();
  if (path[0] === 'claude' && path.length === 1) return Object.keys(claude.shape);
  if (path[0] === 'claude' && path.length === 3) return Object.keys(claude.shape.profiles.unwrap().valueType.shape);
  if (path[0] === 'validate' && path.length === 1) return Object.keys(configSchema.shape.validate.unwrap().shape);
  if (path[0] === 'logs') return Object.keys(configSchema.shape.logs.unwrap().shape);
  return [];
}
