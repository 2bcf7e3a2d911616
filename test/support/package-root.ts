import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository, seen from a source file or from a bundle below node_modules. */
function findPackage(folder: string): string {
  return existsSync(join(folder, 'bin', 'devctl.js')) ? folder : findPackage(dirname(folder));
}

export const PACKAGE = findPackage(dirname(fileURLToPath(import.meta.url)));
export const DEVCTL = join(PACKAGE, 'bin', 'devctl.js');
