import type { Finder, Rule } from '../rule.ts';
import { findersOf } from '../rules-of.ts';
import type { Hit } from '../finding.ts';
import { IGNORE_TERM } from '../ignores.ts';

/** What oxlint says of a file. Offsets are in bytes. */
export interface Diagnostic {
  /** "no-console", "typescript/no-explicit-any"; absent: the file could not be parsed. */
  rule: string | undefined;
  file: string | undefined;
  message: string;
  from: number;
  length: number;
}

/** oxlint's own rule for comments: those that have one of some words. */
const COMMENTS = 'no-warning-comments';

/** oxlint's configuration for the rules; what a project has for its own oxlint, and what its files switch off, does not count. Pure. */
export function oxlintConfig(rules: readonly Rule[]): unknown {
  const names = new Set(findersOf(rules, 'oxlint').map(({ finder }) => finder.rule));
  const terms = [...new Set([IGNORE_TERM, ...findersOf(rules, 'comment').flatMap(({ finder }) => finder.terms)])];
  return {
    plugins: ['typescript'],
    categories: { correctness: 'off' },
    options: { respectEslintDisableDirectives: false },
    rules: {
      ...Object.fromEntries([...names].map((name) => [name, 'error'])),
      [COMMENTS]: ['error', { terms, location: 'anywhere' }],
    },
  };
}

/** How oxlint is called. */
export const oxlintArgs = (config: string, paths: string[]): string[] => [
  ...['--config', config, '--disable-nested-config', '--no-ignore', '--format', 'json'],
  ...paths,
];

interface Printed {
  number_of_files: number;
  diagnostics: { message: string; code?: string; filename?: string; labels: { span: { offset: number; length: number } }[] }[];
}

/** Its JSON, read: what it says, and of how many files. Throws where it is none. Pure. */
export function parseDiagnostics(stdout: string): { diagnostics: Diagnostic[]; files: number } {
  const names = new Map<string, string>();
  const nameOf = (code: string): string => {
    const name = names.get(code) ?? code.replace(/^eslint\((.*)\)$/, '$1').replace(/^([\w-]+)\((.*)\)$/, '$1/$2');
    names.set(code, name);
    return name;
  };
  const printed = JSON.parse(stdout) as Printed;
  const diagnostics = printed.diagnostics.map(({ message, code, filename, labels }) => ({
    rule: code === undefined ? undefined : nameOf(code),
    file: filename,
    message,
    from: labels[0]?.span.offset ?? 0,
    length: labels[0]?.span.length ?? 0,
  }));
  return { diagnostics, files: printed.number_of_files };
}

/** A diagnostic, and what it is about. */
interface Said extends Diagnostic {
  to: number;
}

/** The same with offsets into the text. Pure. */
export function locate(text: string, diagnostics: Diagnostic[]): Said[] {
  const characters = characterOffsets(text, diagnostics);
  return diagnostics.map((diagnostic) => ({
    ...diagnostic,
    from: characters(diagnostic.from),
    to: characters(diagnostic.from + diagnostic.length),
  }));
}

/** Where comments with some of the words stand. */
export const commentsAmong = (located: Said[]): Said[] => located.filter(({ rule }) => rule === COMMENTS);

/** What the rules make of the diagnostics of one text. Pure. */
export function toHits(rules: readonly Rule[], text: string, located: Said[]): Hit[] {
  return located.flatMap((diagnostic) => {
    const { from, to } = diagnostic;
    const found = text.slice(from, to);
    const before = text.slice(Math.max(0, from - 200), from);
    return rules.flatMap((rule) =>
      rule.finders
        .filter((finder) => isMeant(finder, diagnostic, found, before))
        .map((finder) => ({
          rule,
          from,
          to,
          ...(finder.by === 'unparsable' ? { detail: diagnostic.message } : {}),
          ...(finder.by === 'comment' ? { focus: from + wordIn(found, finder.match) } : {}),
          ...(finder.by === 'comment' && finder.rewrite
            ? { rewrite: found.replace(finder.rewrite.from, finder.rewrite.to) }
            : {}),
        })),
    );
  });
}

/** Where the first word of the match is. */
function wordIn(comment: string, match: RegExp): number {
  const found = match.exec(comment);
  return found ? found.index + Math.max(0, found[0].search(/[\w@]/)) : 0;
}

function isMeant(finder: Finder, diagnostic: Diagnostic, found: string, before: string): boolean {
  if (finder.by === 'unparsable') return diagnostic.rule === undefined;
  if (finder.by === 'comment') return diagnostic.rule === COMMENTS && finder.match.test(found);
  if (finder.by !== 'oxlint' || diagnostic.rule !== finder.rule) return false;
  if (finder.unless?.test(withoutBlocks(before))) return false;
  return (finder.after?.test(before) ?? true) && (finder.text?.test(found) ?? true);
}

/** Blocks that begin and end before a place say nothing of it. */
function withoutBlocks(text: string): string {
  const inner = text.replace(/\{[^{}]*\}/g, ';');
  return inner === text ? text : withoutBlocks(inner);
}

/** Of byte offsets into UTF-8, those into the text. */
function characterOffsets(text: string, diagnostics: Diagnostic[]): (byte: number) => number {
  // One byte a character in nearly every file.
  if (Buffer.byteLength(text) === text.length) return (byte) => byte;
  const bytes = Buffer.from(text);
  const wanted = new Set(diagnostics.flatMap(({ from, length }) => [from, from + length]));
  const known = new Map<number, number>();
  let [byte, character] = [0, 0];
  for (const next of [...wanted].sort((a, b) => a - b)) {
    character += bytes.subarray(byte, next).toString('utf8').length;
    byte = next;
    known.set(next, character);
  }
  return (at) => known.get(at) ?? 0;
}
