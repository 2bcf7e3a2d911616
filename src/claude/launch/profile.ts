import type { ClaudeProfile, ClaudeSettings } from '../../project/settings.ts';

const MAX_PROCESSES = 200;
const MB = 2 ** 20;

/**
 * The numbers of claude-yolt's modes, after which they are named. Its time limits have no counterpart: a tool call past its time
 * goes on in the background.
 */
const PROFILES: Readonly<Record<string, ClaudeProfile>> = {
  yolt: { maxProcesses: 200, toolMemoryBytes: 4096 * MB, jobs: 4, nice: 10 },
  seatbelt: { maxProcesses: 50, toolMemoryBytes: 3072 * MB, toolCalls: 5, subagents: 5, jobs: 2, nice: 12 },
  airbag: { maxProcesses: 20, toolMemoryBytes: 2048 * MB, toolCalls: 2, subagents: 2, jobs: 1, nice: 15 },
};

export const profileNames = ({ profiles }: ClaudeSettings): string[] => [
  ...new Set([...Object.keys(PROFILES), ...Object.keys(profiles ?? {})]),
];

/** The profile of that name, with what devctl.yml says of it; without a name only the number of processes is limited. */
export function chooseProfile(
  name: string | undefined,
  settings: ClaudeSettings,
): (ClaudeProfile & { maxProcesses: number }) | undefined {
  const known = name === undefined ? {} : entry(PROFILES, name);
  const own = name === undefined ? {} : entry(settings.profiles ?? {}, name);
  if (!known && !own) return undefined;
  const maxProcesses = own?.maxProcesses ?? known?.maxProcesses ?? settings.maxProcesses ?? MAX_PROCESSES;
  return { ...known, ...own, maxProcesses };
}

const entry = (profiles: Readonly<Record<string, ClaudeProfile>>, name: string): ClaudeProfile | undefined =>
  Object.hasOwn(profiles, name) ? profiles[name] : undefined;
