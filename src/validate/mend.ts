import { join } from 'node:path';
import type { Files } from '../machine/files.ts';
import { applyRewrites } from './fix.ts';
import type { Fix } from './validate.ts';

export interface Mended {
  /** Findings that went with it. */
  count: number;
  /** Files that somebody else has written meanwhile: theirs stands. */
  overtaken: number;
}

/** Writes what is mended. A link stays one; what it leads to is written where it is the project's. */
export function mend(files: Pick<Files, 'realpath' | 'readText' | 'writeShared'>, root: string, fixes: Fix[]): Mended {
  const mended: Mended = { count: 0, overtaken: 0 };
  for (const { file, text, rewrites } of fixes) {
    const path = files.realpath(join(root, file));
    if (path?.startsWith(root === '/' ? root : `${root}/`) !== true) continue;
    if (files.readText(path) !== text) {
      mended.overtaken += 1;
      continue;
    }
    files.writeShared(path, applyRewrites(text, rewrites));
    mended.count += rewrites.length;
  }
  return mended;
}
