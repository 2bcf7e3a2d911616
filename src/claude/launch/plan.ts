import type { GroupRequest, Groups } from '../../machine/cgroups.ts';
import type { Claude } from '../install/find.ts';
import { isAtLeast } from '../install/version.ts';
import { heapFlags, type MemoryPlan } from '../memory/plan.ts';
import type { ClaudeProfile } from '../../project/settings.ts';

/** What holds Claude Code's memory: a control group without its tools, or a scope of systemd's with them. */
export type Ceiling = { kind: 'systemd'; bytes: number } | { kind: 'group'; bytes: number } | { kind: 'none'; why: string };

export interface LaunchFacts {
  claude: Claude;
  /** Claude Code's own words, untouched. */
  args: string[];
  /** The `node` that its script names. */
  node: string;
  env: Record<string, string | undefined>;
  memory: MemoryPlan;
  profile: ClaudeProfile;
  ceiling: Ceiling;
  group: GroupRequest;
  /** What the request gives. */
  groups: Groups;
  scripts: { inGroup: string; toolShell: string };
  isLinux: boolean;
}

/** A variable that is set, and what it does with this version. */
export interface Setting {
  name: string;
  value: string;
  effect: string;
}

export interface LaunchPlan {
  file: string;
  args: string[];
  settings: Setting[];
  /** What is done for this version, and how. */
  does: string[];
  /** What is left as it is, and what to know of it. */
  leaves: string[];
}

const MB = 2 ** 20;
/** Source: Claude Code's changelog and measurements with 2.1.329. */
const SINCE = { toolMemory: '2.1.233', subagents: '2.1.217' } as const;
const BUILD_TOOLS = ['CARGO_BUILD_JOBS', 'RAYON_NUM_THREADS', 'GOMAXPROCS', 'OMP_NUM_THREADS', 'CMAKE_BUILD_PARALLEL_LEVEL'];

/** The whole command and its environment: what works with the version that is there. Pure. */
export function planLaunch(facts: LaunchFacts): LaunchPlan {
  const { claude, args, node, memory, profile, ceiling, groups, scripts } = facts;
  const own = claude.kind === 'node' ? [node, ...heapFlags(memory), claude.file] : [claude.path];
  const nice = profile.nice === undefined || profile.nice === 0 ? [] : ['nice', '-n', String(profile.nice)];
  const held =
    ceiling.kind === 'systemd'
      ? scopeWords(ceiling.bytes)
      : ceiling.kind === 'group' && groups.join.length > 0
        ? [scripts.inGroup, ...groups.join, '--']
        : [];
  const [file = '', ...rest] = [...held, ...nice, ...own, ...args];
  const wanted = wantedSettings(facts);
  // A tool of an earlier launch may carry what that one has set.
  const isOwn = ({ name, value }: Setting) =>
    facts.env[name] === undefined || value === facts.env[name] || name === 'DEVCTL_TOOL_GROUPS';
  return {
    file,
    args: rest,
    settings: wanted.filter(isOwn),
    does: [runtimeNote(facts), ceilingNote(ceiling)],
    leaves: [
      ...lostSettings(facts),
      ...wanted.filter((setting) => !isOwn(setting)).map(({ name }) => `${name} is yours already, and stays as it is`),
      ...hazards(facts),
    ],
  };
}

/** systemd makes the group and becomes the command: same pid, same terminal. Source: systemd-run(1), `--scope`. */
function scopeWords(bytes: number): string[] {
  const limits = [`MemoryMax=${String(bytes)}`, `MemoryHigh=${String(Math.floor(bytes * 0.9))}`];
  return ['systemd-run', '--user', '--scope', '--quiet', '--collect', ...limits.flatMap((limit) => ['-p', limit]), '--'];
}

/** One that does not tell its version is taken for a new one. */
const knows = ({ version }: Claude, least: string): boolean => version === undefined || isAtLeast(version, least);
const canLimitTools = ({ claude, isLinux }: LaunchFacts): boolean => isLinux && knows(claude, SINCE.toolMemory);

function wantedSettings(facts: LaunchFacts): Setting[] {
  const { claude, profile, group, groups, scripts } = facts;
  const { toolMemoryBytes, toolCalls, subagents, jobs } = profile;
  const settings: Setting[] = [];
  const set = (name: string, value: string | number, effect: string) => settings.push({ name, value: String(value), effect });
  if (toolMemoryBytes !== undefined && canLimitTools(facts))
    set(
      'CLAUDE_CODE_TOOL_MEMORY_LIMIT',
      `${String(Math.max(1, Math.floor(toolMemoryBytes / MB)))}M`,
      'memory of all that its shell runs; beyond it the kernel ends one',
    );
  if (toolCalls !== undefined) set('CLAUDE_CODE_MAX_TOOL_USE_CONCURRENCY', toolCalls, 'tool calls at once');
  if (subagents !== undefined && knows(claude, SINCE.subagents))
    set('CLAUDE_CODE_MAX_CONCURRENT_SUBAGENTS', subagents, 'subagents at once');
  if (jobs !== undefined) {
    set('MAKEFLAGS', `-j${String(jobs)}`, 'jobs of make');
    for (const name of BUILD_TOOLS) set(name, jobs, 'jobs of build tools');
  }
  if (groups.joinTools.length > 0) {
    set('CLAUDE_CODE_SHELL_PREFIX', scripts.toolShell, 'sends its tools, hooks and MCP servers into groups of their own');
    const fuse = !groups.holdsTools ? '' : `; fork fails there beyond ${String(group.toolPids)} processes and threads`;
    set('DEVCTL_TOOL_GROUPS', groups.joinTools.join(':'), `outside of the ceiling${fuse}`);
  }
  return settings;
}

function runtimeNote({ claude, memory }: LaunchFacts): string {
  const version = claude.version ?? 'of an unknown version';
  switch (claude.kind) {
    case 'native':
      return `Claude Code ${version} is a machine program: NODE_OPTIONS does nothing for it but raise the heap of every node that it starts, so none is set`;
    case 'node':
      return `Claude Code ${version} runs on Node: flags of its own set its heap (${String(memory.heapMb)} MB in all), which no child inherits`;
    case 'script':
      return `${claude.file} is a script: it is run as it is`;
  }
}

function ceilingNote(ceiling: Ceiling): string {
  if (ceiling.kind === 'none') return `no memory ceiling: ${ceiling.why}`;
  const held =
    ceiling.kind === 'systemd'
      ? 'Claude Code and all that it starts, by a scope of systemd'
      : 'Claude Code itself, by a control group';
  return `memory ceiling of ${String(Math.round(ceiling.bytes / MB))} MB for ${held}: near it, it collects harder`;
}

function lostSettings(facts: LaunchFacts): string[] {
  const { claude, profile } = facts;
  return [
    ...(profile.toolMemoryBytes === undefined || canLimitTools(facts)
      ? []
      : [`the profile’s memory limit for tools is left out: it needs Linux and Claude Code ${SINCE.toolMemory}`]),
    ...(profile.subagents === undefined || knows(claude, SINCE.subagents)
      ? []
      : [`the profile’s limit on subagents is left out: it needs Claude Code ${SINCE.subagents}`]),
  ];
}

/** What the caller's own environment does to this version; it is the caller's, and stays. */
function hazards({ claude, env }: LaunchFacts): string[] {
  const notes: string[] = [];
  const nodeOptions = env['NODE_OPTIONS'] ?? '';
  if (/--max[-_](?:old[-_]space|semi[-_]space|heap)/.test(nodeOptions))
    notes.push(
      claude.kind === 'node'
        ? 'your NODE_OPTIONS set a heap as well: the flags above win for Claude Code, but every node that it starts gets yours'
        : 'your NODE_OPTIONS set a heap: Claude Code does not read it, and every node that it starts gets it',
    );
  const loads = { BUN_OPTIONS: /(?:^|\s)(?:--preload|--require|-r)\b/, BUN_INSPECT_PRELOAD: /./ };
  if (claude.kind !== 'node')
    for (const [name, loading] of Object.entries(loads))
      if (loading.test(env[name] ?? ''))
        notes.push(`your ${name} makes Claude Code load a file of somebody's choice: check that you set it`);
  if (env['V8_FLAGS'] !== undefined) notes.push('your V8_FLAGS are read by nothing');
  return notes;
}
