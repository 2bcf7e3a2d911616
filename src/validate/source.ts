import type { Place } from './rule.ts';

/** Something that may be a file to judge. */
export interface Listed {
  /** From the root, with slashes. */
  path: string;
  /** Where its text lies: in the folder itself, or in a copy of what git has staged. */
  at: string;
}

export interface Source extends Listed {
  /** In bytes. */
  size: number;
}

export const CODE = /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/i;

const TEST =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|__fixtures__|fixtures?|specs?|e2e|cypress|mocks?|stories|benchmarks?|bench)\/|(?:^|[/._-])(?:test|tests|spec|stories|story|fixture|mock|bench|e2e)\.[cm]?[jt]sx?$|(?:^|\/)tests?[._-][^/]*$/;
const SCRIPT =
  /(?:^|\/)(?:bin|scripts?|tools|cli)\/|(?:^|\/)(?:gulpfile|gruntfile|[^/]*\.config)\.[cm]?[jt]s$|(?:^|[/._-])cli(?:[._-][^/]*)?\.[cm]?[jt]s$/i;

/** What a file is for, by its path and the first line of its text. */
export function placeOf(path: string, text: string): Place {
  if (TEST.test(path)) return 'test';
  return SCRIPT.test(path) || text.startsWith('#!') ? 'script' : 'production';
}
