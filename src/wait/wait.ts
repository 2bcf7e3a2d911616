import { explain } from '../diagnose/explain.ts';
import type { Failure, Mishap, ServiceMishap } from '../failure.ts';
import { readLines } from '../logs/lines.ts';
import type { Machine } from '../machine/machine.ts';
import { lockHolder } from '../project/lock.ts';
import { currentRecord } from '../project/open.ts';
import type { Project } from '../project/project.ts';
import { answersTo, unknownService } from '../project/resolve.ts';
import type { RunRecord } from '../project/run-record.ts';
import { fail, ok, type Result } from '../result.ts';
import { plainLine } from '../services/log-text.ts';
import { observe } from '../services/observe.ts';
import { isAlive, serviceState } from '../services/state.ts';
import { waitUntilUp } from '../start/wait.ts';
import { judgeGoal, type Goal } from './goal.ts';

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
}

/** Waits until the services are as they are wanted, and no longer than that can still happen. */
export async function waitForGoal(machine: Machine, project: Project, request: WaitRequest): Promise<Result<Waited>> {
  const { clock } = machine;
  const begin = clock.elapsed();
  const seconds = () => (clock.elapsed() - begin) / 1000;
  const search = newSearch();
  for (;;) {
    const record = currentRecord(machine, project);
    const isOver = clock.elapsed() - begin >= request.timeoutMs;
    if (!record || record.ended) {
      if (request.goal.kind === 'stopped' || request.goal.kind === 'exit') return ok({ seconds: seconds() });
      // Somebody who holds the lock may be about to start it.
      if (isOver || lockHolder(machine, project.paths.lock) !== 'alive') return fail({ code: 'NOT_RUNNING', root: project.root });
    } else {
      const names = namesIn(record, request.service);
      if (!names.ok) return names;
      if (request.goal.kind === 'ready') {
        const outcome = await untilReady(machine, project, record, names.value, request.timeoutMs - seconds() * 1000);
        if (outcome !== 'changed') return outcome ? fail(outcome) : ok({ seconds: seconds() });
      } else {
        const answer = look(machine, project, record, names.value, { goal: request.goal, search, seconds: seconds(), isOver });
        if (answer === 'met') return ok({ seconds: seconds(), ...(search.match ? { match: search.match } : {}) });
        if (answer !== 'open') return fail(answer);
      }
    }
    await clock.sleep(INTERVAL_MS);
  }
}

function namesIn(record: RunRecord, service: string | undefined): Result<string[]> {
  if (service === undefined) return ok(record.wanted);
  const known = [...record.defined, ...Object.values(record.services).map((one) => one.service)];
  const found = [...new Set(known.filter((one) => answersTo(one, service)).map(({ name }) => name))];
  return found.length > 0 ? ok(found) : fail(unknownService(service, [...new Set(known.map(({ name }) => name))]));
}

/** By the judgement of a start, with its settling times and checks. */
async function untilReady(
  machine: Machine,
  project: Project,
  record: RunRecord,
  names: string[],
  timeoutMs: number,
): Promise<Failure | 'changed' | undefined> {
  const asFailure = (code: 'WAIT_IN_VAIN' | 'WAIT_TIMED_OUT', mishaps: [string, Mishap][]): Failure => ({
    code,
    mishaps: mishaps.map(([name, mishap]) => explain(machine, project, record, name, mishap)),
  });
  const unwanted = names.filter((name) => !record.wanted.includes(name));
  if (unwanted.length > 0)
    return asFailure(
      'WAIT_IN_VAIN',
      unwanted.map((name) => [name, { kind: 'not-started' }]),
    );
  const services = record.defined.filter(({ name }) => names.includes(name));
  const outcome = await waitUntilUp(
    { machine, project, record, definitions: { services: record.defined } },
    {
      services,
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
      return undefined;
    case 'stopped':
      return 'changed';
    case 'broken':
      return outcome.failure;
    case 'failed': {
      const failed = outcome.services.flatMap((one): [string, Mishap][] =>
        one.kind === 'failed' ? [[one.service, one.mishap]] : [],
      );
      const isLate = failed.every(([, { kind }]) => kind === 'not-ready' || kind === 'blocked');
      return asFailure(isLate ? 'WAIT_TIMED_OUT' : 'WAIT_IN_VAIN', failed);
    }
  }
}

function isSameRun(machine: Machine, project: Project, record: RunRecord, names: string[]): boolean {
  const now = currentRecord(machine, project);
  return now?.runId === record.runId && !now.ended && names.every((name) => now.wanted.includes(name));
}

interface Search {
  /** How far each log was read, and as which file. */
  read: Map<string, { id: string; offset: number }>;
  match: { service: string; line: string } | undefined;
}

const newSearch = (): Search => ({ read: new Map(), match: undefined });

interface Look {
  goal: Exclude<Goal, { kind: 'ready' }>;
  search: Search;
  seconds: number;
  isOver: boolean;
}

function look(
  machine: Machine,
  project: Project,
  record: RunRecord,
  names: string[],
  { goal, search, seconds, isOver }: Look,
): 'met' | 'open' | Failure {
  // States first: what a service wrote before its end is in its log by then.
  const sight = observe(machine, project, record);
  if (goal.kind === 'log') for (const name of names) searchLog(machine, record, name, goal.pattern, search);
  const standings = names.map((name) => {
    const observation = sight.services.get(name);
    const recorded = record.services[name];
    const state = observation ? serviceState(observation, recorded?.service.oneShot ?? false) : ({ kind: 'idle' } as const);
    const alive = isAlive(state) || sight.owned.some(({ service }) => service === name);
    const standing = judgeGoal(goal, { state, isAlive: alive, hasLine: search.match !== undefined, waitedSeconds: seconds });
    return { name, standing };
  });
  const isEverything = names.length === record.wanted.length;
  const hasStrays = goal.kind === 'stopped' && isEverything && sight.strays.length > 0;
  if (standings.every(({ standing }) => standing.kind === 'met') && !hasStrays) return 'met';
  const isInVain = standings.every(({ standing }) => standing.kind === 'in-vain');
  if (!isInVain && !isOver) return 'open';
  const mishaps = standings.flatMap(({ name, standing }): ServiceMishap[] =>
    standing.kind === 'met' ? [] : [explain(machine, project, record, name, standing.mishap)],
  );
  return { code: isInVain ? 'WAIT_IN_VAIN' : 'WAIT_TIMED_OUT', mishaps };
}

/** The lines of this run that were not read yet; one that is still being written waits for the next look. */
function searchLog({ files }: Machine, record: RunRecord, name: string, pattern: RegExp, search: Search): void {
  const log = record.services[name]?.log;
  const stat = log && files.stat(log.path);
  if (!stat || search.match) return;
  const known = search.read.get(name);
  let offset = known?.id === stat.id && known.offset <= stat.size ? known.offset : log.fromByte;
  for (const { line, end } of readLines(files, log.path, offset, stat.size)) {
    if (pattern.test(plainLine(line))) {
      search.match = { service: name, line: plainLine(line) };
      return;
    }
    if (end < stat.size || files.readSlice(log.path, end - 1, 1)[0] === 10) offset = end;
  }
  search.read.set(name, { id: stat.id, offset });
}
