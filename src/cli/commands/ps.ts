import { currentRecord } from '../../project/open.ts';
import { ok } from '../../result.ts';
import { reportProcesses } from '../../status/processes.ts';
import type { CommandRun } from '../context.ts';
import { renderProcesses } from '../render/ps-view.ts';
import { open } from '../request.ts';
import { scopeOf } from '../stop-scope.ts';

/** `devctl ps`: every process of the project, with whose it is and why. */
export const run: CommandRun = async (context, _args, flags) => {
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const { machine } = context;
  const { project } = opened.value;
  const record = currentRecord(machine, project);
  const { ports } = await scopeOf(context, opened.value, record, [], flags);
  const processes = reportProcesses(machine, project, record?.ended ? undefined : record, ports);
  return ok({
    exit: 0,
    schema: 'devctl.ps/1',
    data: { root: project.root, processes },
    text: renderProcesses(processes, project.root, context.terminal.isWatched),
  });
};
