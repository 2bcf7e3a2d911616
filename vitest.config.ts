import { defineConfig } from 'vitest/config';

const endToEnd = {
  globalSetup: ['./test/support/build-once.ts'],
  pool: 'forks' as const,
  maxWorkers: 2,
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

/** Where it makes a difference how processes and listeners are found; the zoo has both ways in it. */
const PROBED = [
  'broken-tools',
  'crash-steps',
  'doctor',
  'end-of-file',
  'force',
  'life',
  'nuke',
  'preflight',
  'promises',
  'races',
  'ready',
  'signals',
];

/** They leave what a dead agent's session leaves, and sweep it: two at once would sweep each other's. */
const AGENTS = [
  'claude',
  'claude-setup',
  'hooks',
  'hooks-sessions',
  'strays',
  'claude-launch',
  'governor',
  'cleanup',
  // Of two cores each of these wants both.
  'orchestrate',
  'orchestrate-retries',
  'orchestrate-hub',
  'orchestrate-signals',
  'orchestrate-worktrees',
  'orchestrate-git',
  'orchestrate-limits',
  'orchestrate-many',
  'orchestrate-redis',
  'orchestrate-redis-workers',
  'orchestrate-redis-losses',
  'orchestrate-redis-remote',
  'orchestrate-redis-many',
  'orchestrate-http',
  'executor-channel',
  'executor-room',
  'claude-library',
].map((name) => `test/e2e/${name}.test.ts`);

// Unit tests spawn nothing; end-to-end tests run the built bin with real processes, tmux and sockets.
export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line.ts'],
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 10_000, pool: 'threads', isolate: false } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], exclude: AGENTS, ...endToEnd } },
      { test: { name: 'agents', include: AGENTS, ...endToEnd, fileParallelism: false } },
      {
        test: {
          name: 'portable',
          include: PROBED.map((name) => `test/e2e/${name}.test.ts`),
          env: { DEVCTL_PROBE: 'portable' },
          ...endToEnd,
        },
      },
    ],
  },
});
