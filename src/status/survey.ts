import type { Failure } from '../failure.ts';
import type { Machine } from '../machine/machine.ts';
import type { ProcessTable } from '../machine/processes.ts';
import { findProjects } from '../project/all-projects.ts';
import type { Caller } from '../project/caller.ts';
import { branchOf, findCheckout } from '../project/git.ts';
import { isMarkOf } from '../project/identity.ts';
import { recordOf, type OpenedProject } from '../project/open.ts';
import type { Mode } from '../project/run-record.ts';
import { ok } from '../result.ts';
import { gatherStatus } from './gather.ts';
import type { Verdict } from './report.ts';

/** One project's environment in a line. */
export interface SurveyRow {
  root: string;
  folder: 'there' | 'gone';
  branch?: string;
  verdict: Verdict;
  summary: string;
  /** Where its services listen. */
  ports: number[];
  mode?: Mode;
  startedAt?: string;
  ageSeconds?: number;
  startedBy?: Caller;
}

export interface Survey {
  rows: SurveyRow[];
  /** Projects that cannot be looked at from here. */
  unseen: Failure[];
}

/** Looks at every project that devctl ever started for this user. Those in which nothing lives cost one look together. */
export async function surveyProjects(machine: Machine): Promise<Survey> {
  const survey: Survey = { rows: [], unseen: [] };
  const table = machine.processes.scan({ since: 0, evidence: 'mark', logs: [] });
  for (const project of findProjects(machine)) {
    const read = recordOf(machine, project);
    if (!read.ok) survey.unseen.push(read.failure);
    else if (project.root.startsWith('/')) survey.rows.push(await surveyOne(machine, { project, ...read.value }, table));
  }
  survey.rows.sort((a, b) => rank(a) - rank(b) || (a.root < b.root ? -1 : 1));
  return survey;
}

const rank = ({ verdict }: SurveyRow): number => (verdict === 'stopped' ? 1 : 0);

async function surveyOne(machine: Machine, opened: OpenedProject, table: ProcessTable): Promise<SurveyRow> {
  const { project, record } = opened;
  const { files, clock } = machine;
  const folder = files.stat(project.root) === undefined ? 'gone' : 'there';
  const checkout = folder === 'there' ? findCheckout(files, project.root) : undefined;
  const branch = checkout && branchOf(files, checkout);
  const place = { root: project.root, folder, ...(branch === undefined ? {} : { branch }) } as const;

  const live = record && !record.ended ? record : undefined;
  const isAlive = table.all.some(
    ({ mark, cookie }) => (mark !== undefined && isMarkOf(project.id, mark)) || cookie === project.id,
  );
  if (!live && !isAlive) return { ...place, verdict: 'stopped', summary: 'nothing is running', ports: [] };
  const status = await gatherStatus(machine, opened, () => Promise.resolve(ok({ services: live?.defined ?? [] })));
  if (!status.ok) return { ...place, verdict: 'stopped', summary: 'nothing is known of it', ports: [] };
  const { verdict, summary, services } = status.value;
  return {
    ...place,
    verdict,
    summary,
    ports: [...new Set(services.flatMap(({ listeners }) => listeners.map(({ port }) => port)))],
    ...(live && verdict !== 'stopped'
      ? {
          mode: live.mode,
          startedAt: live.startedAt,
          ageSeconds: Math.max(0, (clock.now() - Date.parse(live.startedAt)) / 1000),
          ...(live.startedBy ? { startedBy: live.startedBy } : {}),
        }
      : {}),
  };
}
