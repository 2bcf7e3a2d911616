import type { NukeOutcome } from '../../nuke/apply.ts';
import type { NukePlan, OutsideTarget } from '../../nuke/plan.ts';
import { renderWouldEnd } from './stop-view.ts';
import { renderTable } from './table.ts';

const MAX_COMMAND = 100;

/** Every process that would end, project by project, then those outside. */
export function renderNukePlan({ projects, outside, spared }: NukePlan): string {
  return [
    ...projects.map(({ project, plan }) => `${project.root}\n${renderWouldEnd(plan)}`),
    ...(outside.length > 0 ? [`DANGER: outside every project, whoever started them:\n${rows(outside)}`] : []),
    ...(spared.length > 0 ? [`left alone:\n${rows(spared)}`] : []),
  ].join('\n');
}

function rows(targets: OutsideTarget[]): string {
  return renderTable(
    targets.map(({ process, command, why }) => [`pid ${String(process.pid)}`, why, command.slice(0, MAX_COMMAND)]),
  );
}

export function renderNuke(outcome: NukeOutcome, count: number): string {
  const places = outcome.projects.map(({ root }) => root);
  const outside = outcome.ended > 0 ? [`${String(outcome.ended)} outside every project`] : [];
  return `Ended ${String(count)} processes: ${[...places, ...outside].join(', ')}; none is left.`;
}

export function nukeData({ projects, outside, spared }: NukePlan): object {
  const plain = ({ process, command, why }: OutsideTarget) => ({ pid: process.pid, command, why });
  return {
    projects: projects.map(({ project, plan }) => ({ root: project.root, plan })),
    outside: outside.map(plain),
    spared: spared.map(plain),
  };
}
