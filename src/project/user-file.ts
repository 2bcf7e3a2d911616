import type { Files } from '../machine/files.ts';
import { fail, ok, type Result } from '../result.ts';

/** A file that a person wrote; a folder, or one that may not be read, is a failure that says so. */
export function readUserFile(files: Files, path: string): Result<string | undefined> {
  try {
    return ok(files.readText(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EISDIR') return fail({ code: 'UNREADABLE_FILE', path, reason: 'it is a folder' });
    if (code === 'EACCES' || code === 'EPERM') return fail({ code: 'UNREADABLE_FILE', path, reason: 'you may not read it' });
    throw error;
  }
}
