/** How strict one is, from what is still being written to what must not fail. */
export type Level = 1 | 2 | 3 | 4;

export const LEVEL_NAMES: Record<Level, string> = { 1: 'lenient', 2: 'standard', 3: 'strict', 4: 'paranoid' };

export type Severity = 'off' | 'warning' | 'error';

/** What a file is for: the product, its tests and their fixtures, or the tools around it (bin, scripts, configuration). */
export type Place = 'production' | 'test' | 'script';

/** A rule as data. What is found, and how it is judged at each level, is all here; `finders/` has the programs. */
export interface Rule {
  id: string;
  /** What is wrong, in one line. */
  message: string;
  /** Why it matters. */
  why: string;
  /** What to write instead. */
  instead: string;
  /** From lenient to paranoid. */
  severity: readonly [Severity, Severity, Severity, Severity];
  /** Everywhere by default. */
  places?: readonly Place[];
  /** Globs of the files that it is for, from the root; all by default. */
  files?: readonly string[];
  /** What it finds is not printed. */
  isSecret?: boolean;
  finders: readonly Finder[];
  /** Each is found, and is a test. */
  bad: readonly Example[];
  /** Nothing is found in any of them. */
  good: readonly Example[];
}

export interface Example {
  code: string;
  /** "example.ts" by default. */
  file?: string;
}

/** What looks for it. A rule may have several; what they find at one place counts once. */
export type Finder =
  OxlintFinder | CommentFinder | SyntaxFinder | TextFinder | SecretlintFinder | UnparsableFinder | IgnoreFinder;

/** A rule of oxlint. */
export interface OxlintFinder {
  by: 'oxlint';
  /** With its plugin, where it is not ESLint's: "typescript/no-explicit-any". */
  rule: string;
  /** It counts only where this matches what stands before it, at most 200 characters. */
  after?: RegExp;
  /** And not where this matches that. */
  unless?: RegExp;
  /** It counts only where this matches what is reported. */
  text?: RegExp;
}

/** Comments. */
export interface CommentFinder {
  by: 'comment';
  /** Words of which one stands in it, in any case; what oxlint looks for. */
  terms: readonly string[];
  match: RegExp;
  rewrite?: { from: RegExp; to: string };
}

/** The grammars: `.ts`, where `<T>x` is a cast, and all else, where it may be JSX. */
export type Grammar = 'TypeScript' | 'Tsx';

/** A shape of the syntax tree, as ast-grep has it. */
export interface SyntaxFinder {
  by: 'syntax';
  /** Those that have the kinds of nodes of the shape; both by default. */
  grammars?: readonly Grammar[];
  /** A file in which one of these matches nothing cannot have the shape, and is not parsed. */
  words: readonly RegExp[];
  find: Shape;
  utils?: Record<string, Shape>;
  constraints?: Record<string, Shape>;
  /** What to put in its place, with the variables of the pattern. */
  rewrite?: string;
}

/** A text, wherever it stands. Only the group `value` is reported, where there is one, with the group `rest` that follows it. */
export interface TextFinder {
  by: 'text';
  /** With the flags `g` and `d`. */
  pattern: RegExp;
  /** Values that are none. */
  except?: RegExp;
}

/** The credentials that secretlint knows. */
export interface SecretlintFinder {
  by: 'secretlint';
}

/** What oxlint cannot parse. */
export interface UnparsableFinder {
  by: 'unparsable';
}

/** Comments `devctl-ignore` that are not right: without a reason or of no rule; or right, and nothing is found there any more. */
export interface IgnoreFinder {
  by: 'ignore';
  problem: 'invalid' | 'unused';
}

/** A rule of ast-grep, as JSON. Source: https://ast-grep.github.io/reference/rule.html */
export interface Shape {
  pattern?: string | { context: string; selector?: string; strictness?: string };
  kind?: string;
  regex?: string;
  nthChild?: number | string;
  inside?: Relation;
  has?: Relation;
  precedes?: Relation;
  follows?: Relation;
  all?: readonly Shape[];
  any?: readonly Shape[];
  not?: Shape;
  matches?: string;
}

export interface Relation extends Shape {
  stopBy?: 'neighbor' | 'end' | Shape;
  field?: string;
}
