import type { Finding } from '../../doctor/finding.ts';
import { out } from './colors.ts';
import { renderTable } from './table.ts';

const COLOR: Record<Finding['verdict'], (text: string) => string> = {
  ok: out.green,
  fixed: out.green,
  warn: out.yellow,
  fail: out.red,
};

/** What a doctor found, and how much of it is to be looked at. */
export function renderFindings(findings: Finding[]): string {
  const rows = findings.map(({ name, verdict, says, fix }) => [
    COLOR[verdict](verdict),
    out.bold(name),
    says,
    fix === undefined ? '' : out.cyan(fix),
  ]);
  return `${renderTable(rows)}\n${summary(findings)}`;
}

export const hasFailed = (findings: Finding[]): boolean => findings.some(({ verdict }) => verdict === 'fail');

function summary(findings: Finding[]): string {
  const count = (wanted: Finding['verdict']) => findings.filter(({ verdict }) => verdict === wanted).length;
  const [failed, warned] = [count('fail'), count('warn')];
  if (failed + warned === 0) return 'Everything is as it should be.';
  const parts = [...(failed > 0 ? [`${String(failed)} failed`] : []), ...(warned > 0 ? [`${String(warned)} to look at`] : [])];
  return `${parts.join(', ')}.`;
}
