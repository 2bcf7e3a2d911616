import type { ProcessInfo, ProcessTable } from '../machine/processes.ts';
import type { Claim } from './claim.ts';
import { desktopProgram, sharedDaemon } from './programs.ts';

/** A process that carries our mark, and that no stop ends for it. */
export interface SetApart {
  process: ProcessInfo;
  /** `shared`: ended on request. `desktop`: only by whoever names it. */
  kind: 'shared' | 'desktop';
  service: string | undefined;
  /** "shared daemon gradle", "beneath shared daemon gradle (pid 77)" */
  evidence: string[];
}

type Known = Map<number, { role: string; service: string | undefined; evidence: string[] }>;

/**
 * Shared daemons that have left their keeper, desktop programs whose name no service's line gives, and everything
 * beneath these. Pure.
 */
export function findSetApart(table: ProcessTable, claim: Claim, known: Known): SetApart[] {
  const apart = new Map<number, SetApart>();
  for (const [pid, { role, service, evidence }] of known) {
    const process = table.byPid.get(pid);
    if (role !== 'service' || !process) continue;
    const root = rootKind(process, table, claim, known, service);
    if (root) apart.set(pid, { process, kind: root.kind, service, evidence: [...evidence, root.evidence] });
  }
  if (apart.size > 0) addDescendants(table, apart, known);
  return [...apart.values()];
}

function rootKind(
  process: ProcessInfo,
  table: ProcessTable,
  claim: Claim,
  known: Known,
  service: string | undefined,
): { kind: SetApart['kind']; evidence: string } | undefined {
  // The service's own shell, or what it has become.
  if (known.get(process.ppid)?.role === 'keeper') return undefined;
  const command = () => claim.commandOf(process.pid);
  const isNamed = (name: string) => service !== undefined && (claim.commands.get(service) ?? '').includes(name);
  const desktop = desktopProgram(process.comm, command);
  if (desktop !== undefined && !isNamed(desktop)) return { kind: 'desktop', evidence: `desktop program ${desktop}` };
  if (isKept(process, table, known)) return undefined;
  const daemon = sharedDaemon(process.comm, command);
  // A multiplexer that a service's line starts is that service's.
  if (daemon === undefined || (daemon === 'tmux' && isNamed('tmux'))) return undefined;
  return { kind: 'shared', evidence: `shared daemon ${daemon}` };
}

/** Does a live keeper stand above it? */
function isKept(process: ProcessInfo, table: ProcessTable, known: Known): boolean {
  const seen = new Set<number>();
  for (let one: ProcessInfo | undefined = process; one && !seen.has(one.pid); one = table.byPid.get(one.ppid)) {
    if (known.get(one.pid)?.role === 'keeper') return true;
    seen.add(one.pid);
  }
  return false;
}

function addDescendants(table: ProcessTable, apart: Map<number, SetApart>, known: Known): void {
  for (let grew = true; grew;) {
    grew = false;
    for (const process of table.all) {
      if (apart.has(process.pid) || known.get(process.pid)?.role === 'keeper' || process.state === 'Z') continue;
      const above = apart.get(process.ppid) ?? apart.get(process.sid);
      if (!above || above.process.start > process.start) continue;
      const origin = above.evidence.find((text) => text.startsWith('beneath ')) ?? beneath(above);
      apart.set(process.pid, { process, kind: above.kind, service: above.service, evidence: [origin] });
      grew = true;
    }
  }
}

function beneath({ process, evidence }: SetApart): string {
  return `beneath ${evidence.at(-1) ?? 'it'} (pid ${String(process.pid)})`;
}
