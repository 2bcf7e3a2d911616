import type { Machine } from '../../machine/machine.ts';
import type { Ceiling } from './plan.ts';

const PROBE_MS = 3000;

/** What can hold the memory of a program here: a scope of the user's systemd, else a control group that we may make. */
export async function chooseCeiling(
  { commands, cgroups, tools, env }: Pick<Machine, 'commands' | 'cgroups' | 'tools' | 'env'>,
  bytes: number,
): Promise<Ceiling> {
  // systemd answers on its socket in XDG_RUNTIME_DIR, or there is none for this user.
  if (env['XDG_RUNTIME_DIR'] !== undefined && commands.locate('systemd-run', env['PATH'] ?? '').length > 0) {
    const args = ['--user', '--scope', '--quiet', '--collect', '-p', `MemoryMax=${String(bytes)}`, '--', 'true'];
    const { outcome } = await tools.run({ file: 'systemd-run', args, timeoutMs: PROBE_MS });
    if (outcome === 'done') return { kind: 'systemd', bytes };
  }
  if (cgroups.plan({ name: 'devctl', memoryBytes: bytes, toolPids: undefined }).join.length > 0) return { kind: 'group', bytes };
  return { kind: 'none', why: 'neither a systemd of this user nor a control group that this user may divide' };
}
