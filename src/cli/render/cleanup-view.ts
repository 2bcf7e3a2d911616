import type { CleanupReport } from '../../claude/cleanup/report.ts';
import { out } from './colors.ts';
import { renderTable } from './table.ts';
import { count, formatBytes } from './units.ts';

const MAX_COMMAND = 80;

/** As ps has it: "02:15:30", "3-02:15:30". */
function elapsed(seconds: number): string {
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  return `${days > 0 ? `${String(days)}-` : ''}${two((seconds % 86_400) / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}

/** What is stuck, with the reasons; of those at work only how many there are. */
export function renderCleanup(processes: CleanupReport[]): string {
  const meant = processes.filter(({ kind }) => kind !== 'at-work');
  const atWork = processes.length - meant.length;
  const rest = atWork === 0 ? '' : ` ${count(atWork, 'Claude Code process', 'Claude Code processes')} at work, left alone.`;
  if (meant.length === 0) return `No Claude Code process is stuck.${rest}`;
  const rows = meant.map(({ pid, ppid, ageSeconds, session, cpuMs, memoryBytes, evidence, command }) => [
    String(pid),
    String(ppid),
    elapsed(ageSeconds),
    session?.slice(0, 8) ?? '-',
    `${(cpuMs / 1000).toFixed(1)} s`,
    formatBytes(memoryBytes),
    out.yellow(evidence.join(', ')),
    command.replace(/\s+/g, ' ').slice(0, MAX_COMMAND),
  ]);
  const head = ['PID', 'PPID', 'ELAPSED', 'SESSION', 'CPU', 'MEMORY', 'WHY', 'COMMAND'].map((name) => out.bold(name));
  return [renderTable([head, ...rows]), `${count(meant.length, 'process is', 'processes are')} stuck.${rest}`].join('\n');
}
