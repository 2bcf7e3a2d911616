import { loadDefinitions, type Definitions } from '../project/definitions.ts';
import { openProject, type OpenedProject } from '../project/open.ts';
import { selectServices } from '../project/resolve.ts';
import type { Failure } from '../failure.ts';
import { DEFAULTS } from '../project/settings.ts';
import { worktreeShift } from '../project/worktree-ports.ts';
import { fail, ok, type Result } from '../result.ts';
import type { StartOptions } from '../start/options.ts';
import type { Context, Flags } from './context.ts';
import { flagDuration, flagList, flagSet, flagText, parseFormation, parseMode, parsePorts } from './flags.ts';

function procfileFlag(context: Context, flags: Flags): string | undefined {
  const env = callerEnv(context);
  return flagText(flags, 'procfile') ?? (env['PROCFILE'] || env['OVERMIND_PROCFILE'] || undefined);
}

/** Where a root was named, variables that choose a Procfile belong to the caller's own folder. */
function callerEnv({ machine: { env }, isRootGiven }: Context): Record<string, string | undefined> {
  if (!isRootGiven) return env;
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'PROCFILE' && !name.startsWith('OVERMIND_')));
}

export function open(context: Context, flags: Flags): Result<OpenedProject> {
  const { machine, cwd } = context;
  const opened = openProject(machine, { cwd, file: procfileFlag(context, flags) });
  const isLost =
    opened.ok && machine.files.stat(cwd) === undefined && machine.files.stat(opened.value.project.paths.record) === undefined;
  return isLost ? fail(NO_FOLDER) : opened;
}

/** The folder was removed under the caller, and no project is remembered there. */
const NO_FOLDER: Failure = {
  code: 'SYSTEM',
  action: 'find the current folder',
  errno: 'ENOENT',
  reason: 'there is no such file',
};

/** The definitions as they are now. A live run's Procfile wins over the one that this terminal would choose. */
export function load(
  context: Context,
  flags: Flags,
  opened: OpenedProject,
  formation: Record<string, number>,
): Promise<Result<Definitions>> {
  const live = opened.record && !opened.record.ended ? opened.record : undefined;
  const mode = flagText(flags, 'mode') ?? context.machine.env['DEVCTL_MODE'];
  return loadDefinitions(context.machine.files, opened.project, {
    cwd: context.cwd,
    file: procfileFlag(context, flags) ?? live?.procfile,
    withoutTerminal: !context.terminal.isWatched && mode !== 'tmux',
    formation: effectiveFormation(opened, formation),
    env: callerEnv(context),
    shiftOf: (ports) => worktreeShift(context.machine, opened.project, ports),
  });
}

/** What was typed, else what the live run was started with. */
function effectiveFormation({ record }: OpenedProject, typed: Record<string, number>): Record<string, number> {
  return Object.keys(typed).length > 0 || !record || record.ended ? typed : record.formation;
}

export interface UpRequest {
  opened: OpenedProject;
  definitions: Definitions;
  options: Omit<StartOptions, 'onProgress'>;
}

/** From the flags that `start` and `restart` share to the request. */
export async function upRequest(context: Context, args: string[], flags: Flags): Promise<Result<UpRequest>> {
  const formation = parseFormation(flagList(flags, 'formation'));
  if (!formation.ok) return formation;
  const mode = parseMode(flags, context.machine.env);
  if (!mode.ok) return mode;
  const timeout = flagDuration(flags, 'timeout', '--timeout');
  if (!timeout.ok) return timeout;
  const takePorts = parsePorts(flagList(flags, 'takePort'), '--take-port');
  if (!takePorts.ok) return takePorts;
  const opened = open(context, flags);
  if (!opened.ok) return opened;
  const definitions = await load(context, flags, opened.value, formation.value);
  if (!definitions.ok) return definitions;
  const { settings, services } = definitions.value;
  const except = flagList(flags, 'except');
  const selected = selectServices(services, {
    names: args.length > 0 ? args : (settings.only ?? []),
    except: except.length > 0 ? except : (settings.except ?? []),
  });
  if (!selected.ok) return selected;
  return ok({
    opened: opened.value,
    definitions: definitions.value,
    options: {
      services: selected.value,
      mode: mode.value.mode ?? settings.mode ?? (context.terminal.isWatched ? 'tmux' : 'direct'),
      isModeExplicit: mode.value.isExplicit,
      isProcfileExplicit: flagText(flags, 'procfile') !== undefined,
      takePorts: takePorts.value,
      formation: effectiveFormation(opened.value, formation.value),
      timeoutMs: timeout.value ?? DEFAULTS.startTimeoutMs,
      noWait: flags['wait'] === false,
      keepOnFailure: flagSet(flags, 'keep'),
      command: commandLine(context.words),
      terminal: { columns: context.terminal.columns, rows: context.terminal.rows },
    },
  });
}

/** This command as whoever meets it is told: "devctl stop web (pid 123)". */
export function commandLine(words: string[]): string {
  return `devctl ${words.join(' ')} (pid ${String(process.pid)})`;
}
