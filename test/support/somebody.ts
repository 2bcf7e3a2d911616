import { lchownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEVCTL, type Ran, type Rig, type RunOptions } from './rig.ts';

export const IS_ROOT = process.getuid?.() === 0;

/** A user that nobody else is, and that has no name: no line in /etc/passwd. */
const NAMELESS = 61_234;
const SOMEBODY = IS_ROOT ? NAMELESS : (process.getuid?.() ?? 0);

export type RunWords = (words: string[], options?: RunOptions) => Promise<Ran>;

/** devctl as a user without rights of its own, to whom the rig belongs from now on: root may read, write and signal everything. */
export function asSomebody(rig: Rig): RunWords {
  if (!IS_ROOT) return (words, options) => rig.exec(process.execPath, [DEVCTL, ...words], options);
  give(rig.root);
  const become = ['--reuid', String(SOMEBODY), '--regid', String(SOMEBODY), '--clear-groups'];
  return (words, options) => rig.exec('setpriv', [...become, process.execPath, DEVCTL, ...words], options);
}

function give(path: string): void {
  lchownSync(path, SOMEBODY, SOMEBODY);
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    lchownSync(join(entry.parentPath, entry.name), SOMEBODY, SOMEBODY);
}
