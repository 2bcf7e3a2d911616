/** Which files. */
export interface Selection {
  /** Absolute; where it counts from. */
  root: string;
  /** Where the words were typed, and what a hook of git counts its variables from. */
  cwd: string;
  /** Files and folders, as they were typed; none: all of the root. */
  paths: string[];
  /** `--files`, from the folder where it was typed. */
  glob?: string | undefined;
  /** Of devctl.yml, from the root: files, folders, globs. */
  ignore: string[];
  change: { kind: 'all' } | { kind: 'staged' } | { kind: 'since'; ref: string };
}
