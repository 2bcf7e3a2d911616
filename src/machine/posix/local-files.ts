import * as fs from 'node:fs';
import { dirname } from 'node:path';
import type { AppendFile, Files, FileStat } from '../files.ts';

let written = 0;

export function localFiles(): Files {
  return {
    readText: (path) => orMissing(() => fs.readFileSync(path, 'utf8')),
    writeAtomic: (path, text, { sync = false } = {}) => {
      writeAtomic(path, text, { sync, mode: 0o600 });
    },
    writeShared: (path, text) => {
      const stat = fs.statSync(path, { throwIfNoEntry: false });
      const mode = stat ? stat.mode & 0o777 : text.startsWith('#!') ? 0o777 : 0o666;
      writeAtomic(path, text, { sync: false, mode });
      // Beyond what the umask leaves of it.
      if (stat) fs.chmodSync(path, stat.mode & 0o777);
    },
    writePrivate: (path, text) => {
      fs.rmSync(path, { force: true });
      named(path, () => {
        fs.writeFileSync(path, text, { mode: 0o600 });
      });
    },
    stat: (path) => orMissing(() => describe(fs.statSync(path))),
    makeFolder: (path, { isPrivate = false } = {}) => {
      const made = makeFolders(path, isPrivate ? 0o700 : 0o777);
      if (isPrivate && !made) fs.chmodSync(path, 0o700);
      return made;
    },
    list: (folder) => orMissing(() => fs.readdirSync(folder)) ?? [],
    remove: (path) => {
      fs.rmSync(path, { force: true, recursive: true });
    },
    rename: (from, to) => {
      fs.renameSync(from, to);
    },
    createNew: (path, text) =>
      unlessExists(() => {
        named(path, () => {
          fs.writeFileSync(path, text, { flag: 'wx' });
        });
      }),
    append: (path, text) => {
      named(path, () => {
        fs.appendFileSync(path, text);
      });
    },
    openAppend,
    sync: (path) => {
      const fd = fs.openSync(path, 'r');
      try {
        fs.fsyncSync(fd);
      } finally {
        fs.closeSync(fd);
      }
    },
    makeSymlink: (text, path) =>
      unlessExists(() => {
        fs.symlinkSync(text, path);
      }),
    readSymlink: (path) => orMissing(() => fs.readlinkSync(path)),
    copy: (from, to) => {
      fs.copyFileSync(from, to);
    },
    truncate: (path) => {
      fs.truncateSync(path, 0);
    },
    readSlice,
    realpath: (path) => orMissing(() => fs.realpathSync(path)),
  };
}

/** Not `recursive: true`, which tells of a read-only file system as ENOENT. Returns whether it made the folder. */
function makeFolders(path: string, mode: number): boolean {
  if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  if (dirname(path) !== path) makeFolders(dirname(path), mode);
  try {
    fs.mkdirSync(path, { mode });
    return true;
  } catch (error) {
    if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
    throw error;
  }
}

/** Errors of write(2) name no file. */
function named<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    (error as NodeJS.ErrnoException).path ??= path;
    throw error;
  }
}

function writeAtomic(path: string, text: string | Buffer, { sync, mode }: { sync: boolean; mode: number }): void {
  makeFolders(dirname(path), 0o700);
  written += 1;
  const temporary = `${path}.${String(process.pid)}.${String(written)}.tmp`;
  const fd = fs.openSync(temporary, 'w', mode);
  try {
    named(path, () => {
      fs.writeFileSync(fd, text);
      if (sync) fs.fdatasyncSync(fd);
    });
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  } finally {
    fs.closeSync(fd);
  }
  fs.renameSync(temporary, path);
}

function openAppend(path: string): AppendFile {
  const fd = fs.openSync(path, 'a', 0o600);
  return {
    append: (text) => {
      named(path, () => {
        appendWhole(fd, text);
      });
    },
    sync: () => {
      fs.fdatasyncSync(fd);
    },
    close: () => {
      fs.closeSync(fd);
    },
  };
}

/** All of it or nothing: half of it would be torn by the next. */
function appendWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  const before = fs.fstatSync(fd).size;
  try {
    for (let done = 0; done < bytes.length;) done += fs.writeSync(fd, bytes, done);
  } catch (error) {
    fs.ftruncateSync(fd, before);
    throw error;
  }
}

function readSlice(path: string, offset: number, length: number): Buffer {
  const fd = fs.openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(length);
    const count = fs.readSync(fd, buffer, 0, length, offset);
    return buffer.subarray(0, count);
  } finally {
    fs.closeSync(fd);
  }
}

function describe(stat: fs.Stats): FileStat {
  const kind = stat.isFile()
    ? 'file'
    : stat.isDirectory()
      ? 'folder'
      : stat.isSocket()
        ? 'socket'
        : stat.isFIFO()
          ? 'fifo'
          : 'other';
  return { kind, size: stat.size, mtimeMs: stat.mtimeMs, id: `${String(stat.dev)}:${String(stat.ino)}` };
}

function orMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function unlessExists(make: () => void): boolean {
  try {
    make();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
