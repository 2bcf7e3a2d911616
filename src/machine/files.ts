/** What we ask of the file system. Every call is synchronous and local; what a person can mend is thrown as Node's errno errors. */
export interface Files {
  /** The text, or `undefined` where there is no such file. Throws for a folder and where it may not be read. */
  readText(path: string): string | undefined;
  /** Temp file and rename: a reader sees the old text or the new, never a torn one. Mode 0600. */
  writeAtomic(path: string, text: string | Buffer, options?: { sync?: boolean }): void;
  /** A person's file: temp file and rename as well, and its mode stays. A new script may be run. */
  writeShared(path: string, text: string): void;
  /** For a file that nobody reads yet. Mode 0600. */
  writePrivate(path: string, text: string): void;
  stat(path: string): FileStat | undefined;
  /** Makes a folder and those above it, mode 0700 where `isPrivate`. Returns whether it made it. */
  makeFolder(path: string, options?: { isPrivate?: boolean }): boolean;
  list(folder: string): string[];
  remove(path: string): void;
  rename(from: string, to: string): void;
  /** Creates the file with this text if there is none; `false` if there is one. */
  createNew(path: string, text: string): boolean;
  append(path: string, text: string): void;
  /** Opens a file for appending, and makes it where there is none. Mode 0600. */
  openAppend(path: string): AppendFile;
  /** What was written to the file is on the disk when this returns. */
  sync(path: string): void;
  /** symlink(2): atomic, needs no data block; `false` if there is something at the path. */
  makeSymlink(text: string, path: string): boolean;
  /** What a symbolic link says; throws for what is none. */
  readSymlink(path: string): string | undefined;
  copy(from: string, to: string): void;
  truncate(path: string): void;
  /** At most `length` bytes from `offset`, as UTF-8. */
  readSlice(path: string, offset: number, length: number): Buffer;
  realpath(path: string): string | undefined;
}

/** One write is one write(2): two writers' lines never mix. */
export interface AppendFile {
  append(text: string): void;
  /** fdatasync(2): what was appended is on the disk when this returns. */
  sync(): void;
  close(): void;
}

export interface FileStat {
  kind: 'file' | 'folder' | 'socket' | 'fifo' | 'other';
  size: number;
  mtimeMs: number;
  /** `dev:ino` */
  id: string;
}
