import { foreseeRefusal, restart } from '../../restart/restart.ts';
import { selectServices } from '../../project/resolve.ts';
import type { RunRecord } from '../../project/run-record.ts';
import type { Service } from '../../project/service.ts';
import { ok } from '../../result.ts';
import { currentRecord } from '../../project/open.ts';
import { observe } from '../../services/observe.ts';
import { makeStopPlan } from '../../stop/stop.ts';
import type { CommandRun } from '../context.ts';
import { flagList, flagSet } from '../flags.ts';
import { watchProgress } from '../render/live.ts';
import { renderStart, startData } from '../render/start-view.ts';
import { renderStopPlan } from '../render/stop-view.ts';
import { upRequest } from '../request.ts';

/** `devctl restart [services...]`: without names, what the run wants up. */
export const run: CommandRun = async (context, args, flags) => {
  const request = await upRequest(context, args, flags);
  if (!request.ok) return request;
  const { machine } = context;
  const { opened, definitions, options } = request.value;
  const { project } = opened;
  const record = currentRecord(machine, project);
  const live = record?.ended ? undefined : record;
  const isSelective = args.length > 0 || flagList(flags, 'except').length > 0;
  const wanted =
    isSelective || !live
      ? options.services.map((service) => service.name)
      : wantedAgain(live, definitions.services, options.services);
  const selected = selectServices(definitions.services, {
    names: wanted.length > 0 ? wanted : options.services.map((service) => service.name),
    except: [],
  });
  if (!selected.ok) return selected;
  const toStop = live && isSelective ? wanted : [];
  const startOptions = { ...options, services: selected.value };

  if (flagSet(flags, 'dryRun')) {
    const refusal = foreseeRefusal(machine, project, definitions, record, toStop, startOptions);
    if (refusal) return refusal;
    const plan = makeStopPlan(machine, project, observe(machine, project, live), toStop, {});
    return ok({
      exit: 0,
      schema: 'devctl.stop-plan/1',
      data: plan,
      text: `${renderStopPlan(plan)}\nThen ${wanted.join(', ')} would start.`,
    });
  }
  const drawing = await watchProgress(context, project, machine);
  const outcome = await restart(machine, project, definitions, toStop, { ...startOptions, onProgress: drawing.show });
  drawing.end();
  if (!outcome.ok) return outcome;
  const { value } = outcome;
  return ok({
    exit: 0,
    schema: 'devctl.restart/1',
    data: { ...(startData(value, value.notes) as object), stopped: value.stopped },
    text: renderStart(value, project.root),
  });
};

/** What the run wants up and the definitions still have, and what has come into them since. What somebody stopped stays out. */
function wantedAgain(live: RunRecord, defined: Service[], chosen: Service[]): string[] {
  const isKnown = (name: string) => live.defined.some((service) => service.name === name);
  return defined
    .filter(({ name }) => live.wanted.includes(name) || (!isKnown(name) && chosen.some((service) => service.name === name)))
    .map(({ name }) => name);
}
