import type { StopPlan } from '../../stop/plan.ts';
import type { LayerReport, StopOutcome } from '../../stop/options.ts';
import { renderTable } from './table.ts';
import { formatSeconds } from './units.ts';

const MAX_COMMAND = 100;
/** So many are told of; `devctl ps` has all. */
const MAX_LEFT_ALONE = 5;

export function renderStop(plan: StopPlan, outcome: StopOutcome): string {
  const notes = renderLeftAlone(outcome);
  const isNothing = plan.seen.length === 0 && outcome.layers.every(({ layer, found }) => found === 0 || isBeyond(layer));
  if (isNothing && outcome.layers.every(({ done }) => !done.startsWith('ended')))
    return ['Nothing was running.', ...notes].join('\n');
  const services = [...new Set(plan.seen.flatMap((seen) => seen.service ?? []))];
  return [
    renderLayers(outcome.layers),
    ...notes,
    `Stopped ${services.join(', ') || 'everything'} in ${formatSeconds(outcome.seconds)}; no process of ${plan.selector.services === 'all' ? 'the project' : 'these'} is left.`,
  ].join('\n');
}

export function stopData(plan: StopPlan, { layers, seconds, leftAlone }: StopOutcome): object {
  return {
    layers,
    seconds,
    ended: plan.seen,
    leftAlone: leftAlone.map(({ process, command, class: kind, evidence, ports }) => ({
      pid: process.pid,
      command,
      class: kind,
      evidence: evidence.join(', '),
      ports,
    })),
  };
}

const isBeyond = (layer: LayerReport['layer']): boolean => layer === 'port' || layer === 'pattern';

export function renderLayers(layers: LayerReport[]): string {
  return renderTable(
    layers.map(({ layer, found, done, left }) => [layer, `found ${String(found)}`, done, `left ${String(left)}`]),
  );
}

function renderLeftAlone({ leftAlone }: StopOutcome): string[] {
  const told = leftAlone.slice(0, MAX_LEFT_ALONE).map(({ process, command, class: kind, evidence, isDesktop }) => {
    const how = kind === 'foreign' || isDesktop ? '' : '; devctl stop --force ends it';
    return `note: left alone: pid ${String(process.pid)} ${command.slice(0, MAX_COMMAND)} (${kind}: ${evidence.join(', ')})${how}`;
  });
  const rest = leftAlone.length - told.length;
  return rest > 0 ? [...told, `note: and ${String(rest)} more: devctl ps`] : told;
}

export function renderStopPlan(plan: StopPlan): string {
  return `${renderWouldEnd(plan)} Nothing was done.`;
}

/** The plan for whoever is about to be asked. */
export function renderWouldEnd(plan: StopPlan): string {
  const ended = plan.suspects.filter(({ action }) => action === 'end').length + plan.seen.length;
  const rows = [
    ...plan.seen.map((seen) => [
      seen.service ?? '-',
      `pid ${String(seen.pid)}`,
      seen.role === 'service' ? '' : seen.role,
      `certain: ${seen.evidence}`,
      seen.command.slice(0, MAX_COMMAND),
    ]),
    ...plan.suspects.map((suspect) => [
      suspect.service ?? '-',
      `pid ${String(suspect.pid)}`,
      suspect.action === 'end' ? '' : 'left alone',
      `${suspect.class}: ${suspect.evidence}`,
      suspect.command.slice(0, MAX_COMMAND),
    ]),
  ];
  if (rows.length === 0) return 'Nothing is running.';
  const what =
    ended === 0
      ? 'Would end none of these'
      : `Would end ${ended === rows.length ? 'these' : `${String(ended)} of these`} ${String(rows.length)}`;
  return `${renderTable(rows)}\n${what} (layers: ${plan.layers.join(', ')}).`;
}
