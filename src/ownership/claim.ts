import type { ProcessIdentity } from '../machine/processes.ts';

/** What a project knows of itself, against which every process is held. */
export interface Claim {
  projectId: string;
  uid: number;
  /** The birth of the oldest run that has not been stopped for certain: nobody older is ours by mark, cookie or output. */
  since: number;
  /** Keepers, as recorded or as recognized by their command line. */
  keepers: { identity: ProcessIdentity; service: string }[];
  /** Where the keepers' specs are: keepers and the tmux server were started with its name. */
  runFolder: string;
  /** The recorded tmux server. */
  server: ProcessIdentity | undefined;
  /** Which service a mark names. */
  marks: Map<string, string>;
  /** The mark of what belongs to the project and to no service: its tmux server. */
  projectMark: string;
  isProjectMark: (mark: string) => boolean;
  /** Logs (`dev:ino`) and terminals (`tty:rdev`) of the services. */
  outputs: Map<string, string>;
  /** The services' command lines, by service. */
  commands: Map<string, string>;
  /** A process's command line, asked only of those that it decides about. */
  commandOf: (pid: number) => string;
  /** devctl and its ancestors: never a target, whatever they carry. */
  spared: ReadonlySet<number>;
}
