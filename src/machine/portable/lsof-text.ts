/** One open file of `lsof -F`: its process, and its own fields by their letter. Source: lsof(8), OUTPUT FOR OTHER PROGRAMS. */
export interface OpenFile {
  pid: number;
  uid: number;
  fields: Map<string, string>;
}

/** Reads the output of `lsof -F p...f...`: a line is a letter and a value; `p` begins a process, `f` a file. */
export function parseLsof(text: string): OpenFile[] {
  const files: OpenFile[] = [];
  let pid = 0;
  let uid = -1;
  for (const line of text.split('\n')) {
    const letter = line.charAt(0);
    const value = line.slice(1);
    if (letter === 'p') {
      pid = Number(value);
      uid = -1;
    } else if (letter === 'u') uid = Number(value);
    else if (letter === 'f') files.push({ pid, uid, fields: new Map([['f', value]]) });
    else if (letter !== '') files.at(-1)?.fields.set(letter, value);
  }
  return files;
}

/** "127.0.0.1:3000", "*:3000", "[::1]:3000"; the star is every address of its family. */
export function parseEndpoint(name: string, type: string | undefined): { address: string; port: number } | undefined {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(name) ?? [];
  if (port === '') return undefined;
  const address = host === '*' ? (type === 'IPv6' ? '::' : '0.0.0.0') : host.replace(/^\[|\]$/g, '');
  return { address, port: Number(port) };
}

/** Files that a process writes its output to, as `dev:ino`: standard output or error, open for writing. */
export function parseOutputs(text: string): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const { pid, fields } of parseLsof(text)) {
    const isOutput = fields.get('f') === '1' || fields.get('f') === '2';
    const isWritten = fields.get('a') === 'w' || fields.get('a') === 'u';
    const device = fields.get('D');
    const inode = fields.get('i');
    if (!isOutput || !isWritten || device === undefined || inode === undefined) continue;
    found.set(pid, [...(found.get(pid) ?? []), `${String(parseInt(device, 16))}:${inode}`]);
  }
  return found;
}

/** Current folders, of those that may be read. */
export function parseFolders(text: string): Map<number, string> {
  return new Map(
    parseLsof(text).flatMap(({ pid, fields }) => {
      const name = fields.get('n');
      return fields.get('f') === 'cwd' && name?.startsWith('/') ? [[pid, name.replace(/ \(deleted\)$/, '')]] : [];
    }),
  );
}
