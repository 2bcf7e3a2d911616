import type { StopPlan } from '../../stop/plan.ts';
import type { StopOutcome } from '../../stop/options.ts';
import { renderTable } from './table.ts';
import { formatSeconds } from './units.ts';

export function renderStop(plan: StopPlan, outcome: StopOutcome): string {
  if (plan.seen.length === 0 && outcome.layers.every((layer) => layer.found === 0)) return 'Nothing was running.';
  const rows = outcome.layers.map((layer) => [
    layer.layer,
    `found ${String(layer.found)}`,
    layer.done,
    `left ${String(layer.left)}`,
  ]);
  const services = [...new Set(plan.seen.flatMap((seen) => seen.service ?? []))];
  return `${renderTable(rows)}\nStopped ${services.join(', ') || 'everything'} in ${formatSeconds(outcome.seconds)}; no process of ${plan.selector.services === 'all' ? 'the project' : 'these'} is left.`;
}

export function renderStopPlan(plan: StopPlan): string {
  if (plan.seen.length === 0) return 'Nothing is running; nothing would be done.';
  const rows = plan.seen.map((seen) => [
    seen.service ?? '-',
    `pid ${String(seen.pid)}`,
    seen.role === 'service' ? '' : seen.role,
    `certain: ${seen.evidence}`,
    seen.command.slice(0, 100),
  ]);
  return `${renderTable(rows)}\nWould end these ${String(plan.seen.length)} (layers: ${plan.layers.join(', ')}). Nothing was done.`;
}
