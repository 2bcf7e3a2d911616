import { hostname } from 'node:os';
import type { Machine } from '../../machine/machine.ts';
import { fail, type Result } from '../../result.ts';
import { NO_USAGE, type Usage } from '../journal/records.ts';
import { ClaudeProcess } from '../spoke/claude-process.ts';
import { endAttempt, findSpoke, GRACE_MS, livingOf } from '../spoke/end-attempt.ts';
import type { TaskFailure } from '../spoke/judge.ts';
import type { ClaudeProcessOptions, Turn } from '../spoke/options.ts';
import { noWorkplace, type FindWorkplace, type NoWorkplace, type Workplace } from '../workplace/workplace.ts';
import {
  isMarkOfTask,
  markOf,
  type AttemptObserver,
  type AttemptRequest,
  type LeftAttempt,
  type Outcome,
  type RunningAttempt,
} from './executor.ts';

/** Carries one attempt out on this machine. */
export type Perform = (request: AttemptRequest, observer: AttemptObserver, left: LeftAttempt | undefined) => RunningAttempt;

export interface PerformOptions {
  /** The program. */
  claude: string;
  /** Where several perform: which of them it is. */
  performer?: string;
  findWorkplace: FindWorkplace;
  /** Where its outputs go. */
  filesOf: (request: AttemptRequest) => { eventsFile: string; stderrFile: string };
}

/** With a real `claude -p`. */
export function performWithClaude(machine: Machine, options: PerformOptions): Perform {
  return (request, observer, left) => {
    const beganMs = machine.clock.elapsed();
    const state: { process: ClaudeProcess | undefined; isEnded: boolean } = { process: undefined, isEnded: false };
    const isEnded = () => state.isEnded;
    const usage = (): Usage => ({
      ...(state.process === undefined ? NO_USAGE : usedBy(state.process)),
      durationMs: Math.round(machine.clock.elapsed() - beganMs),
    });
    const work = async (): Promise<Outcome> => {
      const place = await prepare(machine, options, request, left);
      if (!place.ok) {
        const { why, passes } = place.failure;
        return { kind: 'failed', failure: { class: passes ? 'other' : 'workplace', message: why }, usage: usage() };
      }
      if (isEnded()) return { kind: 'ended', usage: usage() };
      state.process = new ClaudeProcess(machine, spokeOptions(machine, options, request, observer, place.value, left));
      const turn = await converse(state.process, request, timeLeft(machine, request, left));
      const isOurs = turn.kind !== 'lost' || turn.failure.class !== 'displaced';
      if (!isOurs || (isEnded() && turn.kind === 'lost')) return { kind: 'ended', usage: usage() };
      const failure = turn.failure;
      const { branch, patch } = await place.value.finish(failure ? 'failed' : 'done');
      const at = branch === undefined ? {} : { branch };
      if (failure) return { kind: 'failed', failure, usage: usage(), ...at };
      const text = turn.kind === 'result' ? turn.result.text : '';
      return { kind: 'done', text, usage: usage(), ...at, ...(patch === undefined ? {} : { patch }) };
    };
    let endBefore: (outcome: Outcome) => void = () => undefined;
    // What is being prepared (a clone, a checkout) may take minutes, and nobody waits for it.
    const before = new Promise<Outcome>((resolve) => (endBefore = resolve));
    return {
      outcome: Promise.race([work(), before]),
      end: () => {
        state.isEnded = true;
        if (state.process) void state.process.terminate();
        else endBefore({ kind: 'ended', usage: usage() });
      },
    };
  };
}

/** Nobody of an earlier attempt at the task is alive when this one begins. */
async function prepare(
  machine: Machine,
  { findWorkplace, performer }: PerformOptions,
  request: AttemptRequest,
  left: LeftAttempt | undefined,
): Promise<Result<Workplace, NoWorkplace>> {
  const own = markOf(request, performer);
  if (request.resumes || left || performer !== undefined) {
    const isOther = (mark: string) => isMarkOfTask(mark, request) && mark !== own;
    const ended = await endAttempt(machine, { isMeant: isOther, since: 0, graceMs: GRACE_MS });
    if (ended.left.length > 0) return fail(noWorkplace('an earlier attempt at it does not end', { passes: true }));
  }
  return findWorkplace(request);
}

/** One message, its result, and the end of the process; cut off at the task's time. */
async function converse(process: ClaudeProcess, { prompt, resumes, task }: AttemptRequest, timeoutMs: number): Promise<Turn> {
  const answered = process.send(prompt, { wasSent: resumes });
  const seconds = Math.round(task.timeoutMs / 1000);
  const late: TaskFailure = { class: 'timeout', message: `it was not done after ${String(seconds)} s` };
  const timer = setTimeout(() => void process.terminate(late), Math.min(timeoutMs, MAX_TIMER_MS));
  try {
    await process.close();
    return await answered;
  } finally {
    clearTimeout(timer);
  }
}

/** Of a process that has worked on under nobody only the rest. */
function timeLeft(machine: Machine, request: AttemptRequest, left: LeftAttempt | undefined): number {
  const { timeoutMs } = request.task;
  if (left?.eventsFrom === undefined || !whoIsLeft(machine, request, left)) return timeoutMs;
  return Math.max(0, timeoutMs - (machine.clock.now() - left.beganMs));
}

/** Beyond that a timer of Node's runs at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

function spokeOptions(
  machine: Machine,
  { claude, filesOf, performer }: PerformOptions,
  request: AttemptRequest,
  observer: AttemptObserver,
  { cwd }: Workplace,
  left: LeftAttempt | undefined,
): ClaudeProcessOptions {
  const { task, session, resumes, knownUsd, budgetUsd } = request;
  const limits = [task.maxBudgetUsd, budgetUsd].filter((usd) => usd !== undefined);
  return {
    ...task,
    claude,
    cwd,
    sessionId: session,
    mark: markOf(request, performer),
    knownUsd,
    dangerouslySkipPermissions: request.dangerouslySkipPermissions,
    maxBudgetUsd: limits.length === 0 ? undefined : Math.min(...limits),
    ...filesOf(request),
    start: resumes
      ? { kind: 'resume' }
      : task.resumeFrom === undefined
        ? { kind: 'fresh' }
        : { kind: 'fork', from: task.resumeFrom },
    ...(left?.eventsFrom === undefined
      ? {}
      : { adopt: { identity: whoIsLeft(machine, request, left), eventsFrom: left.eventsFrom } }),
    // A worker that was taken for dead may find its task in another's hands.
    isDisplaced: () => performer !== undefined && isTakenOver(machine, request, performer),
    onSpawning: ({ eventsFrom }) => {
      observer.onSpawning(eventsFrom);
    },
    onSpawned: ({ identity }) => {
      if (identity) observer.onSpawned({ ...identity, ...whereWeAre(machine) });
    },
    onEvent: (event, progress) => {
      observer.onEvent(event);
      observer.onProgress(progress);
    },
  };
}

function isTakenOver(machine: Machine, request: AttemptRequest, performer: string): boolean {
  const own = markOf(request, performer);
  return livingOf(machine, { isMeant: (mark) => isMarkOfTask(mark, request) && mark !== own, since: 0 }).length > 0;
}

/** The process of an earlier hub, if it lives: as it was written down, or by its mark where the hub was killed before it could. */
function whoIsLeft(machine: Machine, request: AttemptRequest, { spawned }: LeftAttempt) {
  if (!spawned) return findSpoke(machine, markOf(request), 0);
  const { host, world } = whereWeAre(machine);
  const isHere = spawned.host === host && spawned.world === world;
  return isHere && machine.processes.isAlive(spawned) ? { pid: spawned.pid, start: spawned.start } : undefined;
}

/** In which numbers of processes mean something. */
function whereWeAre({ processes }: Pick<Machine, 'processes'>): { host: string; world: string } {
  const { bootId, pidNamespace } = processes.world();
  return { host: hostname(), world: `${bootId} ${pidNamespace}` };
}

const usedBy = ({ progress: { costUsd, turns, tokens } }: ClaudeProcess) => ({ costUsd, turns, tokens });
