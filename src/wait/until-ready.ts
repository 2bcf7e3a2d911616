import { explain } from '../diagnose/explain.ts';
import type { Failure, Mishap } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import { lockHolder } from '../project/lock.ts';
import { currentRecord } from '../project/open.ts';
import type { Project } from '../project/project.ts';
import type { RunRecord } from '../project/run-record.ts';
import { waitUntilUp } from '../start/wait.ts';

/** How a wait for readiness ended; `changed`: another devctl has stopped or started the services meanwhile. */
export type Readiness = { kind: 'ready'; notes: string[] } | { kind: 'changed' } | { kind: 'failed'; failure: Failure };

/** By the judgement of a start, with its settling times and checks. */
export async function untilReady(
  machine: Machine,
  project: Project,
  record: RunRecord,
  names: string[],
  timeoutMs: number,
): Promise<Readiness> {
  const failed = (code: 'WAIT_IN_VAIN' | 'WAIT_TIMED_OUT', mishaps: [string, Mishap][]): Readiness => ({
    kind: 'failed',
    failure: { code, mishaps: mishaps.map(([name, mishap]) => explain(machine, project, record, name, mishap)) },
  });
  const unwanted = names.filter((name) => !record.wanted.includes(name));
  if (unwanted.length > 0)
    return failed(
      'WAIT_IN_VAIN',
      unwanted.map((name) => [name, { kind: 'not-started' }]),
    );
  const outcome = await waitUntilUp(
    { machine, project, record, definitions: { services: record.defined } },
    {
      // As it was started, with what was learned of it before.
      services: record.defined
        .filter(({ name }) => names.includes(name))
        .map((service) => record.services[service.name]?.service ?? service),
      kept: names,
      timeoutMs,
      spawnOnly: false,
      onProgress: () => undefined,
      stillWanted: () => (isSameRun(machine, project, record, names) ? undefined : 'another devctl'),
      spawn: () => Promise.resolve(undefined),
    },
  );
  switch (outcome.kind) {
    case 'up':
      return {
        kind: 'ready',
        notes: outcome.services.flatMap((one) =>
          one.kind === 'up' && one.note !== undefined ? [`${one.service}: ${one.note}`] : [],
        ),
      };
    case 'stopped':
      return { kind: 'changed' };
    case 'broken':
      return { kind: 'failed', failure: outcome.failure };
    case 'failed': {
      const mishaps = outcome.services.flatMap((one): [string, Mishap][] =>
        one.kind === 'failed' ? [[one.service, one.mishap]] : [],
      );
      if (mishaps.every(([, { kind }]) => kind === 'not-ready' || kind === 'blocked')) return failed('WAIT_TIMED_OUT', mishaps);
      // A restart looks like a death: whoever ends a service holds the lock until its successor is there.
      const isRestarting = lockHolder(machine, project.paths.lock) === 'alive' || !isSameRun(machine, project, record, names);
      return isRestarting ? { kind: 'changed' } : failed('WAIT_IN_VAIN', mishaps);
    }
  }
}

function isSameRun(machine: Machine, project: Project, record: RunRecord, names: string[]): boolean {
  const now = currentRecord(machine, project);
  const isSame = (name: string) =>
    now?.wanted.includes(name) === true && now.services[name]?.startedAt === record.services[name]?.startedAt;
  return now?.runId === record.runId && !now.ended && names.every(isSame);
}
