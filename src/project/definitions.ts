import { join, relative, resolve } from 'node:path';
import type { Failure, Problem } from '../failure.ts';
import type { Files } from '../machine/files.ts';
import { fail, ok, type Result } from '../result.ts';
import { portBaseFrom, withoutGiven, type EnvironmentInput } from './environment.ts';
import { findFixedPorts } from './fixed-ports.ts';
import { nearest } from './nearest.ts';
import { parseProcfile, type ProcfileEntry } from './procfile.ts';
import { CONFIG_NAMES, PROCFILE_NAMES, type Project } from './project.ts';
import { orderByDependency, resolveServices } from './resolve.ts';
import { announcedPort, type Service } from './service.ts';
import { DEFAULTS, mergeSettings, overmindSettings, type Settings } from './settings.ts';
import { readUserFile } from './user-file.ts';
import type { PortShift } from './worktree-ports.ts';

/** What the Procfile, devctl.yml, the `.env` files and the caller's variables say together. */
export interface Definitions {
  /** Absolute. */
  procfile: string;
  services: Service[];
  settings: Settings;
  envFiles: EnvironmentInput['files'];
  sources: { path: string; stamp: string }[];
  warnings: Problem[];
  /** In a worktree: by how much its ports are moved, and the services whose own line keeps them from moving. */
  worktree?: PortShift & {
    fixed: Problem[];
    /** The caller gave a PORT, which is taken as it is. */
    isPortGiven: boolean;
  };
}

export interface DefinitionsRequest {
  cwd: string;
  /** `-f FILE`, PROCFILE or OVERMIND_PROCFILE, from the caller's folder. */
  file: string | undefined;
  /** Nobody watches a terminal: `Procfile.dev.nontty` is taken where it is there. */
  withoutTerminal: boolean;
  formation: Record<string, number>;
  env: Record<string, string | undefined>;
  /** The shift of a worktree, given the ports that the main checkout has. */
  shiftOf: (ports: number[]) => Promise<Result<PortShift | undefined>>;
}

/** Reads everything that defines the project's services. yaml, zod and dotenv load only where there is a file for them. */
export async function loadDefinitions(files: Files, project: Project, request: DefinitionsRequest): Promise<Result<Definitions>> {
  const config = await loadConfig(files, project.root);
  if (!config.ok) return config;
  const settings = mergeSettings(overmindSettings(request.env), config.value.settings);

  const procfile = chooseProcfile(files, project.root, settings, request);
  if (!procfile.ok) return procfile;
  const text = readUserFile(files, procfile.value);
  if (!text.ok) return text;
  const name = relative(project.root, procfile.value);
  const parsed = parseProcfile(text.value ?? '', name);
  if (parsed.problems.length > 0) return fail({ code: 'PROCFILE_INVALID', problems: parsed.problems });
  if (parsed.entries.length === 0) {
    return fail({
      code: 'PROCFILE_INVALID',
      problems: [{ place: { file: name, line: 1, column: 1 }, what: 'The file names no service', instead: 'web: COMMAND' }],
    });
  }
  const misnamed = await checkServiceNames(settings, parsed.entries, config.value);
  if (misnamed) return fail(misnamed);

  const envFiles = await loadEnvFiles(files, project.root, settings.envFiles ?? ['.env']);
  if (!envFiles.ok) return envFiles;
  const caller = withoutGiven(request.env);
  const badPort = [caller['PORT'], ...envFiles.value.map((file) => file.values['PORT'])].find(
    (word) => word && !/^\d{1,5}$/.test(word),
  );
  if (badPort !== undefined)
    return fail({
      code: 'USAGE',
      what: `PORT "${badPort}" is not a port`,
      why: 'it is the base of the services’ ports',
      fix: ['unset PORT', 'PORT=3000 devctl start'],
    });
  const input = {
    root: project.root,
    id: project.id,
    entries: parsed.entries,
    settings,
    formation: request.formation,
    portBase: portBaseFrom(caller, envFiles.value, settings.portBase, DEFAULTS.portBase),
  };
  const asWritten = resolveServices(input);
  if (!asWritten.ok) return asWritten;
  const extra = settings.ports ?? [];
  // What the project itself says, whatever PORT or formation this one command was given.
  const usual = resolveServices({
    ...input,
    formation: {},
    portBase: portBaseFrom({}, envFiles.value, settings.portBase, DEFAULTS.portBase),
  });
  const ports = (usual.ok ? usual.value : asWritten.value).flatMap((service) => [service.port, announcedPort(service)]);
  const shift = await request.shiftOf([...ports, ...extra]);
  if (!shift.ok) return shift;
  const offset = shift.value?.offset ?? 0;
  // A PORT that the caller gives is meant as it is.
  const isPortGiven = Boolean(caller['PORT']);
  const base = isPortGiven ? input.portBase : input.portBase + offset;
  const services = offset === 0 ? asWritten : resolveServices({ ...input, portBase: base, offset });
  if (!services.ok) return services;
  const order = orderByDependency(services.value);
  if (!order.ok) {
    const { configPlace } = await import('../lazy/config.ts');
    const place = configPlace(config.value.text, config.value.name, ['services', order.failure[0] ?? '', 'dependsOn']);
    const what = `Services depend on each other in a circle: ${order.failure.join(' -> ')}`;
    return fail({ code: 'CONFIG_INVALID', problems: [{ place, what }] });
  }

  const paths = [
    procfile.value,
    ...CONFIG_NAMES.map((file) => join(project.root, file)),
    ...(settings.envFiles ?? ['.env']).map((file) => resolve(project.root, file)),
  ];
  return ok({
    procfile: procfile.value,
    services: order.value,
    settings: { ...settings, ...(settings.ports ? { ports: extra.map((port) => port + offset) } : {}) },
    envFiles: envFiles.value,
    sources: paths.map((path) => ({ path, stamp: fileStamp(files, path) })),
    warnings: parsed.warnings,
    ...(shift.value ? { worktree: { ...shift.value, fixed: findFixedPorts(parsed.entries, name), isPortGiven } } : {}),
  });
}

/** Changes whenever the file is written, made or removed. */
export function fileStamp(files: Files, path: string): string {
  const stat = files.stat(path);
  return stat ? `${stat.id}:${String(stat.mtimeMs)}:${String(stat.size)}` : 'none';
}

function chooseProcfile(files: Files, root: string, settings: Settings, request: DefinitionsRequest): Result<string> {
  if (request.file !== undefined) {
    const path = resolve(request.cwd, request.file);
    return files.stat(path) ? ok(path) : fail({ code: 'NO_PROCFILE', searched: root, asked: path });
  }
  const base =
    settings.procfile === undefined
      ? PROCFILE_NAMES.map((name) => join(root, name)).find((path) => files.stat(path))
      : resolve(root, settings.procfile);
  if (base === undefined) return fail({ code: 'NO_PROCFILE', searched: root });
  if (!files.stat(base)) return fail({ code: 'NO_PROCFILE', searched: root, asked: base });
  const variant = `${base}.nontty`;
  return ok(request.withoutTerminal && files.stat(variant) ? variant : base);
}

interface LoadedConfig {
  settings: Settings;
  /** The file's name and text; the name that it would have, and no text, where there is none. */
  name: string;
  text: string;
}

/** What devctl.yml says, where there is one: for what needs no Procfile. */
export async function loadSettings(files: Files, root: string): Promise<Result<Settings>> {
  const config = await loadConfig(files, root);
  return config.ok ? ok(config.value.settings) : config;
}

async function loadConfig(files: Files, root: string): Promise<Result<LoadedConfig>> {
  const name = CONFIG_NAMES.find((candidate) => files.stat(join(root, candidate)));
  if (name === undefined) return ok({ settings: {}, name: 'devctl.yml', text: '' });
  const text = readUserFile(files, join(root, name));
  if (!text.ok) return text;
  const { parseConfig } = await import('../lazy/config.ts');
  const parsed = parseConfig(text.value ?? '', name);
  return parsed.ok
    ? ok({ settings: parsed.value, name, text: text.value ?? '' })
    : fail({ code: 'CONFIG_INVALID', problems: parsed.failure });
}

async function loadEnvFiles(files: Files, root: string, names: string[]): Promise<Result<EnvironmentInput['files']>> {
  const found: EnvironmentInput['files'] = [];
  for (const file of names) {
    const text = readUserFile(files, resolve(root, file));
    if (!text.ok) return text;
    if (text.value === undefined) continue;
    const { parseDotenv } = await import('../lazy/dotenv.ts');
    found.push({ file, values: parseDotenv(text.value) });
  }
  return ok(found);
}

/** Names that devctl.yml (or an OVERMIND_ variable) gives and the Procfile does not have. */
async function checkServiceNames(
  settings: Settings,
  entries: ProcfileEntry[],
  config: LoadedConfig,
): Promise<Failure | undefined> {
  const known = entries.map((entry) => entry.name);
  const named = Object.entries(settings.services ?? {}).flatMap(([name, own]) => [
    { name, where: '"services"', path: ['services', name] },
    ...Object.keys(own.dependsOn ?? {}).map((other) => ({
      name: other.replace(/\.\d+$/, ''),
      where: `"services.${name}.dependsOn"`,
      path: ['services', name, 'dependsOn', other],
    })),
  ]);
  const wrong = named.filter(({ name }) => !known.includes(name));
  if (wrong.length === 0) return undefined;
  const { configPlace } = await import('../lazy/config.ts');
  const problems = wrong.map(({ name, where, path }): Problem => {
    const meant = nearest(name, known);
    return {
      place: configPlace(config.text, config.name, path),
      what: `${where} names "${name}", which the Procfile does not have (it has ${known.join(', ')})`,
      ...(meant === undefined ? {} : { instead: meant }),
    };
  });
  return { code: 'CONFIG_INVALID', problems };
}
