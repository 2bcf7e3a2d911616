import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Claude } from '../../../src/claude/install/find.ts';
import { planLaunch, type Ceiling, type LaunchFacts } from '../../../src/claude/launch/plan.ts';
import type { ClaudeProfile } from '../../../src/project/settings.ts';

const MB = 2 ** 20;
const NATIVE: Claude = { path: '/h/bin/claude', file: '/h/versions/2.1.329', kind: 'native', version: '2.1.329', source: 'PATH' };
const NODE: Claude = { path: '/n/bin/claude', file: '/n/lib/cli.js', kind: 'node', version: '2.1.112', source: 'PATH' };
const SCRIPT: Claude = { path: '/s/claude', file: '/s/claude.sh', kind: 'script', version: undefined, source: 'PATH' };
const NONE: Ceiling = { kind: 'none', why: 'no systemd' };
const HEAP = ['--max-old-space-size=4416', '--max-semi-space-size=64'];

const makeFacts = (over: Partial<LaunchFacts> = {}): LaunchFacts => ({
  claude: NATIVE,
  args: [],
  node: '/n/bin/node',
  env: {},
  memory: {
    effectiveMb: 8192,
    limitedBy: undefined,
    reserveMb: 2048,
    heapMb: 4608,
    ceilingMb: 5760,
    oldSpaceMb: 4416,
    semiSpaceMb: 64,
    threads: 4,
    tasks: 4,
  },
  profile: {},
  ceiling: NONE,
  group: { name: 'devctl-claude-1', memoryBytes: undefined, toolPids: undefined },
  groups: { join: [], joinTools: [], holdsTools: false },
  scripts: { inGroup: '/d/in-group.sh', toolShell: '/d/tool-shell.sh' },
  isLinux: true,
  ...over,
});
const words = (over: Partial<LaunchFacts> = {}) => {
  const { file, args } = planLaunch(makeFacts(over));
  return [file, ...args];
};
const settings = (over: Partial<LaunchFacts> = {}) =>
  Object.fromEntries(planLaunch(makeFacts(over)).settings.map(({ name, value }) => [name, value]));
const leaves = (over: Partial<LaunchFacts> = {}) => planLaunch(makeFacts(over)).leaves.join('\n');
const versioned = (version: string | undefined): Claude => ({ ...NATIVE, version });

describe('the command', () => {
  test.each<[string, Claude, string[]]>([
    ['a machine program runs as it was found', NATIVE, ['/h/bin/claude']],
    ['one on Node gets its heap as flags of its own', NODE, ['/n/bin/node', ...HEAP, '/n/lib/cli.js']],
    ['a script runs as it was found', SCRIPT, ['/s/claude']],
  ])('%s', (_name, claude, own) => {
    expect(words({ claude, args: ['-p', 'hi'] })).toEqual([...own, '-p', 'hi']);
  });

  test('is nicer where the profile says so', () => {
    expect(words({ profile: { nice: 12 } })).toEqual(['nice', '-n', '12', '/h/bin/claude']);
    expect(words({ profile: { nice: 0 } })).toEqual(['/h/bin/claude']);
  });

  test('joins its control groups before all else', () => {
    const ceiling: Ceiling = { kind: 'group', bytes: 1000 };
    const groups = { join: ['/g/a/cgroup.procs', '/g/b/cgroup.procs'], joinTools: [], holdsTools: false };
    expect(words({ ceiling, groups, profile: { nice: 5 }, args: ['--', 'x'] })).toEqual([
      '/d/in-group.sh',
      ...groups.join,
      '--',
      'nice',
      '-n',
      '5',
      '/h/bin/claude',
      '--',
      'x',
    ]);
    expect(words({ ceiling })).toEqual(['/h/bin/claude']);
    expect(words({ groups })).toEqual(['/h/bin/claude']);
  });

  test('is a scope of systemd, which slows it at nine tenths', () => {
    const scope = [
      'systemd-run',
      '--user',
      '--scope',
      '--quiet',
      '--collect',
      '-p',
      'MemoryMax=1005',
      '-p',
      'MemoryHigh=904',
      '--',
    ];
    expect(words({ ceiling: { kind: 'systemd', bytes: 1005 } })).toEqual([...scope, '/h/bin/claude']);
  });

  test('ends with the caller’s words, untouched, whatever they are', () => {
    const any = fc.record({
      args: fc.array(fc.oneof(fc.string(), fc.constantFrom('--', '-n', '', '--help', '$(x)'))),
      claude: fc.constantFrom(NATIVE, NODE, SCRIPT),
      profile: fc.record({ nice: fc.nat({ max: 19 }), jobs: fc.integer({ min: 1, max: 9 }) }, { requiredKeys: [] }),
      ceiling: fc.constantFrom<Ceiling>(NONE, { kind: 'group', bytes: 99 }, { kind: 'systemd', bytes: 99 }),
    });
    fc.assert(
      fc.property(any, ({ args, ...rest }) => {
        const groups = { join: ['/g/cgroup.procs'], joinTools: [], holdsTools: false };
        expect(words({ ...rest, groups, args })).toEqual([...words({ ...rest, groups }), ...args]);
      }),
    );
  });
});

describe('the environment', () => {
  const FULL: ClaudeProfile = { toolMemoryBytes: 2048 * MB, toolCalls: 2, subagents: 3, jobs: 4 };
  const LIMIT = 'CLAUDE_CODE_TOOL_MEMORY_LIMIT';
  const SUBAGENTS = 'CLAUDE_CODE_MAX_CONCURRENT_SUBAGENTS';

  test('has nothing that nobody asked for', () => {
    expect(settings()).toEqual({});
    expect(settings({ claude: NODE })).toEqual({});
  });

  test('has what the profile says', () => {
    expect(settings({ profile: FULL })).toEqual({
      [LIMIT]: '2048M',
      CLAUDE_CODE_MAX_TOOL_USE_CONCURRENCY: '2',
      [SUBAGENTS]: '3',
      MAKEFLAGS: '-j4',
      CARGO_BUILD_JOBS: '4',
      RAYON_NUM_THREADS: '4',
      GOMAXPROCS: '4',
      OMP_NUM_THREADS: '4',
      CMAKE_BUILD_PARALLEL_LEVEL: '4',
    });
  });

  test.each<[string, string | undefined, boolean]>([
    [LIMIT, '2.1.232', false],
    [LIMIT, '2.1.233', true],
    [LIMIT, undefined, true],
    [SUBAGENTS, '2.1.216', false],
    [SUBAGENTS, '2.1.217', true],
    [SUBAGENTS, undefined, true],
    ['CLAUDE_CODE_MAX_TOOL_USE_CONCURRENCY', '1.0.17', true],
  ])('%s with version %s: %s', (name, version, isSet) => {
    expect(name in settings({ profile: FULL, claude: versioned(version) })).toBe(isSet);
  });

  test('has no memory limit for tools where the version or the system has none, and says so', () => {
    const old = { profile: FULL, claude: versioned('2.1.232') };
    expect(leaves(old)).toContain('memory limit for tools is left out');
    expect(settings({ profile: FULL, isLinux: false })).not.toHaveProperty(LIMIT);
    expect(leaves({ profile: FULL, isLinux: false })).toContain('memory limit for tools is left out');
    expect(leaves({ profile: FULL })).toBe('');
    expect(leaves({ ...old, profile: {} })).toBe('');
  });

  test('sends tools into their groups', () => {
    const groups = { join: [], joinTools: ['/g/a/cgroup.procs', '/g/b/cgroup.procs'], holdsTools: true };
    expect(settings({ groups })).toEqual({
      CLAUDE_CODE_SHELL_PREFIX: '/d/tool-shell.sh',
      DEVCTL_TOOL_GROUPS: '/g/a/cgroup.procs:/g/b/cgroup.procs',
    });
    const effects = (toolPids: number | undefined) =>
      planLaunch(
        makeFacts({ groups: { ...groups, holdsTools: toolPids !== undefined }, group: { ...makeFacts().group, toolPids } }),
      )
        .settings.map(({ effect }) => effect)
        .join();
    expect(effects(800)).toContain('beyond 800 processes');
    expect(effects(undefined)).not.toContain('fork fails');
  });

  test('what the caller has set stays the caller’s, also where it is empty', () => {
    const env = { MAKEFLAGS: '', GOMAXPROCS: '8' };
    const plan = planLaunch(makeFacts({ profile: { jobs: 2 }, env }));
    expect(plan.settings.map(({ name }) => name)).toEqual([
      'CARGO_BUILD_JOBS',
      'RAYON_NUM_THREADS',
      'OMP_NUM_THREADS',
      'CMAKE_BUILD_PARALLEL_LEVEL',
    ]);
    expect(plan.leaves).toEqual(['MAKEFLAGS', 'GOMAXPROCS'].map((name) => `${name} is yours already, and stays as it is`));
  });

  test('NODE_OPTIONS is never touched', () => {
    for (const claude of [NATIVE, NODE, SCRIPT]) expect(settings({ claude, profile: FULL })).not.toHaveProperty('NODE_OPTIONS');
  });
});

describe('what the caller’s environment does', () => {
  test.each<[string, Claude, Record<string, string>, string]>([
    ['a heap in NODE_OPTIONS, which Node reads', NODE, { NODE_OPTIONS: '--max-old-space-size=9' }, 'the flags above win'],
    ['a heap in NODE_OPTIONS, which it does not read', NATIVE, { NODE_OPTIONS: '--max-semi-space-size=9' }, 'does not read it'],
    ['a file that Bun loads', NATIVE, { BUN_OPTIONS: '--preload /tmp/x.js' }, 'BUN_OPTIONS makes Claude Code load a file'],
    ['a file that Bun loads for its inspector', NATIVE, { BUN_INSPECT_PRELOAD: '/tmp/x.js' }, 'BUN_INSPECT_PRELOAD makes'],
    ['V8_FLAGS', NATIVE, { V8_FLAGS: '--x' }, 'V8_FLAGS are read by nothing'],
  ])('%s', (_name, claude, env, note) => {
    expect(leaves({ claude, env })).toContain(note);
  });

  test.each([{ NODE_OPTIONS: '--inspect' }, { BUN_OPTIONS: '--smol' }, { BUN_INSPECT_PRELOAD: '' }, { HOME: '/h' }])(
    'nothing: %j',
    (env) => {
      expect(leaves({ env })).toBe('');
    },
  );

  test('the plan says how it runs, and what holds its memory', () => {
    const does = (over: Partial<LaunchFacts>) => planLaunch(makeFacts(over)).does.join('\n');
    expect(does({})).toMatch(/2\.1\.329 is a machine program.*\nno memory ceiling: no systemd/);
    expect(does({ claude: NODE, ceiling: { kind: 'group', bytes: 512 * MB } })).toMatch(
      /4608 MB.*\nmemory ceiling of 512 MB for/,
    );
    expect(does({ claude: versioned(undefined) })).toContain('of an unknown version');
    expect(does({ claude: SCRIPT })).toContain('/s/claude.sh is a script');
  });
});
