import type { Rule, Severity } from './rule.ts';

/** What a finder has found in a text; offsets in UTF-16 units. */
export interface Hit {
  rule: Rule;
  from: number;
  to: number;
  /** What is shown: the word in a long comment; `from` by default. */
  focus?: number;
  /** The text to put there, where that is safe. */
  rewrite?: string;
  /** What is special about this one. */
  detail?: string;
}

/** One thing to mend. Lines and columns count from 1, columns in UTF-16 units, as editors have them. */
export interface Finding {
  rule: string;
  severity: Exclude<Severity, 'off'>;
  /** From the root, with slashes. */
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  message: string;
  /** The line that it begins in, shortened; of a secret only its place. */
  excerpt: string;
  isFixable: boolean;
}

/** Another text for a part of a file; offsets in UTF-16 units. */
export interface Rewrite {
  from: number;
  to: number;
  text: string;
}
