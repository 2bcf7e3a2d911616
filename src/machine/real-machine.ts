import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import { groupsBelow } from './linux/cgroup-folders.ts';
import { childCommands, ignoredSignals } from './posix/child-commands.ts';
import { crashAt } from './posix/crash-at.ts';
import { detachedSpawner } from './posix/detached-spawner.ts';
import { execaRunner } from './posix/execa-runner.ts';
import { localFiles } from './posix/local-files.ts';
import { nodeHardware } from './posix/node-hardware.ts';
import { shellKeepers } from './posix/shell-keepers.ts';
import { systemClock } from './posix/system-clock.ts';
import { chooseProbes } from './probes.ts';
import { tmuxCli } from './tmux-cli/tmux-cli.ts';

/** The machine that devctl runs on. `folder` is the package's, with its libexec. */
export async function realMachine(folder: string): Promise<Machine> {
  const { env } = process;
  const { processes, listeners } = await chooseProbes(env);
  // From bin/devctl.js, for us alone.
  const ignored = ignoredSignals(env['DEVCTL_SIGNALS']);
  delete env['DEVCTL_SIGNALS'];
  const tools = execaRunner();
  const files = localFiles();
  const absolute = (path: string | undefined) => (path?.startsWith('/') ? path : undefined);
  return {
    processes,
    listeners,
    files,
    clock: systemClock(),
    checkpoints: crashAt(env['DEVCTL_CRASH_AT']),
    keepers: shellKeepers(join(folder, 'libexec', 'keeper.sh'), processes),
    tmux: tmuxCli({ runner: tools, processes, libexec: join(folder, 'libexec'), env }),
    tools,
    commands: childCommands(join(folder, 'libexec', 'watchdog.sh'), ignored),
    spawner: detachedSpawner(processes),
    hardware: nodeHardware(files),
    cgroups: groupsBelow(),
    libexec: (name) => join(folder, 'libexec', name),
    home: {
      stateHome: absolute(env['XDG_STATE_HOME']),
      runtimeDir: absolute(env['XDG_RUNTIME_DIR']),
      home: passwdHome(),
      tmp: tmpdir(),
      uid: process.getuid?.() ?? 0,
    },
    env,
  };
}

function passwdHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    return homedir();
  }
}
