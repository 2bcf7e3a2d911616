import { fail, ok, type Result } from '../result.ts';
import type { Engines } from '../validate/engines.ts';

const INSTALL = 'npm install --include=optional   where devctl is installed';

/** What `devctl validate` is built on. oxlint and ast-grep are native programs, and optional: where they are not, it says so. */
export async function loadEngines(): Promise<Result<Engines>> {
  const packages: { name: string; reason: string }[] = [];
  const load = async <T>(name: string, get: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await get();
    } catch (error) {
      packages.push({ name, reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) });
      return undefined;
    }
  };
  const astGrep = await load('@ast-grep/napi', () => import('../lazy/ast-grep.ts'));
  const oxlint = await load('oxlint', async () => (await import('../lazy/oxlint.ts')).oxlintProgram());
  if (!astGrep || oxlint === undefined) return fail({ code: 'NO_PACKAGE', packages, install: INSTALL });
  // Where no rule asks for secrets, it is not needed; to import is not free the second time either.
  let secretlint: Promise<typeof import('../lazy/secretlint.ts')> | undefined;
  const findSecrets: Engines['findSecrets'] = async (path, text) =>
    (await (secretlint ??= import('../lazy/secretlint.ts'))).findSecrets(path, text);
  return ok({ astGrep, oxlint: [process.execPath, oxlint], findSecrets });
}
