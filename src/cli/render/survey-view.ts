import { shellQuoted } from '../../machine/shell-quote.ts';
import type { Failure } from '../../failure.ts';
import type { SurveyRow } from '../../status/survey.ts';
import { wordFailure } from '../wording.ts';
import { out } from './colors.ts';
import { renderTable } from './table.ts';
import { count, formatSeconds } from './units.ts';
import { verdictColor } from './status-view.ts';

export function renderSurvey(rows: SurveyRow[], hidden: number, unseen: Failure[]): string {
  const table = rows.map(({ root, branch, verdict, ports, ageSeconds, startedBy }) => [
    out.bold(root),
    branch ?? '',
    verdictColor(verdict)(verdict),
    ports.length === 0 ? '' : `port ${ports.join(', ')}`,
    ageSeconds === undefined ? '' : `up ${formatSeconds(ageSeconds)}`,
    startedBy === undefined ? '' : startedBy.kind === 'agent' ? `by ${startedBy.name}` : 'by a person',
  ]);
  const gone = rows.filter(({ folder, verdict }) => folder === 'gone' && verdict !== 'stopped');
  const [first] = rows;
  const next = gone[0] ?? first;
  return [
    ...(table.length > 0 ? [renderTable(table)] : []),
    ...rows.filter(({ verdict }) => verdict === 'degraded').map(({ root, summary }) => `note: ${root}: ${summary}`),
    ...gone.map(({ root }) => `note: the folder ${root} is gone, and its services run`),
    ...unseen.map(wordFailure).map(({ what, why }) => `note: ${[what, ...why].join(': ')}`),
    [
      rows.length === 0 ? 'Nothing is running in any project' : count(rows.length, 'project'),
      ...(hidden > 0 ? [`${String(hidden)} stopped (devctl ls --all)`] : []),
    ].join('; ') + (next ? `. Next: devctl ${gone[0] ? 'stop' : 'status'} --root ${quoted(next.root)}` : '. Next: devctl start'),
  ].join('\n');
}

/** As a shell takes it. */
function quoted(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : shellQuoted(path);
}
