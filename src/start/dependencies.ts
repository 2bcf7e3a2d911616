import type { Definitions } from '../project/definitions.ts';
import { answersTo } from '../project/resolve.ts';
import type { Condition, Service } from '../project/service.ts';
import type { Sight } from '../services/observe.ts';
import { isUp, serviceState } from '../services/state.ts';
import type { Progress } from './progress.ts';

/** The services that a dependency may name. */
interface Known {
  definitions: Pick<Definitions, 'services'>;
}

/** Does it depend on a service that neither is up nor is being started? Then there is nothing to wait for. */
export function waitsForNobody(context: Known, services: Service[], name: string, progress: Progress[], sight: Sight): boolean {
  const service = services.find((candidate) => candidate.name === name);
  return needs(context, service).some(
    ({ other, condition }) => !services.some((one) => one.name === other.name) && !isMet(condition, other, progress, sight),
  );
}

function needs(context: Known, service: Service | undefined): { other: Service; condition: Condition }[] {
  return Object.entries(service?.dependsOn ?? {}).flatMap(([name, condition]) =>
    context.definitions.services.filter((other) => answersTo(other, name)).map((other) => ({ other, condition })),
  );
}

/** Pending services whose conditions are met by now; a service that was up before this start counts as ready. */
export function dueServices(context: Known, services: Service[], progress: Progress[], sight: Sight): Service[] {
  return services.filter(
    (service) =>
      progress.find((one) => one.service === service.name)?.kind === 'pending' &&
      needs(context, service).every(({ other, condition }) => isMet(condition, other, progress, sight)),
  );
}

function isMet(condition: Condition, other: Service, progress: Progress[], sight: Sight): boolean {
  const now = progress.find((one) => one.service === other.name);
  if (!now) {
    const observation = sight.services.get(other.name);
    const state = observation && serviceState(observation, other.oneShot);
    return condition === 'completed' ? state?.kind === 'done' : isUp(state) || state?.kind === 'done';
  }
  switch (condition) {
    case 'started':
      return now.kind === 'up' || now.kind === 'waiting';
    case 'ready':
      return now.kind === 'up';
    case 'completed':
      return now.kind === 'up' && now.how === 'done';
  }
}
