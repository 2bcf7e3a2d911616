import type { Suspect } from '../ownership/suspect.ts';
import type { Definitions } from '../project/definitions.ts';
import type { History } from '../project/history.ts';
import { projectPorts, type ProjectPort } from '../project/ports.ts';
import type { RunRecord } from '../project/run-record.ts';

/** Where the layers after the certain ones look. */
export interface StopScope {
  ports: ProjectPort[];
  /** Ports that processes of ours listened on when the stop began, or that an earlier stop left held: these must be free at its end. */
  hadPorts: Set<number>;
  /** Regular expressions for command lines; none: all that is probable. */
  patterns: string[];
  /** Only these services; empty: all. */
  services: string[];
  /** Was there a run that had not been stopped? */
  isLive: boolean;
}

/** The ports and patterns of the services that are stopped; of a run that is over, those that the definitions have now. Pure. */
export function stopScope(
  record: RunRecord | undefined,
  definitions: Pick<Definitions, 'services' | 'settings'> | undefined,
  history: History,
  names: string[],
): StopScope {
  const live = record?.ended ? undefined : record;
  const all = live?.defined ?? definitions?.services ?? record?.defined ?? [];
  const services = names.length === 0 ? all : all.filter((service) => names.includes(service.name));
  const extra = names.length > 0 ? [] : (live?.ports ?? definitions?.settings.ports ?? record?.ports ?? []);
  const patterns = names.length > 0 ? [] : (live?.patterns ?? definitions?.settings.patterns ?? record?.patterns ?? []);
  return {
    ports: projectPorts(services, extra, history),
    patterns: [...patterns, ...services.flatMap((service) => service.patterns)],
    services: names,
    hadPorts: new Set(record?.ended?.portsLeft ?? []),
    isLive: live !== undefined,
  };
}

/** Is this one of those that the stop looks at? Of the quiet ones only what a pattern matches, where there are any. Pure. */
export function isInScope({ services, patterns }: StopScope, { service, ports, command }: Suspect): boolean {
  if (services.length > 0 && (service === undefined || !services.includes(service))) return false;
  return ports.length > 0 || patterns.length === 0 || patterns.some((pattern) => new RegExp(pattern).test(command));
}
