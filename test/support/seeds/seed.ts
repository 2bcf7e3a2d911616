export interface Seeded {
  rule: string;
  variant: string;
  /** Where such code would be in production. */
  file: string;
  code: string;
  /** From 1: where the violation begins. */
  line: number;
}

export interface LookAlike {
  rule: string;
  why: string;
  file: string;
  code: string;
}

/** Before the line where the violation begins; it is not part of the code. */
const MARK = '»';

type Row = readonly [what: string, file: string, code: string];

const withoutFirstBreak = (code: string) => code.replace(/^\n/, '');

export function seeds(rule: string, rows: readonly Row[]): Seeded[] {
  return rows.map(([variant, file, text]) => {
    const parts = withoutFirstBreak(text).split(MARK);
    if (parts.length !== 2) throw new Error(`${rule}, ${variant}: one line is marked with ${MARK}`);
    return { rule, variant, file, code: parts.join(''), line: (parts[0] ?? '').split('\n').length };
  });
}

export function lookAlikes(rule: string, rows: readonly Row[]): LookAlike[] {
  return rows.map(([why, file, text]) => ({ rule, why, file, code: withoutFirstBreak(text) }));
}
