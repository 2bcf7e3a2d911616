import type { History } from './history.ts';
import type { Service } from './service.ts';

/** A port of the project, and why it is one. */
export interface ProjectPort {
  port: number;
  /** Absent: the project's own list, which names no service. */
  service?: string;
  /** `declared`: devctl.yml says so. `expected`: the line seems to want it, or the service listened there last time. */
  why: 'declared' | 'expected';
}

/** Every port that the services are expected on, and the project's own list. Pure. */
export function projectPorts(services: Service[], extra: number[], history: History): ProjectPort[] {
  const found = new Map<number, ProjectPort>();
  const add = (port: ProjectPort) => {
    const known = found.get(port.port);
    if (known?.why !== 'declared') found.set(port.port, port);
  };
  for (const service of services) {
    const { expects, name, fingerprint } = service;
    if ('port' in expects) add({ port: expects.port, service: name, why: expects.kind === 'declared' ? 'declared' : 'expected' });
    const lesson = history[name];
    if (lesson?.fingerprint === fingerprint) for (const port of lesson.ports) add({ port, service: name, why: 'expected' });
  }
  for (const port of extra) if (!found.has(port)) add({ port, why: 'declared' });
  return [...found.values()];
}
