import { join } from 'node:path';
import type { Files } from '../machine/files.ts';
import { applyRewrites } from './fix.ts';
import type { Fix } from './validate.ts';

export interface Mended {
  /** Findings that went with it. */
  count: number;
  /** Files that somebody else has written meanwhile: theirs stands. */
  overtaken: number;
  /** Files that stay as they are, from the root: they lie elsewhere, or would no longer be code. */
  left: string[];
}

/**
 * Writes what is mended. A link stays one; what it leads to is written where it is the project's. `isCode` tells whether a text is
 * right by its grammar: no rewrite may break it.
 */
export function mend(
  files: Pick<Files, 'realpath' | 'readText' | 'writeShared'>,
  root: string,
  fixes: Fix[],
  isCode: (path: string, text: string) => boolean,
): Mended {
  const mended: Mended = { count: 0, overtaken: 0, left: [] };
  for (const { file, text, rewrites } of fixes) {
    const path = files.realpath(join(root, file));
    const { text: better, count } = applyRewrites(text, rewrites);
    if (path?.startsWith(root === '/' ? root : `${root}/`) !== true || (isCode(file, text) && !isCode(file, better))) {
      mended.left.push(file);
    } else if (files.readText(path) !== text) mended.overtaken += 1;
    else {
      files.writeShared(path, better);
      mended.count += count;
    }
  }
  return mended;
}
