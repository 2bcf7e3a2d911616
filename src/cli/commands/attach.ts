import { findLogs } from '../log-sources.ts';
import { fail, ok, type Result } from '../../result.ts';
import { currentRecord } from '../../project/open.ts';
import type { Answer, CommandRun, Context } from '../context.ts';
import { open } from '../request.ts';
import { resolveNames } from './stop.ts';
import type { Project } from '../../project/project.ts';

const FAREWELL_MS = 8000;

/** `devctl attach [service]`: into the panes, or into a view that follows the logs. */
export const run: CommandRun = async (context, args, flags) => {
  const { machine } = context;
  if (!context.terminal.canAsk)
    return fail({ code: 'NEEDS_TERMINAL', command: 'devctl attach', instead: 'devctl logs -f --for 30s' });
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const { project } = opened.value;
  const record = currentRecord(machine, project);
  if (!record || record.ended) return fail({ code: 'NOT_RUNNING', root: project.root });
  const names = resolveNames(record, args);
  if (!names.ok) return names;
  if (!machine.tmux.isInstalled()) return fail({ code: 'TMUX_MISSING', command: 'devctl attach' });
  return record.mode === 'tmux' && record.tmux
    ? attachPanes(context, project, record.tmux.socket, args[0] === undefined ? undefined : (names.value[0] ?? args[0]))
    : viewLogs(context, args, project);
};

async function attachPanes(
  context: Context,
  project: Project,
  socket: string,
  service: string | undefined,
): Promise<Result<Answer>> {
  const { machine } = context;
  const panes = await machine.tmux.panes(socket);
  if (!panes.ok) return panes;
  const pane = panes.value.find((candidate) => candidate.service === service);
  await machine.tmux.attach(socket, pane?.id);
  return ok(
    await farewell(context, project, async () => {
      const left = await machine.tmux.panes(socket);
      return left.ok && left.value.length > 0;
    }),
  );
}

async function viewLogs(context: Context, args: string[], project: Project): Promise<Result<Answer>> {
  const found = await findLogs(context, args, {});
  if (!found.ok) return found;
  context.machine.files.makeFolder(project.paths.sockets, { isPrivate: true });
  context.say(
    'These services run without a terminal: you see their logs. To type into one (a debugger prompt, say): devctl stop; devctl start --mode tmux\n',
  );
  await context.machine.tmux.view(
    `${project.paths.viewSocket}.${String(process.pid)}`,
    found.value.sources.map(({ service, path }) => ({ service, path })),
  );
  return ok(await farewell(context, project, () => Promise.resolve(true)));
}

/** Whoever was thrown out hears why (the stop writes it down a moment after the server is gone); whoever left hears that the services run on. */
async function farewell({ machine }: Context, project: Project, isThere: () => Promise<boolean>): Promise<Answer> {
  const answer = (text: string): Answer => ({ exit: 0, schema: 'devctl.attach/1', data: {}, text });
  const deadline = machine.clock.elapsed() + FAREWELL_MS;
  while (machine.clock.elapsed() < deadline) {
    const record = currentRecord(machine, project);
    if (record?.ended) return answer(`The services were stopped by ${record.ended.by}.`);
    if (await isThere()) return answer('Left; the services run on. Next: devctl status, devctl stop');
    await machine.clock.sleep(50);
  }
  return answer('The tmux server has ended. Next: devctl status');
}
