import { dirname } from 'node:path';
import type { Failure, Problem } from '../../failure.ts';
import { readOne, readRemembered, withFolders, writeRemembered } from '../../init/apply.ts';
import { makeEdits } from '../../init/edits.ts';
import { lookAround, type InitFacts } from '../../init/facts.ts';
import { planInit, planRemove, remember } from '../../init/plan.ts';
import { proposeServices } from '../../init/propose.ts';
import { findCheckout } from '../../project/git.ts';
import { openProject, type OpenedProject } from '../../project/open.ts';
import { CONFIG_NAMES, PROCFILE_NAMES } from '../../project/project.ts';
import { fail } from '../../result.ts';
import { observeProcesses } from '../../services/observe.ts';
import { carryOut } from '../carry-out.ts';
import type { CommandRun, Context } from '../context.ts';
import { flagSet } from '../flags.ts';
import { initUnits } from '../init-units.ts';
import { initValidation } from '../init-validation.ts';
import { open } from '../request.ts';

/** `devctl init`: sets a project up for devctl and its agents, after a diff and a yes; `--remove` takes it all out again. */
export const run: CommandRun = async (context, _args, flags) => {
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const { files } = context.machine;
  const place = await findPlace(context, opened.value);
  const { project, record } = place.opened;
  const { facts } = place;
  const isRemoving = flagSet(flags, 'remove');
  if (flagSet(flags, 'systemd') && flagSet(flags, 'validate')) return fail(ONE_AT_A_TIME);
  if (flagSet(flags, 'systemd')) return initUnits(context, project, flags);
  if (flagSet(flags, 'validate')) return initValidation(context, project, flags);

  const edits = makeEdits(facts, await import('../../lazy/jsonc.ts'));
  const read = (file: string) => readOne(files, project.root, file);
  const plan = isRemoving ? planRemove(edits, read, readRemembered(files, project)) : planInit(edits, read);
  if (plan.ok && !isRemoving && !facts.texts.has('Procfile.dev') && proposeServices(facts).length === 0)
    return fail(nothingToRun(project.root));
  if (!plan.ok) return fail({ code: 'FILE_INVALID', problems: plan.failure.map(explainJson) });
  const isLive = record !== undefined && !record.ended && observeProcesses(context.machine, project, record).owned.length > 0;
  if (isLive && plan.value.some(({ file, after }) => file === 'Procfile.dev' && after === undefined)) return fail(STILL_UP);
  const known = readRemembered(files, project);
  return carryOut(context, flags, plan.value, {
    root: project.root,
    known,
    // First what is needed to take it back.
    beforeWriting: () => {
      if (!isRemoving)
        writeRemembered(files, project, withFolders(files, project.root, remember(plan.value, known, edits), plan.value));
    },
    afterWriting: () => {
      if (isRemoving) writeRemembered(files, project, []);
    },
    words: isRemoving
      ? { nothing: 'There is nothing that init has put in here.', done: 'What init had put in is out again.' }
      : {
          nothing: 'Everything is set up already. Next: devctl start',
          done: 'Next: devctl check, devctl start; a running Claude Code session loads hooks when it is started again. Also: devctl init --validate',
        },
  });
};

/** The project; where there is none yet, the nearest folder of the repository, from here upwards, that has something to run. */
async function findPlace({ machine }: Context, here: OpenedProject): Promise<{ opened: OpenedProject; facts: InitFacts }> {
  const nearest = { opened: here, facts: await lookAround(machine, here.project.root, parseYaml) };
  const top = findCheckout(machine.files, here.project.root)?.top;
  const names = [...PROCFILE_NAMES, ...CONFIG_NAMES];
  if (top === undefined || names.some((name) => nearest.facts.texts.has(name))) return nearest;
  for (let folder = here.project.root; ; folder = dirname(folder)) {
    const facts = folder === here.project.root ? nearest.facts : await lookAround(machine, folder, parseYaml);
    const opened = openProject(machine, { cwd: folder, file: undefined });
    if (opened.ok && proposeServices(facts).length > 0) return { opened: opened.value, facts };
    if (folder === top || folder === dirname(folder)) return nearest;
  }
}

async function parseYaml(text: string): Promise<unknown> {
  const { parseYaml: parse } = await import('../../lazy/config.ts');
  return parse(text) as unknown;
}

function nothingToRun(root: string): Failure {
  return {
    code: 'USAGE',
    what: 'Nothing was found that this project runs',
    why: `${root} has no Procfile, no package.json with a script dev, start or serve, no Gemfile with rails, no manage.py`,
    fix: [`echo 'web: COMMAND' > Procfile.dev`, 'devctl init   again'],
  };
}

/** Without its Procfile a folder is no project any more, and a stop typed in it finds nothing. */
const STILL_UP: Failure = {
  code: 'USAGE',
  what: 'The services of this project are up',
  why: 'without Procfile.dev they could not be stopped from here',
  fix: ['devctl stop', 'devctl init --remove   then'],
};

function explainJson(problem: Problem): Problem {
  if (!problem.what.startsWith('it is not strict JSON')) return problem;
  return { ...problem, what: `${problem.what}; Claude Code passes over such a file in silence, and init changes nothing` };
}

const ONE_AT_A_TIME: Failure = {
  code: 'USAGE',
  what: '--validate and --systemd do not go together',
  why: 'each puts something else in, with a diff and a yes of its own',
  fix: ['devctl init --validate', 'devctl init --systemd'],
};
