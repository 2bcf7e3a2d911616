import type { Files } from './files.ts';

/** What is no file, or not ours to read, tells nothing: for whoever only looks. */
export function readQuietly({ readText }: Pick<Files, 'readText'>, path: string): string | undefined {
  try {
    return readText(path);
  } catch {
    return undefined;
  }
}
