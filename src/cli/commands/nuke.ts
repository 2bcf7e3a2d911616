import type { Failure } from '../../failure.ts';
import { applyNuke } from '../../nuke/apply.ts';
import { gatherEverything, gatherProjects, type NukeFacts } from '../../nuke/facts.ts';
import { countOf, DEFAULT_PATTERNS, planNuke } from '../../nuke/plan.ts';
import { findProjects } from '../../project/all-projects.ts';
import { projectPorts } from '../../project/ports.ts';
import { fail, ok } from '../../result.ts';
import { confirm } from '../confirm.ts';
import type { CommandRun, Context, Flags } from '../context.ts';
import { flagSet } from '../flags.ts';
import { nukeData, renderNuke, renderNukePlan } from '../render/nuke-view.ts';
import { commandLine, load, open } from '../request.ts';
import type { OpenedProject } from '../../project/open.ts';

/** `devctl nuke`: the forced stop of every project of this user that devctl ever started, after a typed word. */
export const run: CommandRun = async (context, _args, flags) => {
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const { machine, words } = context;
  const everything = flagSet(flags, 'everything');
  if (everything && flagSet(flags, 'project'))
    return fail({
      code: 'USAGE',
      what: '--everything does not go with --project',
      fix: ['devctl nuke --project', 'devctl nuke --everything'],
    });
  const projects = flagSet(flags, 'project') ? [opened.value.project] : findProjects(machine);
  const facts: NukeFacts = { ...gatherProjects(machine, projects), everything: undefined };
  const patterns = everything ? await addEverything(context, opened.value, flags, facts) : [];
  const plan = planNuke(facts, patterns);
  if (plan.projects.length + plan.outside.length + plan.unseen.length === 0)
    return ok({ exit: 0, schema: 'devctl.nuke/1', data: { projects: [], outside: [] }, text: nothing(everything) });
  const text = renderNukePlan(plan);
  if (flagSet(flags, 'dryRun'))
    return ok({ exit: 0, schema: 'devctl.nuke-plan/1', data: nukeData(plan), text: `${text}\nNothing was done.` });

  const count = plan.projects.reduce((sum, one) => sum + countOf(one.plan), plan.outside.length);
  const confirmed = await confirm(context, {
    question: `${text}\nEnd these ${String(count)} processes?`,
    word: everything ? 'everything' : 'nuke',
    action: `nuke of ${String(count)} processes${everything ? ', of whatever project' : ` in ${String(plan.projects.length)} project(s)`}`,
    isConfirmed: flagSet(flags, 'yes'),
  });
  if (!confirmed.ok) return confirmed;
  if (flagSet(flags, 'yes') && !context.json) context.print(`${text}\n`);
  const outcome = await applyNuke(machine, plan, commandLine(words));
  const failure = mergeFailures(outcome.failures);
  if (failure) return fail(failure);
  return ok({ exit: 0, schema: 'devctl.nuke/1', data: { ...nukeData(plan), outcome }, text: renderNuke(outcome, plan) });
};

const nothing = (everything: boolean): string =>
  everything ? 'No such process is running.' : 'Nothing that devctl started is running.';

/** What the user's old script reached: every tmux server, ruby and node (or the configured patterns), and the projects' ports. */
async function addEverything(context: Context, opened: OpenedProject, flags: Flags, facts: NukeFacts): Promise<string[]> {
  const definitions = await load(context, flags, opened, {});
  const settings = definitions.ok ? definitions.value.settings : {};
  const services = definitions.ok ? definitions.value.services : [];
  const own = [...projectPorts(services, settings.ports ?? [], {}), ...facts.projects.flatMap(({ scope }) => scope.ports)];
  facts.everything = gatherEverything(
    context.machine,
    facts.projects,
    own.map(({ port }) => port),
  );
  const patterns = [...(settings.patterns ?? []), ...services.flatMap((service) => service.patterns)];
  return patterns.length > 0 ? patterns : [...DEFAULT_PATTERNS];
}

/** One failure tells of all that is left, and of what kept it from other projects. */
function mergeFailures(failures: Failure[]): Failure | undefined {
  const [first] = failures;
  if (failures.length <= 1) return first;
  const left = failures.flatMap((failure) => (failure.code === 'SURVIVORS' ? [failure] : []));
  return {
    code: 'SURVIVORS',
    survivors: left.flatMap(({ survivors }) => survivors),
    held: left.flatMap(({ held }) => held),
    others: failures.filter(({ code }) => code !== 'SURVIVORS'),
  };
}
