import type { Failure } from '../../failure.ts';
import { fail, ok, type Result } from '../../result.ts';
import { gatherStart } from '../../start/facts.ts';
import { planStart } from '../../start/plan.ts';
import { currentRecord } from '../../project/open.ts';
import { start } from '../../start/start.ts';
import { confirm } from '../confirm.ts';
import { describeHolder } from '../wording-holdouts.ts';
import type { Answer, CommandRun, Context, Flags } from '../context.ts';
import { flagSet } from '../flags.ts';
import { renderStart, renderStartPlan, startData } from '../render/start-view.ts';
import { watchProgress } from '../render/live.ts';
import { upRequest, type UpRequest } from '../request.ts';
import { worktreeNotes } from '../worktree-notes.ts';

/** `devctl start [services...]` */
export const run: CommandRun = async (context, args, flags) => {
  const request = await upRequest(context, args, flags);
  if (!request.ok) return request;
  if (flagSet(flags, 'dryRun')) return dryRun(context, request.value);
  if (flagSet(flags, 'attach') && !context.terminal.canAsk) {
    return fail({ code: 'NEEDS_TERMINAL', command: 'devctl start --attach', instead: 'devctl start' });
  }
  if (context.json && (flagSet(flags, 'foreground') || flagSet(flags, 'attach'))) {
    return fail({ code: 'USAGE', what: '--json goes with neither --foreground nor --attach', fix: ['devctl start --json'] });
  }
  if (flagSet(flags, 'foreground')) {
    const { runForeground } = await import('../foreground.ts');
    return runForeground(context, request.value);
  }
  const answer = await startNow(context, request.value);
  if (!answer.ok || !flagSet(flags, 'attach')) return answer;
  return attachAfter(context, flags, answer.value);
};

async function startNow(context: Context, request: UpRequest): Promise<Result<Answer>> {
  const { opened, definitions, options } = request;
  const live = await watchProgress(context, opened.project, context.machine);
  const outcome = await start(context.machine, opened.project, definitions, { ...options, onProgress: live.show });
  live.end();
  if (!outcome.ok) {
    const port = await portToTake(context, outcome.failure);
    if (port === undefined) return fail(withNotes(await withFreePort(outcome.failure), worktreeNotes(definitions)));
    return startNow(context, { ...request, options: { ...options, takePorts: [...options.takePorts, port] } });
  }
  const notes = [...opened.notes, ...outcome.value.notes, ...worktreeNotes(definitions)];
  return ok({
    exit: 0,
    schema: 'devctl.start/1',
    data: startData(outcome.value, notes),
    text: renderStart({ ...outcome.value, notes }, opened.project.root),
  });
}

/** On a terminal a held port is a question: may its holder be ended? */
async function portToTake(context: Context, failure: Failure): Promise<number | undefined> {
  if (failure.code !== 'PORT_HELD' || failure.isTaken || failure.holder.pid === undefined || failure.service === undefined)
    return undefined;
  if (!context.terminal.canAsk || context.json) return undefined;
  const { holder, service } = failure;
  const confirmed = await confirm(context, {
    question: `${describeHolder(holder)}\n"${service}" needs that port. End that process?`,
    word: 'yes',
    action: `the end of pid ${String(holder.pid)}`,
    isConfirmed: false,
  });
  return confirmed.ok ? holder.port : undefined;
}

function dryRun({ machine }: Context, { opened, definitions, options }: UpRequest): Result<Answer> {
  const facts = gatherStart(machine, opened.project, currentRecord(machine, opened.project), definitions, options);
  const plan = planStart(facts, options);
  if (!plan.ok) return plan;
  const full = { ...plan.value, notes: [...plan.value.notes, ...worktreeNotes(definitions)] };
  return ok({ exit: 0, schema: 'devctl.start-plan/1', data: full, text: renderStartPlan(full, options.services) });
}

/** A held port is told with the next free one: detect-port suggests, it does not judge who holds what. */
async function withFreePort(failure: Failure): Promise<Failure> {
  if (failure.code !== 'PORT_HELD' || failure.service === undefined) return failure;
  const { detectPort } = await import('../../lazy/detect-port.ts');
  return { ...failure, nextFree: await detectPort(failure.holder.port + 1) };
}

/** A worktree's ports are moved: a service that ignores its PORT is met where it was not expected. */
function withNotes(failure: Failure, notes: string[]): Failure {
  const isConcerned = failure.code === 'START_FAILED' || failure.code === 'PORT_HELD';
  return isConcerned && notes.length > 0 ? { ...failure, notes: [...(failure.notes ?? []), ...notes] } : failure;
}

async function attachAfter(context: Context, flags: Flags, started: Answer): Promise<Result<Answer>> {
  context.print(`${started.text}\n`);
  const attach = await import('./attach.ts');
  return attach.run(context, [], flags);
}
