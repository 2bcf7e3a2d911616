import { explain } from '../diagnose/explain.ts';
import type { Failure, ServiceMishap } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import { lockHolder } from '../project/lock.ts';
import { currentRecord } from '../project/open.ts';
import type { Project } from '../project/project.ts';
import { answersTo, unknownService } from '../project/resolve.ts';
import type { RunRecord } from '../project/run-record.ts';
import { fail, ok, type Result } from '../result.ts';
import { observe } from '../services/observe.ts';
import { isAlive, serviceState } from '../services/state.ts';
import { judgeGoal, type Goal } from './goal.ts';
import { newSearch, searchLog, type Search } from './log-search.ts';
import { untilReady } from './until-ready.ts';

const INTERVAL_MS = 50;

export interface WaitRequest {
  goal: Goal;
  /** Absent: every service that is wanted up. */
  service: string | undefined;
  timeoutMs: number;
}

export interface Waited {
  seconds: number;
  /** Of `log`: the first line that matched. */
  match?: { service: string; line: string };
  /** Of `ready`: a service that runs, and does not listen where it was expected. */
  notes: string[];
}

/** One look at what is waited for. */
type Look =
  { kind: 'met'; notes?: string[] } | { kind: 'open'; mishaps: () => ServiceMishap[] } | { kind: 'failed'; failure: Failure };

/** Waits until the services are as they are wanted, and no longer than that can still happen. */
export async function waitForGoal(machine: Machine, project: Project, request: WaitRequest): Promise<Result<Waited>> {
  const { clock } = machine;
  const begin = clock.elapsed();
  const search = newSearch();
  for (;;) {
    const leftMs = request.timeoutMs - (clock.elapsed() - begin);
    const now = await look(machine, project, request, search, leftMs);
    const seconds = (clock.elapsed() - begin) / 1000;
    if (now.kind === 'met') return ok({ seconds, notes: now.notes ?? [], ...(search.match ? { match: search.match } : {}) });
    if (now.kind === 'failed') return fail(now.failure);
    if (leftMs <= 0) return fail({ code: 'WAIT_TIMED_OUT', mishaps: now.mishaps() });
    await clock.sleep(Math.min(INTERVAL_MS, Math.max(leftMs, 1)));
  }
}

async function look(machine: Machine, project: Project, request: WaitRequest, search: Search, leftMs: number): Promise<Look> {
  const { goal, service, timeoutMs } = request;
  const record = currentRecord(machine, project);
  if (!record || record.ended) {
    if (goal.kind === 'stopped') return { kind: 'met' };
    // Somebody who holds the lock may be about to start it.
    const mayCome = leftMs > 0 && lockHolder(machine, project.paths.lock) === 'alive';
    return mayCome
      ? { kind: 'open', mishaps: () => [] }
      : { kind: 'failed', failure: { code: 'NOT_RUNNING', root: project.root } };
  }
  const names = namesIn(record, service);
  if (!names.ok) return { kind: 'failed', failure: names.failure };
  if (goal.kind !== 'ready') return lookAtGoal(machine, project, record, names.value, goal, search, (timeoutMs - leftMs) / 1000);
  const readiness = await untilReady(machine, project, record, names.value, leftMs);
  switch (readiness.kind) {
    case 'ready':
      return { kind: 'met', notes: readiness.notes };
    case 'failed':
      return readiness;
    case 'changed': {
      const mishap = {
        kind: 'not-ready',
        waitedFor: 'another devctl, which is at work here',
        seconds: timeoutMs / 1000,
      } as const;
      return { kind: 'open', mishaps: () => names.value.map((name) => explain(machine, project, record, name, mishap)) };
    }
  }
}

function namesIn(record: RunRecord, service: string | undefined): Result<string[]> {
  if (service === undefined) return ok(record.wanted);
  const known = [...record.defined, ...Object.values(record.services).map((one) => one.service)];
  const found = [...new Set(known.filter((one) => answersTo(one, service)).map(({ name }) => name))];
  return found.length > 0 ? ok(found) : fail(unknownService(service, [...new Set(known.map(({ name }) => name))]));
}

function lookAtGoal(
  machine: Machine,
  project: Project,
  record: RunRecord,
  names: string[],
  goal: Exclude<Goal, { kind: 'ready' }>,
  search: Search,
  waitedSeconds: number,
): Look {
  // States first: what a service wrote before its end is in its log by then.
  const sight = observe(machine, project, record);
  if (goal.kind === 'log') for (const name of names) searchLog(machine, record, name, goal.pattern, search);
  const standings = names.map((name) => {
    const observation = sight.services.get(name);
    const state = observation
      ? serviceState(observation, record.services[name]?.service.oneShot ?? false)
      : ({ kind: 'idle' } as const);
    const alive = isAlive(state) || sight.owned.some((owned) => owned.service === name);
    const sighted = {
      state,
      isAlive: alive,
      isWanted: record.wanted.includes(name),
      hasLine: search.match !== undefined,
      waitedSeconds,
    };
    return { name, standing: judgeGoal(goal, sighted) };
  });
  const isEverything = names.length === record.wanted.length;
  // Whoever stops them has yet to prove it, and to write it down.
  const isBeingStopped =
    goal.kind === 'stopped' && ((isEverything && sight.strays.length > 0) || lockHolder(machine, project.paths.lock) === 'alive');
  if (standings.every(({ standing }) => standing.kind === 'met') && !isBeingStopped) return { kind: 'met' };
  const mishaps = () =>
    standings.flatMap(({ name, standing }): ServiceMishap[] =>
      standing.kind === 'met' ? [] : [explain(machine, project, record, name, standing.mishap)],
    );
  return standings.every(({ standing }) => standing.kind === 'in-vain')
    ? { kind: 'failed', failure: { code: 'WAIT_IN_VAIN', mishaps: mishaps() } }
    : { kind: 'open', mishaps };
}
