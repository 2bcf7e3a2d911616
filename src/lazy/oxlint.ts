import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The script of the oxlint that devctl was installed with; what stands in node_modules/.bin may be another one. Throws where it is not. */
export function oxlintProgram(): string {
  const manifest = createRequire(__filename).resolve('oxlint/package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { oxlint: string } };
  return join(dirname(manifest), bin.oxlint);
}
