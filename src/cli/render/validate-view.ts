import { posix } from 'node:path';
import type { Finding } from '../../validate/finding.ts';
import { LEVEL_NAMES } from '../../validate/rule.ts';
import type { Judgement } from '../../validate/validate.ts';
import type { ValidateWish } from '../validate-flags.ts';
import { out } from './colors.ts';
import { renderTable } from './table.ts';
import { count } from './units.ts';

export interface Report {
  judgement: Judgement;
  /** Those that count: not in the baseline. */
  findings: Finding[];
  known: number;
  gone: number;
  mended: number;
  wish: ValidateWish;
  /** From the folder where it was typed to the root. */
  here: string;
}

/** Findings that are printed; a program that wants all asks for JSON. */
const MOST = 100;

const COLOR: Record<Finding['severity'], (text: string) => string> = { error: out.red, warning: out.yellow };

/** By file, errors and warnings in the order of their lines; then what it comes to, and what to type next. */
export function renderReport(report: Report): string {
  const { findings, here } = report;
  const shown = findings.slice(0, MOST);
  const files = [...new Set(shown.map(({ file }) => file))];
  return [
    ...files.flatMap((file) => [
      out.bold(posix.join(here, file)),
      renderTable(shown.filter((one) => one.file === file).map(findingRow)),
      '',
    ]),
    ...(findings.length > MOST ? [`… and ${String(findings.length - MOST)} more (devctl validate --json has all)`, ''] : []),
    ...summary(report),
  ].join('\n');
}

function findingRow({ line, column, severity, rule, message, excerpt }: Finding): string[] {
  return [`  ${String(line)}:${String(column)}`, COLOR[severity](severity), out.cyan(rule), message, out.dim(shorten(excerpt))];
}

const EXCERPT = 60;
const shorten = (text: string): string => (text.length <= EXCERPT ? text : `${text.slice(0, EXCERPT - 1)}…`);

function summary({ findings, judgement, known, gone, mended, wish }: Report): string[] {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const { level } = wish.strictness;
  const where = `in ${count(judgement.judged, 'file')} at level ${String(level)} (${LEVEL_NAMES[level]})`;
  const notes = [
    ...(mended > 0 ? [`${count(mended, 'finding')} mended`] : []),
    ...(known > 0 ? [`${String(known)} known by the baseline`] : []),
    ...(gone > 0 ? [`${String(gone)} of the baseline gone (--write-baseline)`] : []),
    ...(judgement.ignored > 0 ? [`${String(judgement.ignored)} ignored with a reason`] : []),
    ...(judgement.packed > 0 ? [`${count(judgement.packed, 'packed file')} searched for secrets only`] : []),
    ...skippedNotes(judgement),
  ];
  const verdict =
    findings.length === 0
      ? out.green(`Nothing to mend ${where}.`)
      : `${[...(errors > 0 ? [out.red(count(errors, 'error'))] : []), ...(warnings > 0 ? [out.yellow(count(warnings, 'warning'))] : [])].join(', ')} ${where}.`;
  const [first] = findings;
  const fixable = wish.isFixing ? 0 : findings.filter(({ isFixable }) => isFixable).length;
  return [
    verdict,
    ...(notes.length > 0 ? [out.dim(notes.join(' · '))] : []),
    ...(fixable > 0 ? [`devctl validate --fix   mends ${String(fixable)} of them`] : []),
    ...(first ? [`devctl validate --explain ${first.rule}   why, and what to write instead`] : []),
  ];
}

function skippedNotes({ skipped }: Judgement): string[] {
  const named = skipped.filter(({ why }) => why === 'ignored').map(({ file }) => file);
  const others = skipped.filter(({ why }) => why !== 'ignored');
  return [
    ...(named.length > 0 ? [`passed over, for it is ignored: ${named.join(', ')}`] : []),
    ...(others.length > 0
      ? [
          `not judged: ${others
            .slice(0, 5)
            .map(({ file, why }) => `${file} (${why})`)
            .join(', ')}${others.length > 5 ? ` and ${String(others.length - 5)} more` : ''}`,
        ]
      : []),
  ];
}
