import type { Holder } from '../../failure.ts';
import { answersTo, unknownService } from '../../project/resolve.ts';
import { acquireLock } from '../../project/lock.ts';
import type { Project } from '../../project/project.ts';
import type { RunRecord } from '../../project/run-record.ts';
import { fail, ok, type Result } from '../../result.ts';
import { currentRecord } from '../../project/open.ts';
import { applyStop, gatherStop, makeStopPlan } from '../../stop/stop.ts';
import type { Answer, CommandRun, Context } from '../context.ts';
import { flagDuration, flagSet } from '../flags.ts';
import { renderStop, renderStopPlan } from '../render/stop-view.ts';
import { commandLine, LOCK_WAIT_MS, open } from '../request.ts';

/** `devctl stop [services...]` */
export const run: CommandRun = async (context, args, flags) => {
  const { machine } = context;
  const timeout = flagDuration(flags, 'timeout', '--timeout');
  if (!timeout.ok) return timeout;
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const { project } = opened.value;

  if (flagSet(flags, 'dryRun')) return dryRun(context, project, args);
  machine.files.makeFolder(project.paths.state, { isPrivate: true });
  const lock = await acquireLock(machine, {
    path: project.paths.lock,
    command: commandLine(context.words),
    waitMs: LOCK_WAIT_MS,
  });
  if (!lock.ok) return lock;
  try {
    return await stopLocked(context, project, args, timeout.value);
  } finally {
    lock.value();
  }
};

async function stopLocked(
  { machine, words }: Context,
  project: Project,
  args: string[],
  graceMs: number | undefined,
): Promise<Result<Answer>> {
  const record = currentRecord(machine, project);
  const names = resolveNames(record, args);
  if (!names.ok) return names;
  const live = record?.ended ? undefined : record;
  const plan = makeStopPlan(machine, project, gatherStop(machine, project, live), { services: names.value });
  const outcome = await applyStop(machine, project, live, plan, {
    by: commandLine(words),
    ...(graceMs === undefined ? {} : { graceMs }),
  });
  if (outcome.survivors.length > 0)
    return fail({ code: 'SURVIVORS', survivors: outcome.survivors, heldPorts: [] satisfies Holder[] });
  return ok({ exit: 0, schema: 'devctl.stop/1', data: { ...outcome, ended: plan.seen }, text: renderStop(plan, outcome) });
}

function dryRun({ machine }: Context, project: Project, args: string[]): Result<Answer> {
  const record = currentRecord(machine, project);
  const names = resolveNames(record, args);
  if (!names.ok) return names;
  const plan = makeStopPlan(machine, project, gatherStop(machine, project, record?.ended ? undefined : record), {
    services: names.value,
  });
  return ok({ exit: 0, schema: 'devctl.stop-plan/1', data: plan, text: renderStopPlan(plan) });
}

/** The services that the words mean; all of them where everything that the run wants is named. */
export function resolveNames(record: RunRecord | undefined, args: string[]): Result<string[]> {
  if (args.length === 0 || !record) return ok([]);
  const services = [...record.defined, ...Object.values(record.services).map((one) => one.service)];
  const names = new Set<string>();
  for (const word of args) {
    const found = services.filter((service) => answersTo(service, word));
    if (found.length === 0) return fail(unknownService(word, [...new Set(services.map((service) => service.name))]));
    for (const service of found) names.add(service.name);
  }
  const isEverything = Object.keys(record.services).every((name) => names.has(name));
  return ok(isEverything ? [] : [...names]);
}
