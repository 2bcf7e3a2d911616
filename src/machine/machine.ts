import type { Hardware } from './hardware.ts';
import type { HomeInfo } from './home.ts';
import type { Cgroups } from './cgroups.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Clock } from './clock.ts';
import type { Commands } from './commands.ts';
import type { Files } from './files.ts';
import type { KeeperMachine } from './keepers.ts';
import type { Listeners } from './listeners.ts';
import type { Processes } from './processes.ts';
import type { Spawner } from './spawner.ts';
import type { Tmux } from './tmux.ts';
import type { ToolRunner } from './tool-runner.ts';

/** Everything that devctl asks of the operating system. `main.ts` builds the real one; features take the parts that they need. */
export interface Machine {
  processes: Processes;
  listeners: Listeners;
  files: Files;
  clock: Clock;
  checkpoints: Checkpoints;
  keepers: KeeperMachine;
  tmux: Tmux;
  tools: ToolRunner;
  commands: Commands;
  spawner: Spawner;
  hardware: Hardware;
  cgroups: Cgroups;
  /** The package's own helpers, as absolute paths. */
  libexec: (name: string) => string;
  home: HomeInfo;
  /** The caller's environment. */
  env: Record<string, string | undefined>;
}
