import { ok } from '../../result.ts';
import { surveyProjects } from '../../status/survey.ts';
import type { CommandRun } from '../context.ts';
import { flagSet } from '../flags.ts';
import { renderSurvey } from '../render/survey-view.ts';

/** `devctl ls`: every project's environment of this user. */
export const run: CommandRun = async (context, _args, flags) => {
  const survey = await surveyProjects(context.machine);
  const isAll = flagSet(flags, 'all');
  const shown = survey.rows.filter(({ verdict }) => isAll || verdict !== 'stopped');
  const hidden = survey.rows.length - shown.length;
  return ok({
    exit: 0,
    schema: 'devctl.ls/1',
    data: { projects: shown, stopped: survey.rows.filter(({ verdict }) => verdict === 'stopped').length, unseen: survey.unseen },
    text: renderSurvey(shown, hidden, survey.unseen),
  });
};
