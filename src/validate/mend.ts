import { join } from 'node:path';
import type { Files } from '../machine/files.ts';
import { applyRewrites } from './fix.ts';
import type { Fix } from './validate.ts';

/** Writes what is mended; how many findings went with it. A link stays one; what it leads to is written where it is the project's. */
export function mend(files: Files, root: string, fixes: Fix[]): number {
  let mended = 0;
  for (const { file, text, rewrites } of fixes) {
    const path = files.realpath(join(root, file));
    if (path?.startsWith(root === '/' ? root : `${root}/`) !== true) continue;
    files.writeShared(path, applyRewrites(text, rewrites));
    mended += rewrites.length;
  }
  return mended;
}
