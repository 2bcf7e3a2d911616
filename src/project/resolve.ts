import { resolve as resolvePath } from 'node:path';
import type { Failure } from '../failure.ts';
import { fail, ok, type Result } from '../result.ts';
import { fingerprint, serviceMark } from './identity.ts';
import { inferPort } from './infer-port.ts';
import { nearest } from './nearest.ts';
import type { ProcfileEntry } from './procfile.ts';
import { expectation, type Service } from './service.ts';
import { DEFAULTS, type ServiceSettings, type Settings } from './settings.ts';

/** `release:` and `build:` end by themselves, as Heroku and foreman users have them. */
const ONE_SHOT_NAMES: readonly string[] = ['release', 'build'];

export interface ResolveInput {
  root: string;
  id: string;
  entries: ProcfileEntry[];
  settings: Settings;
  /** How many of each (`-m web=2,all=1`), over the settings. */
  formation: Record<string, number>;
  portBase: number;
  /** Added to every port that a service would follow: a worktree's own. */
  offset?: number;
}

/** Every service that the Procfile and the settings define, in the Procfile's order, with its ports. Pure. */
export function resolveServices(input: ResolveInput): Result<Service[]> {
  const { entries, settings, formation } = input;
  const names = entries.map((entry) => entry.name);
  for (const name of Object.keys(formation)) {
    if (name !== 'all' && !names.includes(name)) return fail(unknownService(name, names));
  }
  const services: Service[] = [];
  for (const [index, entry] of entries.entries()) {
    const own: ServiceSettings = { ...settings.all, ...ofName(settings.services, entry.name) };
    const count = ofName(formation, entry.name) ?? ofName(formation, 'all') ?? own.instances ?? 1;
    for (let instance = 1; instance <= count; instance += 1) {
      const name = count === 1 ? entry.name : `${entry.name}.${String(instance)}`;
      const given = input.portBase + index * (settings.portStep ?? DEFAULTS.portStep) + instance - 1;
      const service = resolveOne(input, entry, own, name, given, instance);
      if (service.port > 65535) {
        return fail({
          code: 'USAGE',
          what: `"${name}" would get port ${String(service.port)}: the last port is 65535`,
          fix: ['a smaller PORT, portBase or portStep'],
        });
      }
      services.push(service);
    }
  }
  return ok(services);
}

/** A service may be called `constructor`. */
function ofName<T>(values: Record<string, T> | undefined, name: string): T | undefined {
  return values && Object.hasOwn(values, name) ? values[name] : undefined;
}

function resolveOne(
  input: ResolveInput,
  entry: ProcfileEntry,
  own: ServiceSettings,
  name: string,
  given: number,
  instance: number,
): Service {
  const hint = inferPort(entry.command);
  // A port that stands in the command itself moves nowhere.
  const moved = (hint.kind === 'port' ? 0 : (input.offset ?? 0)) + instance - 1;
  const declared = own.ready?.port ?? own.port;
  const port = own.port === undefined ? given : own.port + moved;
  const oneShot = own.oneShot ?? ONE_SHOT_NAMES.includes(entry.name);
  const definition = {
    name,
    entry: entry.name,
    command: entry.command,
    cwd: resolvePath(input.root, own.cwd ?? '.'),
    shell: own.shell ?? 'sh',
    port,
    expects: oneShot
      ? ({ kind: 'nowhere' } as const)
      : expectation(hint, declared === undefined ? undefined : declared + moved, port),
    ready: {
      ...(own.ready?.http === undefined ? {} : { http: own.ready.http }),
      ...(own.ready?.log === undefined ? {} : { log: own.ready.log }),
      settleMs: own.ready?.settle ?? DEFAULTS.settleMs,
    },
    stopSignal: own.stopSignal ?? ('TERM' as const),
    graceMs: own.grace ?? DEFAULTS.graceMs,
    restart: own.restart ?? ('never' as const),
    dependsOn: own.dependsOn ?? {},
    env: own.env ?? {},
    autostart: own.autostart ?? true,
    oneShot,
    patterns: own.patterns ?? [],
  };
  return { ...definition, mark: serviceMark(input.id, name), fingerprint: fingerprint(definition) };
}

export interface Selection {
  /** Named after `start`; empty: all that start by themselves. */
  names: string[];
  /** `-x`: all but these; wins over the names. */
  except: string[];
}

/** The services that a request means, with everything they depend on. An unknown name is a failure, never nothing. */
export function selectServices(services: Service[], { names, except }: Selection): Result<Service[]> {
  for (const name of [...names, ...except]) {
    if (!services.some((service) => answersTo(service, name))) {
      return fail(
        unknownService(
          name,
          services.map((service) => service.name),
        ),
      );
    }
  }
  const isExcluded = (service: Service) => except.some((name) => answersTo(service, name));
  const wanted = services.filter((service) => {
    if (isExcluded(service)) return false;
    return names.length === 0 ? service.autostart : names.some((name) => answersTo(service, name));
  });
  const chosen = new Set(wanted);
  for (const service of chosen) {
    for (const name of Object.keys(service.dependsOn)) {
      for (const other of services) if (answersTo(other, name) && !isExcluded(other)) chosen.add(other);
    }
  }
  return ok(services.filter((service) => chosen.has(service)));
}

/** `web` means every instance of it, `web.2` the one. */
export function answersTo(service: Pick<Service, 'name' | 'entry'>, name: string): boolean {
  return service.name === name || service.entry === name;
}

export function unknownService(name: string, known: string[]): Failure {
  const suggestion = nearest(name, known);
  return { code: 'UNKNOWN_SERVICE', name, known, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** Services in an order in which each comes after what it depends on; the names of a circle where there is one. Pure. */
export function orderByDependency(services: Service[]): Result<Service[], string[]> {
  const ordered: Service[] = [];
  const state = new Map<Service, 'open' | 'done'>();
  const visit = (service: Service, path: string[]): string[] | undefined => {
    if (state.get(service) === 'done') return undefined;
    if (state.get(service) === 'open') return [...path.slice(path.indexOf(service.name)), service.name];
    state.set(service, 'open');
    for (const name of Object.keys(service.dependsOn)) {
      for (const other of services.filter((candidate) => answersTo(candidate, name))) {
        const circle = visit(other, [...path, service.name]);
        if (circle) return circle;
      }
    }
    state.set(service, 'done');
    ordered.push(service);
    return undefined;
  };
  for (const service of services) {
    const circle = visit(service, []);
    if (circle) return fail(circle);
  }
  return ok(ordered);
}
