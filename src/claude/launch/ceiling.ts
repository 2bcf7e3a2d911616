import type { Machine } from '../../machine/machine.ts';
import type { Ceiling } from './plan.ts';

export interface CeilingRequest {
  /** What its shell runs can be sent into a group of its own. */
  canMoveTools: boolean;
  /** The caller's own wish. */
  askedBytes: number | undefined;
  plannedBytes: number;
  /** What counts as the machine's memory. */
  effectiveBytes: number;
}

const PROBE_MS = 3000;
const GB = 2 ** 30;
/** Below it V8 takes a machine for a small one, and halves the heap of every node on it. Source: V8, Heap::MaxOldGenerationSizeFromPhysicalMemory. */
const V8_LARGE_MACHINE = 15 * GB;

/** What can hold the memory of a program here: a scope of the user's systemd, else a control group that we may make. */
export async function chooseCeiling(
  { commands, cgroups, tools, env }: Pick<Machine, 'commands' | 'cgroups' | 'tools' | 'env'>,
  { canMoveTools, askedBytes, plannedBytes, effectiveBytes }: CeilingRequest,
): Promise<Ceiling> {
  const bytes = askedBytes ?? plannedBytes;
  if (!canMoveTools && askedBytes === undefined)
    return { kind: 'none', why: 'your CLAUDE_CODE_SHELL_PREFIX keeps its tools with it, and they would have the same one' };
  // A control group leaves the tools out.
  if (cgroups.plan({ name: 'devctl', memoryBytes: bytes, toolPids: undefined }).join.length > 0) return { kind: 'group', bytes };
  // systemd answers on its socket in XDG_RUNTIME_DIR, or there is none for this user.
  if (env['XDG_RUNTIME_DIR'] === undefined || commands.locate('systemd-run', env['PATH'] ?? '').length === 0)
    return { kind: 'none', why: 'neither a control group that this user may divide, nor a systemd of this user' };
  // A scope holds the tools as well, whose heaps must stay as they are.
  const scopeBytes = askedBytes ?? Math.max(plannedBytes, V8_LARGE_MACHINE);
  if (scopeBytes > effectiveBytes)
    return {
      kind: 'none',
      why: 'a scope of systemd would hold the tools as well, and halve the heap of every node; --memory sets one all the same',
    };
  const args = ['--user', '--scope', '--quiet', '--collect', '-p', `MemoryMax=${String(scopeBytes)}`, '--', 'true'];
  const { outcome } = await tools.run({ file: 'systemd-run', args, timeoutMs: PROBE_MS });
  return outcome === 'done'
    ? { kind: 'systemd', bytes: scopeBytes }
    : { kind: 'none', why: 'systemd-run cannot reach a systemd of this user' };
}
