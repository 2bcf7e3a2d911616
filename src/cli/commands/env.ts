import { serviceEnvironment } from '../../project/environment.ts';
import { answersTo, unknownService } from '../../project/resolve.ts';
import { fail, ok } from '../../result.ts';
import type { CommandRun } from '../context.ts';
import { flagText, parseMode } from '../flags.ts';
import { out } from '../render/colors.ts';
import { load, open } from '../request.ts';
import type { Context, Flags } from '../context.ts';
import type { Result } from '../../result.ts';
import type { Service } from '../../project/service.ts';
import type { Sourced } from '../../project/environment.ts';

/** `devctl env [service]` */
export const run: CommandRun = async (context, [name], flags) => {
  const found = await environmentOf(context, name, flags);
  if (!found.ok) return found;
  const { service, env } = found.value;
  const rows = [...env].sort(([a], [b]) => (a < b ? -1 : 1));
  return ok({
    exit: 0,
    schema: 'devctl.env/1',
    data: { service: service.name, variables: rows.map(([variable, { value, source }]) => ({ name: variable, value, source })) },
    text: rows.map(([variable, { value, source }]) => `${variable}=${value}  ${out.dim(`# ${source}`)}`).join('\n'),
  });
};

/** The environment that a service would get from this shell; the first service's where none is named. */
export async function environmentOf(
  context: Context,
  name: string | undefined,
  flags: Flags,
): Promise<Result<{ service: Service; env: Map<string, Sourced>; root: string }>> {
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const definitions = await load(context, flags, opened.value, {});
  if (!definitions.ok) return definitions;
  const { services, settings, envFiles } = definitions.value;
  const service = name === undefined ? services[0] : services.find((candidate) => answersTo(candidate, name));
  if (!service)
    return fail(
      unknownService(
        name ?? flagText(flags, 'service') ?? '',
        services.map((candidate) => candidate.name),
      ),
    );
  const mode = parseMode(flags, context.machine.env);
  if (!mode.ok) return mode;
  const env = serviceEnvironment(service, {
    caller: context.machine.env,
    files: envFiles,
    services,
    mode: mode.value.mode ?? settings.mode ?? (context.terminal.isWatched ? 'tmux' : 'direct'),
    projectId: opened.value.project.id,
    keepEnv: settings.keepEnv ?? [],
    dropEnv: settings.dropEnv ?? [],
  });
  return ok({ service, env, root: opened.value.project.root });
}
