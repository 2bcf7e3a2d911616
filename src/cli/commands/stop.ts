import { answersTo, unknownService } from '../../project/resolve.ts';
import { underLock } from '../../project/lock.ts';
import type { RunRecord } from '../../project/run-record.ts';
import { fail, ok, type Result } from '../../result.ts';
import { currentRecord, type OpenedProject } from '../../project/open.ts';
import { observe } from '../../services/observe.ts';
import type { ApplyOptions } from '../../stop/options.ts';
import { incomplete } from '../../stop/incomplete.ts';
import { makeStopPlan, stopProject } from '../../stop/stop.ts';
import type { Answer, CommandRun, Context, Flags } from '../context.ts';
import { flagDuration, flagSet } from '../flags.ts';
import { renderLayers, renderStop, renderStopPlan, stopData } from '../render/stop-view.ts';
import { commandLine, load, open } from '../request.ts';
import { scopeOf } from '../stop-scope.ts';

/** `devctl stop [services...]` */
export const run: CommandRun = async (context, args, flags) => {
  const { machine, words } = context;
  const timeout = flagDuration(flags, 'timeout', '--timeout');
  if (!timeout.ok) return timeout;
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const { project } = opened.value;
  const names = await namesToStop(context, opened.value, args, flags);
  if (!names.ok) return names;
  const optionsFor = async (record: RunRecord | undefined): Promise<ApplyOptions> => ({
    by: commandLine(words),
    ...(timeout.value === undefined ? {} : { graceMs: timeout.value }),
    beyond: { scope: await scopeOf(context, opened.value, record, names.value, flags), isForced: flagSet(flags, 'force') },
  });
  if (flagSet(flags, 'dryRun')) return dryRun(context, opened.value, names.value, optionsFor);
  return underLock(machine, project, async () => {
    const record = currentRecord(machine, project);
    return stopLocked(context, opened.value, record, names.value, await optionsFor(record));
  });
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
  context: Context,
  { project }: OpenedProject,
  record: RunRecord | undefined,
  names: string[],
  options: ApplyOptions,
): Promise<Result<Answer>> {
  const { plan, outcome } = await stopProject(context.machine, project, record, names, options);
  const failure = incomplete(context.machine, outcome);
  if (failure) {
    if (!context.json) context.print(`${renderLayers(outcome.layers)}\n`);
    return fail(failure);
  }
  return ok({ exit: 0, schema: 'devctl.stop/1', data: stopData(plan, outcome), text: renderStop(plan, outcome) });
}

async function dryRun(
  { machine }: Context,
  { project }: OpenedProject,
  names: string[],
  optionsFor: (record: RunRecord | undefined) => Promise<ApplyOptions>,
): Promise<Result<Answer>> {
  const record = currentRecord(machine, project);
  const sight = observe(machine, project, record?.ended ? undefined : record, names);
  const plan = makeStopPlan(machine, project, sight, names, await optionsFor(record));
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
