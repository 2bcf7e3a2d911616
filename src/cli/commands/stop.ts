import { answersTo, unknownService } from '../../project/resolve.ts';
import { underLock } from '../../project/lock.ts';
import type { Project } from '../../project/project.ts';
import type { RunRecord } from '../../project/run-record.ts';
import { fail, ok, type Result } from '../../result.ts';
import { currentRecord, type OpenedProject } from '../../project/open.ts';
import { gatherStop, makeStopPlan, stopProject } from '../../stop/stop.ts';
import type { Answer, CommandRun, Context, Flags } from '../context.ts';
import { flagDuration, flagSet } from '../flags.ts';
import { renderStop, renderStopPlan } from '../render/stop-view.ts';
import { commandLine, load, open } from '../request.ts';

/** `devctl stop [services...]` */
export const run: CommandRun = async (context, args, flags) => {
  const { machine } = context;
  const timeout = flagDuration(flags, 'timeout', '--timeout');
  if (!timeout.ok) return timeout;
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const { project } = opened.value;

  const names = await namesToStop(context, opened.value, args, flags);
  if (!names.ok) return names;
  if (flagSet(flags, 'dryRun')) return dryRun(context, project, names.value);
  return underLock(machine, project, () => stopLocked(context, project, names.value, timeout.value));
};

/** Checked against what runs, or where nothing does against the definitions: a wrong name is never "nothing was running". */
async function namesToStop(context: Context, opened: OpenedProject, args: string[], flags: Flags): Promise<Result<string[]>> {
  if (opened.record || args.length === 0) return resolveNames(opened.record, args);
  const definitions = await load(context, flags, opened, {});
  if (!definitions.ok) return definitions;
  const unknown = args.find((word) => !definitions.value.services.some((service) => answersTo(service, word)));
  return unknown === undefined
    ? ok(args)
    : fail(
        unknownService(
          unknown,
          definitions.value.services.map((service) => service.name),
        ),
      );
}

async function stopLocked(
  { machine, words }: Context,
  project: Project,
  names: string[],
  graceMs: number | undefined,
): Promise<Result<Answer>> {
  const options = { by: commandLine(words), ...(graceMs === undefined ? {} : { graceMs }) };
  const { plan, outcome } = await stopProject(machine, project, currentRecord(machine, project), names, options);
  if (outcome.survivors.length > 0) return fail({ code: 'SURVIVORS', survivors: outcome.survivors, heldPorts: [] });
  return ok({ exit: 0, schema: 'devctl.stop/1', data: { ...outcome, ended: plan.seen }, text: renderStop(plan, outcome) });
}

function dryRun({ machine }: Context, project: Project, names: string[]): Result<Answer> {
  const record = currentRecord(machine, project);
  const plan = makeStopPlan(machine, project, gatherStop(machine, project, record?.ended ? undefined : record, names), {
    services: names,
  });
  return ok({ exit: 0, schema: 'devctl.stop-plan/1', data: plan, text: renderStopPlan(plan) });
}

/** The services that the words mean. */
export function resolveNames(record: RunRecord | undefined, args: string[]): Result<string[]> {
  if (args.length === 0 || !record) return ok([]);
  const services = [...record.defined, ...Object.values(record.services).map((one) => one.service)];
  const names = new Set<string>();
  for (const word of args) {
    const found = services.filter((service) => answersTo(service, word));
    if (found.length === 0) return fail(unknownService(word, [...new Set(services.map((service) => service.name))]));
    for (const service of found) names.add(service.name);
  }
  return ok([...names]);
}
