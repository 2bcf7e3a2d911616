import type { Files, FileStat } from '../../../src/machine/files.ts';

interface Entry {
  bytes: Buffer;
  id: string;
  mtimeMs: number;
}

export interface MemoryOptions {
  /** How many bytes a read of this length gives; all of them by default. A short read is legal, an empty one is the end. */
  readable?: (length: number) => number;
}

const missing = (path: string) => Object.assign(new Error(`no ${path}`), { code: 'ENOENT', path });

/** A file system of files only: folders are there when they are needed. */
export function memoryFiles(texts: Record<string, string | Buffer> = {}, { readable = (length) => length }: MemoryOptions = {}) {
  const entries = new Map<string, Entry>();
  let made = 0;
  const put = (path: string, bytes: Buffer) => {
    made += 1;
    entries.set(path, { bytes, id: `1:${String(made)}`, mtimeMs: made });
  };
  const need = (path: string): Entry => {
    const entry = entries.get(path);
    if (!entry) throw missing(path);
    return entry;
  };
  for (const [path, text] of Object.entries(texts)) put(path, Buffer.from(text));

  const files: Files = {
    readText: (path) => entries.get(path)?.bytes.toString('utf8'),
    writeAtomic: (path, text) => {
      put(path, Buffer.from(text));
    },
    writeShared: (path, text) => {
      put(path, Buffer.from(text));
    },
    writePrivate: (path, text) => {
      put(path, Buffer.from(text));
    },
    stat: (path): FileStat | undefined => {
      const entry = entries.get(path);
      if (entry) return { kind: 'file', size: entry.bytes.length, mtimeMs: entry.mtimeMs, id: entry.id };
      const isFolder = [...entries.keys()].some((name) => name.startsWith(path === '/' ? path : `${path}/`));
      return isFolder ? { kind: 'folder', size: 0, mtimeMs: 0, id: `2:${path}` } : undefined;
    },
    makeFolder: () => false,
    list: (folder) =>
      [...entries.keys()].filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1)),
    remove: (path) => {
      entries.delete(path);
    },
    rename: (from, to) => {
      entries.set(to, need(from));
      entries.delete(from);
    },
    copy: (from, to) => {
      put(to, need(from).bytes);
    },
    createNew: (path, text) => {
      if (entries.has(path)) return false;
      put(path, Buffer.from(text));
      return true;
    },
    append: (path, text) => {
      const entry = entries.get(path);
      if (entry) entry.bytes = Buffer.concat([entry.bytes, Buffer.from(text)]);
      else put(path, Buffer.from(text));
    },
    openAppend: (path) => ({
      append: (text) => {
        files.append(path, text);
      },
      sync: () => undefined,
      close: () => undefined,
    }),
    sync: () => undefined,
    makeSymlink: (text, path) => {
      if (entries.has(path)) return false;
      put(path, Buffer.from(text));
      return true;
    },
    readSymlink: (path) => entries.get(path)?.bytes.toString('utf8'),
    truncate: (path) => {
      need(path).bytes = Buffer.alloc(0);
    },
    readSlice: (path, offset, length) => {
      const { bytes } = need(path);
      return Buffer.from(bytes.subarray(offset, offset + Math.min(length, readable(length))));
    },
    realpath: (path) => path,
  };
  return files;
}
