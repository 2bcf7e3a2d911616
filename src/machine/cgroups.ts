export interface GroupRequest {
  /** Of the folder; unique. */
  name: string;
  /** For a program, and what it starts that does not join the group of its tools. */
  memoryBytes: number | undefined;
  /** How many processes and threads there may be at once in the group of its tools. */
  toolPids: number | undefined;
}

/** Control groups of ours. Whoever writes its pid into one of these files is in the group, with all that it starts from then on. */
export interface Groups {
  join: string[];
  /** These give the tools back the memory that they would have without the program's ceiling. */
  joinTools: string[];
  /** Is the number of the tools' processes held? */
  holdsTools: boolean;
}

/** Control groups, as far as this user may make them; none on macOS. */
export interface Cgroups {
  /** What `open` would make. */
  plan(request: GroupRequest): Groups;
  /** What could be made. */
  open(request: GroupRequest): Groups;
  /** Removes the groups of these names; one with processes in it stays. */
  close(isOver: (name: string) => boolean): void;
}
