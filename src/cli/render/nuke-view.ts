import type { NukeOutcome } from '../../nuke/apply.ts';
import type { NukePlan, OutsideProcess } from '../../nuke/plan.ts';
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

function rows(processes: OutsideProcess[]): string {
  return renderTable(
    processes.map(({ owned, command }) => [
      `pid ${String(owned.process.pid)}`,
      owned.evidence.join('; '),
      command.slice(0, MAX_COMMAND),
    ]),
  );
}

export function renderNuke({ projects, ended }: NukeOutcome, { outside }: NukePlan): string {
  const places = [...projects.map(({ root }) => root), ...(outside.length > 0 ? ['outside every project'] : [])];
  return `Ended ${String(ended)} processes (${places.join(', ')}); none is left.`;
}

export function nukeData({ projects, outside, spared }: NukePlan): object {
  const plain = ({ owned, command }: OutsideProcess) => ({ pid: owned.process.pid, command, why: owned.evidence.join('; ') });
  return {
    projects: projects.map(({ project, plan }) => ({ root: project.root, plan })),
    outside: outside.map(plain),
    spared: spared.map(plain),
  };
}
