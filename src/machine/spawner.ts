import type { CommandEnd } from './commands.ts';
import type { ProcessIdentity } from './processes.ts';

export interface SpawnRequest {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Files that its outputs are appended to: whoever reads them late, or never, takes nothing from it. Made with mode 0600. */
  stdout: string;
  stderr: string;
}

/** A program that leads a session of its own, lives on when we end, and reads what we write. */
export interface SpawnedProgram {
  /** `undefined` where it could not be started, or was gone at once. */
  identity: ProcessIdentity | undefined;
  write(text: string): void;
  endInput(): void;
  end: Promise<CommandEnd>;
}

export interface Spawner {
  spawn(request: SpawnRequest): SpawnedProgram;
}
