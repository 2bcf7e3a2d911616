import { join } from 'node:path';
import { underLock } from '../../project/lock.ts';
import { projectId } from '../../project/identity.ts';
import { projectPaths, stateRoot } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { readRecord } from '../../project/run-record.ts';
import { fail, ok, type Result } from '../../result.ts';
import { currentRecord } from '../../project/open.ts';
import type { StopPlan } from '../../stop/plan.ts';
import { gatherStop, makeStopPlan, stopProject } from '../../stop/stop.ts';
import { confirm } from '../confirm.ts';
import type { CommandRun, Context } from '../context.ts';
import { flagSet } from '../flags.ts';
import { renderStopPlan } from '../render/stop-view.ts';
import { commandLine, open } from '../request.ts';
import type { Survivor } from '../../failure.ts';

/** `devctl nuke`: the stop of every project of this user that devctl ever started, after a yes. */
export const run: CommandRun = async (context, _args, flags) => {
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const projects = flagSet(flags, 'project') ? [opened.value.project] : allProjects(context);
  const plans = projects
    .map((project) => ({ project, plan: planOf(context, project) }))
    .filter(({ plan }) => plan.seen.length > 0);
  const text = plans.map(({ project, plan }) => `${project.root}\n${renderStopPlan(plan)}`).join('\n');
  const data = plans.map(({ project, plan }) => ({ root: project.root, plan }));
  if (plans.length === 0)
    return ok({ exit: 0, schema: 'devctl.nuke/1', data: { projects: [] }, text: 'Nothing that devctl started is running.' });
  if (flagSet(flags, 'dryRun')) return ok({ exit: 0, schema: 'devctl.nuke-plan/1', data: { projects: data }, text });

  const count = plans.reduce((sum, { plan }) => sum + plan.seen.length, 0);
  const confirmed = await confirm(context, {
    question: `${text}\nEnd these ${String(count)} processes?`,
    word: 'nuke',
    action: `nuke of ${String(count)} processes in ${String(plans.length)} project(s)`,
    isConfirmed: flagSet(flags, 'yes'),
  });
  if (!confirmed.ok) return confirmed;
  const survivors: Survivor[] = [];
  for (const { project } of plans) {
    const left = await stopOne(context, project);
    if (!left.ok) return left;
    survivors.push(...left.value);
  }
  if (survivors.length > 0) return fail({ code: 'SURVIVORS', survivors, heldPorts: [] });
  return ok({
    exit: 0,
    schema: 'devctl.nuke/1',
    data: { projects: data },
    text: `Ended ${String(count)} processes of ${plans.map(({ project }) => project.root).join(', ')}; none is left.`,
  });
};

function allProjects({ machine }: Context): Project[] {
  const { files, home } = machine;
  return files.list(stateRoot(home)).flatMap((id) => {
    const paths = projectPaths(id, home);
    const read = readRecord(files, join(stateRoot(home), id, 'run.json'));
    return read.kind === 'record' && projectId(read.record.root) === id ? [{ root: read.record.root, id, paths }] : [];
  });
}

function planOf({ machine }: Context, project: Project): StopPlan {
  const record = currentRecord(machine, project);
  return makeStopPlan(machine, project, gatherStop(machine, project, record?.ended ? undefined : record), { services: [] });
}

function stopOne({ machine, words }: Context, project: Project): Promise<Result<Survivor[]>> {
  return underLock(machine, project, async () => {
    const { outcome } = await stopProject(machine, project, currentRecord(machine, project), [], { by: commandLine(words) });
    return ok(outcome.survivors);
  });
}
