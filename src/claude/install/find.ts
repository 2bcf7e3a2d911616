import { dirname, join } from 'node:path';
import type { Machine } from '../../machine/machine.ts';
import { fail, ok, type Result } from '../../result.ts';
import { identify, type ClaudeKind } from './identify.ts';
import { isNativeVersion, parseVersion } from './version.ts';

/** A Claude Code that can be run. */
export interface Claude {
  /** As it was found; the native installer puts a new version behind the same name. */
  path: string;
  /** What runs in the end. */
  file: string;
  kind: Exclude<ClaudeKind, 'incomplete' | 'ours'>;
  /** `undefined` where neither its files nor it itself tell. */
  version: string | undefined;
  /** "PATH", "native installer" ... */
  source: string;
}

const VERSION_MS = 5000;

/** The first Claude Code of the PATH, else of the places where its installers put it. */
export async function findClaude(machine: Machine): Promise<Result<Claude>> {
  const { files, tools, env } = machine;
  const passedOver: string[] = [];
  for (const { path, source } of candidates(machine)) {
    const { kind, file, version } = identify(files, path);
    if (kind === 'incomplete') passedOver.push(`${path} is only a placeholder: the install script of its package did not run`);
    if (kind === 'incomplete' || kind === 'ours') continue;
    // Somebody's script may do anything when it is asked.
    if (version !== undefined || kind === 'script') return ok({ path, file, kind, version, source });
    const { stdout } = await tools.run({ file: path, args: ['--version'], timeoutMs: VERSION_MS });
    const told = parseVersion(stdout.trim());
    return ok({
      path,
      file,
      version: told,
      source,
      kind: kind === 'node' && told !== undefined && isNativeVersion(told) ? 'script' : kind,
    });
  }
  const looked = `looked on the PATH (${env['PATH'] ?? 'which is not set'}) and where its installers put it`;
  return fail({ code: 'NO_CLAUDE', why: [...passedOver, looked] });
}

function candidates({ commands, env, home }: Machine): { path: string; source: string }[] {
  const folder = env['HOME'] ?? home.home;
  const elsewhere = [
    { path: join(folder, '.local', 'bin', 'claude'), source: 'native installer' },
    { path: join(folder, '.claude', 'local', 'claude'), source: 'local npm installation' },
    { path: join(dirname(process.execPath), 'claude'), source: 'global npm packages' },
    { path: '/opt/homebrew/bin/claude', source: 'Homebrew' },
    { path: '/usr/local/bin/claude', source: '/usr/local' },
  ];
  return [
    ...commands.locate('claude', env['PATH'] ?? '').map((path) => ({ path, source: 'PATH' })),
    ...elsewhere.filter(({ path }) => commands.isExecutable(path)),
  ];
}
