import type { CommandRun } from './context.ts';

/** The code of each verb, which loads when the verb is typed. */
export const LOADERS: Record<string, () => Promise<{ run: CommandRun }>> = {
  start: () => import('./commands/start.ts'),
  stop: () => import('./commands/stop.ts'),
  restart: () => import('./commands/restart.ts'),
  status: () => import('./commands/status.ts'),
  strays: () => import('./commands/strays.ts'),
  ls: () => import('./commands/ls.ts'),
  wait: () => import('./commands/wait.ts'),
  ps: () => import('./commands/ps.ts'),
  doctor: () => import('./commands/doctor.ts'),
  logs: () => import('./commands/logs.ts'),
  attach: () => import('./commands/attach.ts'),
  run: () => import('./commands/run.ts'),
  env: () => import('./commands/env.ts'),
  check: () => import('./commands/check.ts'),
  nuke: () => import('./commands/nuke.ts'),
  diagnose: () => import('./commands/diagnose.ts'),
  init: () => import('./commands/init.ts'),
  mcp: () => import('./commands/mcp.ts'),
  claude: () => import('./commands/claude.ts'),
  cleanup: () => import('./commands/cleanup.ts'),
  release: () => import('./commands/release.ts'),
  hardware: () => import('./commands/hardware.ts'),
  completion: () => import('./commands/completion.ts'),
  complete: () => import('./commands/complete.ts'),
};
