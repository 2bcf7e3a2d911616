import type { StrayReport } from '../../strays/report.ts';
import { out } from './colors.ts';
import { renderTable } from './table.ts';
import { formatSeconds } from './units.ts';

const MAX_ROWS = 100;
const MAX_COMMAND = 100;

const COLOR: Record<StrayReport['kind'], (text: string) => string> = {
  abandoned: out.yellow,
  detached: out.yellow,
  shielded: out.dim,
};

export function renderStrays(strays: StrayReport[]): string {
  if (strays.length === 0) return 'No agent’s session has left a process behind.';
  const rows = strays
    .slice(0, MAX_ROWS)
    .map(({ pid, kind, evidence, ports, ageSeconds, command }) => [
      `pid ${String(pid)}`,
      `${COLOR[kind](kind)}: ${evidence.join(', ')}`,
      ports.length === 0 ? '' : `port ${ports.join(', ')}`,
      `up ${formatSeconds(ageSeconds)}`,
      command.replace(/\s+/g, ' ').slice(0, MAX_COMMAND),
    ]);
  const count = (kind: StrayReport['kind']) => strays.filter((one) => one.kind === kind).length;
  const cut = strays.length - rows.length;
  const shielded = count('shielded');
  return [
    renderTable(rows),
    ...(cut > 0 ? [`... ${String(cut)} more: devctl strays --json`] : []),
    `${String(count('abandoned'))} abandoned, ${String(count('detached'))} detached, ${String(shielded)} shielded. Next: devctl strays --end${shielded > 0 ? ' (a shielded one only by its pid)' : ''}`,
  ].join('\n');
}
