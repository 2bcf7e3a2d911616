import { join, relative } from 'node:path';
import type { Finding } from '../../validate/finding.ts';
import { LEVEL_NAMES, type Place } from '../../validate/rule.ts';
import type { Judgement } from '../../validate/validate.ts';
import type { ValidateWish } from '../validate-flags.ts';
import { out } from './colors.ts';
import { printable } from './printable.ts';
import { renderTable } from './table.ts';
import { count } from './units.ts';

/** What `--fix` came to. */
export interface Mending {
  /** Findings. */
  mended: number;
  /** Files with something to mend that stay as they are. */
  unmended: string[];
  /** It was given up: what rewrites put there is found again. */
  isEndless: boolean;
}

export interface Report extends Mending {
  judgement: Judgement;
  /** Those that count: not in the baseline. */
  findings: Finding[];
  known: number;
  gone: number;
  wish: ValidateWish;
  /** Where it was typed: paths are told from there. */
  cwd: string;
}

/** Findings that are printed; a program that wants all asks for JSON. */
const MOST = 100;

const COLOR: Record<Finding['severity'], (text: string) => string> = { error: out.red, warning: out.yellow };

/** By file, errors and warnings in the order of their lines; then what it comes to, and what to type next. */
export function renderReport(report: Report): string {
  const { findings, cwd, wish } = report;
  const shown = findings.slice(0, MOST);
  const files = [...new Set(shown.map(({ file }) => file))];
  return [
    ...files.flatMap((file) => [
      out.bold(printable(relative(cwd, join(wish.root, file)))),
      renderTable(shown.filter((one) => one.file === file).map(findingRow)),
      '',
    ]),
    ...(findings.length > MOST ? [`… and ${String(findings.length - MOST)} more (devctl validate --json has all)`, ''] : []),
    ...summary(report),
  ].join('\n');
}

function findingRow({ line, column, severity, rule, message, excerpt }: Finding): string[] {
  return [
    `  ${String(line)}:${String(column)}`,
    COLOR[severity](severity),
    out.cyan(rule),
    printable(message),
    out.dim(printable(shorten(excerpt))),
  ];
}

const EXCERPT = 60;
const shorten = (text: string): string => (text.length <= EXCERPT ? text : `${text.slice(0, EXCERPT - 1)}…`);

function summary({ findings, judgement, known, gone, mended, unmended, isEndless, wish }: Report): string[] {
  const { judged, ignored } = judgement;
  const { errors, warnings } = severities(findings);
  const { level } = wish.strictness;
  const where = `in ${describeFiles(judged)} at level ${String(level)} (${LEVEL_NAMES[level]})`;
  const notes = [
    ...(mended > 0 ? [`${count(mended, 'finding')} mended`] : []),
    ...(isEndless ? ['--fix was given up: what rewrites put there is found again and again'] : []),
    ...(unmended.length > 0 ? [`not mended, for they lie elsewhere or would no longer be code: ${some(unmended)}`] : []),
    ...(known > 0 ? [`${String(known)} known by the baseline`] : []),
    ...(gone > 0 ? [`${String(gone)} of the baseline gone (--write-baseline)`] : []),
    ...(ignored > 0 ? [`${String(ignored)} ignored with a reason`] : []),
    ...skippedNotes(judgement, (why) => !isUnjudged(why)),
  ];
  const unread = skippedNotes(judgement, isUnjudged);
  const [first] = findings;
  const fixable =
    wish.isFixing || wish.selection.change.kind === 'staged' ? 0 : findings.filter(({ isFixable }) => isFixable).length;
  return [
    verdict(errors, warnings, { where, judged: judged.size, mended }),
    ...unread.map((note) => out.red(printable(note))),
    ...notes.map((note) => out.dim(printable(note))),
    ...(fixable > 0 ? [`devctl validate --fix   mends ${String(fixable)} of them`] : []),
    ...(first ? [`devctl validate --explain ${first.rule}   why, and what to write instead`] : []),
  ];
}

function countPlaces(judged: Judgement['judged']): Record<Place, number> {
  const counts: Record<Place, number> = { production: 0, test: 0, script: 0 };
  for (const place of judged.values()) counts[place] += 1;
  return counts;
}

/** "214 files (31 tests, 4 scripts)" */
function describeFiles(judged: Judgement['judged']): string {
  const { test, script } = countPlaces(judged);
  const parts = [...(test > 0 ? [count(test, 'test')] : []), ...(script > 0 ? [count(script, 'script')] : [])];
  return `${count(judged.size, 'file')}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

function verdict(
  errors: number,
  warnings: number,
  { where, judged, mended }: { where: string; judged: number; mended: number },
): string {
  if (errors + warnings === 0)
    return judged === 0 ? 'There was no code to judge.' : out.green(`Nothing${mended > 0 ? ' left' : ''} to mend ${where}.`);
  const parts = [
    ...(errors > 0 ? [out.red(count(errors, 'error'))] : []),
    ...(warnings > 0 ? [out.yellow(count(warnings, 'warning'))] : []),
  ];
  return `${parts.join(', ')} ${where}.`;
}

const NAMED = 5;
const some = (names: string[]): string =>
  `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ` and ${String(names.length - NAMED)} more` : ''}`;

const WHY: Record<Skip['why'], string> = {
  packed: 'in its long lines searched for secrets only, for a minifier has made them',
  ignored: 'passed over, ignored by git or devctl.yml',
  'no-code': 'passed over, for it is neither TypeScript nor JavaScript',
  'no-file': 'passed over, for it is no regular file',
  binary: 'not judged, for it is no text',
  'too-large': 'not judged, for it is larger than 16 MB',
  elsewhere: 'passed over, for it lies in a repository of its own',
  unreadable: 'not judged, for it cannot be read',
};

/** It may hold anything: the rest being clean is no success. */
export const isUnjudged = (why: Skip['why']): boolean => why === 'unreadable' || why === 'too-large';

type Skip = Judgement['skipped'][number];

function skippedNotes({ skipped }: Judgement, isMeant: (why: Skip['why']) => boolean): string[] {
  return (Object.keys(WHY) as Skip['why'][]).filter(isMeant).flatMap((why) => {
    const names = skipped.filter((one) => one.why === why).map(({ file }) => file);
    return names.length === 0 ? [] : [`${WHY[why]}: ${some(names)}`];
  });
}

/** How many of each. */
export function severities(findings: Finding[]): { errors: number; warnings: number } {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: findings.length - errors };
}

/** The same for programs. */
export function reportData({ findings, judgement, known, gone, mended, unmended, isEndless, wish }: Report): unknown {
  return {
    root: wish.root,
    level: wish.strictness.level,
    testLevel: wish.strictness.testLevel,
    files: judgement.judged.size,
    places: countPlaces(judgement.judged),
    skipped: judgement.skipped,
    ...severities(findings),
    ignored: judgement.ignored,
    known,
    gone,
    mended,
    unmended,
    isEndless,
    findings,
  };
}
