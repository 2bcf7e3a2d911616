import type { Files } from '../machine/files.ts';

/** How far each log was read: the file (`dev:ino`) and the byte. A rotated log has another file, and is read from its start. */
export type Cursor = Record<string, { id: string; offset: number }>;

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(Object.entries(cursor).map(([name, { id, offset }]) => [name, id, offset]))).toString(
    'base64url',
  );
}

/** `undefined` for what is no cursor. */
export function decodeCursor(text: string): Cursor | undefined {
  try {
    const rows = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
    if (!Array.isArray(rows)) return undefined;
    const cursor: Cursor = {};
    for (const row of rows as unknown[][]) {
      const [name, id, offset] = row;
      if (typeof name !== 'string' || typeof id !== 'string' || typeof offset !== 'number') return undefined;
      cursor[name] = { id, offset };
    }
    return cursor;
  } catch {
    return undefined;
  }
}

export function readCursor(files: Files, path: string): Cursor {
  return decodeCursor(files.readText(path) ?? '') ?? {};
}

/** Where to read on: behind the cursor if it is of this very file, else from the start. */
export function offsetAfter(cursor: Cursor, service: string, file: { id: string; size: number }): number {
  const mark = cursor[service];
  return mark?.id === file.id && mark.offset <= file.size ? mark.offset : 0;
}
