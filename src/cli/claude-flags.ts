import { chooseProfile, profileNames } from '../claude/launch/profile.ts';
import { loadSettings } from '../project/definitions.ts';
import { locateProject } from '../project/project.ts';
import { nearest } from '../project/nearest.ts';
import type { ClaudeProfile, ClaudeSettings } from '../project/settings.ts';
import { parseSize } from '../project/size.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Context, Flags } from './context.ts';
import { flagCount, flagPort, flagSet, flagText } from './flags.ts';

/** What devctl's own options and devctl.yml say of a launch. */
export interface ClaudeFlags {
  profile: ClaudeProfile & { maxProcesses: number };
  memoryBytes: number | undefined;
  metricsPort: number | undefined;
  endsHung: boolean;
  show: 'nothing' | 'plan' | 'findings';
}

export async function readClaudeFlags(context: Context, flags: Flags): Promise<Result<ClaudeFlags>> {
  const { machine, cwd } = context;
  const { root } = locateProject(machine.files, machine.home, { cwd, file: undefined });
  const settings = await loadSettings(machine.files, root);
  if (!settings.ok) return settings;
  const own = settings.value.claude ?? {};
  const profile = profileFlag(flags, own);
  if (!profile.ok) return profile;
  const maxProcesses = flagCount(flags, 'maxProcesses', '--max-processes');
  if (!maxProcesses.ok) return maxProcesses;
  const memory = memoryFlag(flags);
  if (!memory.ok) return memory;
  const port = flagPort(flags, 'metrics', '--metrics');
  if (!port.ok) return port;
  return ok({
    profile: { ...profile.value, maxProcesses: maxProcesses.value ?? profile.value.maxProcesses },
    memoryBytes: memory.value ?? own.memoryBytes,
    metricsPort: port.value,
    endsHung: flagSet(flags, 'endHung'),
    show: flagSet(flags, 'doctor') ? 'findings' : flagSet(flags, 'dryRun') ? 'plan' : 'nothing',
  });
}

function profileFlag(flags: Flags, settings: ClaudeSettings): Result<ClaudeFlags['profile']> {
  const name = flagText(flags, 'profile') ?? settings.profile;
  const profile = chooseProfile(name, settings);
  if (profile) return ok(profile);
  const names = profileNames(settings);
  return fail({
    code: 'USAGE',
    what: `There is no profile "${String(name)}"`,
    why: `there are ${names.join(', ')}`,
    fix: [`--profile ${nearest(name ?? '', names) ?? 'yolt'}`],
  });
}

function memoryFlag(flags: Flags): Result<number | undefined> {
  const text = flagText(flags, 'memory');
  if (text === undefined) return ok(undefined);
  const bytes = parseSize(text);
  return bytes === undefined || bytes === 0
    ? fail({ code: 'USAGE', what: `--memory "${text}" is not a size`, fix: ['--memory 8GB', '--memory 512MB'] })
    : ok(bytes);
}
