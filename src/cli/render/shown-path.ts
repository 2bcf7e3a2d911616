import { relative } from 'node:path';

/** A path as it is shorter, from where the command is typed; as it is where that folder is gone. */
export function shownPath(path: string): string {
  try {
    return relative(process.cwd(), path);
  } catch {
    return path;
  }
}
