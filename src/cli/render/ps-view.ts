import type { ProcessReport } from '../../status/processes.ts';
import { out } from './colors.ts';
import { renderTable } from './table.ts';
import { formatSeconds } from './units.ts';

/** Without a terminal an agent reads every line. */
const MAX_ROWS = 100;
const MAX_COMMAND = 100;

const COLOR: Record<ProcessReport['class'], (text: string) => string> = {
  certain: out.green,
  named: out.green,
  probable: out.yellow,
  foreign: out.dim,
};

export function renderProcesses(processes: ProcessReport[], root: string, isWatched: boolean): string {
  if (processes.length === 0) return `No process of ${root} is alive, and nobody holds its ports. Next: devctl start`;
  const shown = isWatched ? processes : processes.slice(0, MAX_ROWS);
  const rows = shown.map((one) => [
    out.bold(one.service ?? '-'),
    `pid ${String(one.pid)}`,
    `${COLOR[one.class](one.class)}: ${one.evidence.join(', ')}`,
    one.role === 'service' ? '' : one.role,
    one.ports.length === 0 ? '' : `port ${one.ports.join(', ')}`,
    `up ${formatSeconds(one.ageSeconds)}`,
    one.command.slice(0, MAX_COMMAND),
  ]);
  const count = (kind: ProcessReport['class']) => processes.filter((one) => one.class === kind).length;
  const cut = processes.length - shown.length;
  const next =
    count('probable') > 0
      ? 'devctl stop --force ends what is probable as well'
      : count('certain') > 0
        ? 'devctl stop'
        : 'devctl start';
  return [
    renderTable(rows),
    ...(cut > 0 ? [`... ${String(cut)} more: devctl ps --json`] : []),
    `${String(count('certain'))} certain, ${String(count('probable'))} probable, ${String(count('foreign'))} foreign. Next: ${next}`,
  ].join('\n');
}
