import type { Machine } from '../../machine/machine.ts';
import type { ClaudeProfile } from '../../project/settings.ts';
import type { Claude } from '../install/find.ts';
import { planMemory, planWithin } from '../memory/plan.ts';
import { chooseCeiling } from './ceiling.ts';
import type { LaunchFacts } from './plan.ts';

export interface LaunchRequest {
  claude: Claude;
  args: string[];
  profile: ClaudeProfile & { maxProcesses: number };
  /** Of the ceiling; the machine's plan where absent. */
  memoryBytes: number | undefined;
  platform: string;
}

/** The fuse holds threads as well, and blows only where the governor has failed by far. */
const FUSE_FACTOR = 4;
const LEAST_FUSE = 400;
const MB = 2 ** 20;

/** Everything that a launch depends on; makes nothing yet. */
export async function prepareLaunch(
  machine: Machine,
  { claude, args, profile, memoryBytes, platform }: LaunchRequest,
): Promise<LaunchFacts> {
  const { hardware, cgroups, commands, env, processes, libexec } = machine;
  const planned = planMemory(hardware.describe());
  const memory = memoryBytes === undefined ? planned : planWithin(planned, Math.floor(memoryBytes / MB));
  const scripts = { inGroup: libexec('in-group.sh'), toolShell: libexec('tool-shell.sh') };
  // Where the caller wraps its shell already, its tools cannot be told apart from it.
  const prefix = env['CLAUDE_CODE_SHELL_PREFIX'] ?? '';
  const canMoveTools = prefix === '' || prefix === scripts.toolShell;
  const ceiling = await chooseCeiling(machine, {
    canMoveTools,
    askedBytes: memoryBytes,
    plannedBytes: memory.ceilingMb * MB,
    effectiveBytes: memory.effectiveMb * MB,
  });
  const toolPids = profile.maxProcesses > 0 ? Math.max(LEAST_FUSE, profile.maxProcesses * FUSE_FACTOR) : undefined;
  const group = {
    name: `${GROUP_PREFIX}${String(processes.self().pid)}`,
    memoryBytes: ceiling.kind === 'group' ? ceiling.bytes : undefined,
    // No group of ours can stand below a scope of systemd's.
    toolPids: canMoveTools && ceiling.kind !== 'systemd' ? toolPids : undefined,
  };
  return {
    claude,
    args,
    node: commands.locate('node', env['PATH'] ?? '')[0] ?? process.execPath,
    env,
    memory,
    profile,
    ceiling,
    group,
    groups: cgroups.plan(group),
    scripts,
    isLinux: platform === 'linux',
  };
}

const GROUP_PREFIX = 'devctl-claude-';

/** Removes this launch's groups, and those of launches that are gone. */
export function closeGroups({ cgroups, processes }: Pick<Machine, 'cgroups' | 'processes'>): void {
  const own = processes.self().pid;
  cgroups.close((name) => {
    if (!name.startsWith(GROUP_PREFIX)) return false;
    const pid = Number(name.slice(GROUP_PREFIX.length));
    return pid === own || processes.identify(pid) === undefined;
  });
}
