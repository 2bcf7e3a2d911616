import type { Hit } from '../finding.ts';
import type { Grammar, Rule, SyntaxFinder } from '../rule.ts';
import { findersOf } from '../rules-of.ts';
import { isTooDeep } from '../nesting.ts';
import { anyOf, hasVariables, isMatchOf, matcherOf, type Matcher } from './matcher.ts';

/** The part of ast-grep that is used. Source: @ast-grep/napi 0.51, types/api.d.ts. */
export interface AstGrep {
  findInFiles: (
    grammar: Grammar,
    config: { paths: string[]; matcher: Matcher; languageGlobs: string[] },
    heard: (error: Error | null, nodes: AstNode[]) => void,
  ) => Promise<number>;
  parse: (grammar: Grammar, text: string) => { root(): AstNode };
}

export interface AstNode {
  range(): { start: { index: number }; end: { index: number } };
  findAll(matcher: Matcher): AstNode[];
  getMatch(name: string): AstNode | null;
  getMultipleMatches(name: string): AstNode[];
  getRoot(): { filename(): string };
}

/** A file on the disk, the text that it has, and what of it counts: words elsewhere need no search. */
export interface SyntaxInput {
  at: string;
  text: string;
  counted: string;
  /** Those that count for it. */
  rules: readonly Rule[];
}

interface Wanted {
  rule: Rule;
  finder: SyntaxFinder;
}

/** Files that may have the same shapes. */
interface Candidates {
  grammar: Grammar;
  wanted: Wanted[];
  inputs: SyntaxInput[];
}

const GLOBS: Record<Grammar, string[]> = {
  TypeScript: ['*.ts', '*.mts', '*.cts'],
  Tsx: ['*.tsx', '*.jsx', '*.js', '*.mjs', '*.cjs'],
};
const grammarOf = (path: string): Grammar => (/\.[cm]?ts$/.test(path) ? 'TypeScript' : 'Tsx');
const isIn = ({ grammars }: SyntaxFinder, grammar: Grammar): boolean => grammars?.includes(grammar) ?? true;

/** It was begun: the files that are searched, and what will have been found in them, by path. */
export interface ShapeSearch {
  paths: ReadonlySet<string>;
  hits: Promise<Map<string, Hit[]>>;
}

/**
 * What the shapes of the rules find, in one pass over the files that have the words for one of them.
 * `findInFiles` parses in Rust and in parallel: 2 to 3 times faster than `parse` of one file after the other. Each call compiles its
 * shapes, 10 to 20 ms, so that there are few calls.
 */
export function findShapes(rules: readonly Rule[], inputs: SyntaxInput[], { findInFiles }: AstGrep): ShapeSearch {
  const hits = new Map<string, Hit[]>();
  const add = (path: string, found: Hit[]) => {
    hits.set(path, [...(hits.get(path) ?? []), ...found]);
  };
  const groups = groupsOf(findersOf(rules, 'syntax'), inputs);
  const candidates = new Set(groups.flatMap((group) => group.inputs));
  const deep = new Set([...candidates].filter(({ text }) => isTooDeep(text)));
  const [unparsable] = findersOf(rules, 'unparsable');
  if (unparsable) for (const { at } of deep) add(at, [{ rule: unparsable.rule, from: 0, to: 0, detail: 'too deeply nested' }]);
  const searches = groups
    .map((group) => ({ ...group, inputs: group.inputs.filter((input) => !deep.has(input)) }))
    .filter((group) => group.inputs.length > 0)
    .map((group) => search(findInFiles, group, add));
  return { paths: new Set([...candidates].map(({ at }) => at)), hits: Promise.all(searches).then(() => hits) };
}

/** Shapes with variables are searched for alone: of two in one search, a name would mean the same. */
function groupsOf(wanted: Wanted[], inputs: SyntaxInput[]): Candidates[] {
  const isAlone = ({ finder }: Wanted) => hasVariables(finder);
  const portions = [wanted.filter((one) => !isAlone(one)), ...wanted.filter(isAlone).map((one) => [one])];
  return (Object.keys(GLOBS) as Grammar[])
    .flatMap((grammar) =>
      portions.map((portion): Candidates => {
        const possible = portion.filter(({ finder }) => isIn(finder, grammar));
        const files = inputs.filter((input) => grammarOf(input.at) === grammar && mayHave(possible, input));
        return { grammar, wanted: possible, inputs: files };
      }),
    )
    .filter((group) => group.inputs.length > 0);
}

/** Some shapes have their words in common. */
function mayHave(possible: Wanted[], { counted, rules }: SyntaxInput): boolean {
  const words = new Set(possible.flatMap(({ rule, finder }) => (rules.includes(rule) ? [finder.words] : [])));
  return [...words].some((some) => hasWords(some, counted));
}

/** Lines of a JSDoc do not count: examples in them would have whole libraries parsed. */
const hasWords = (words: SyntaxFinder['words'], text: string): boolean => {
  const isThere = (some: string) => words.every((one) => one.test(some));
  return isThere(text) && (!text.includes('\n *') || isThere(text.replace(/^[ \t]*\*.*$/gm, '')));
};

function search(
  findInFiles: AstGrep['findInFiles'],
  { grammar, wanted, inputs }: Candidates,
  found: (path: string, hits: Hit[]) => void,
): Promise<void> {
  const texts = new Map(inputs.map(({ at, text }) => [at, text]));
  const config = { paths: [...texts.keys()], matcher: anyOf(wanted.map(({ finder }) => finder)), languageGlobs: GLOBS[grammar] };
  // Its promise may come before the last of the files; it says how many there are.
  return new Promise((resolve, reject) => {
    let heard = 0;
    let expected: number | undefined;
    const isDone = () => expected !== undefined && heard >= expected;
    findInFiles(grammar, config, (error, nodes) => {
      heard += 1;
      if (error) reject(error);
      else if (nodes[0]) {
        const path = nodes[0].getRoot().filename();
        const text = texts.get(path) ?? '';
        found(
          path,
          nodes.flatMap((node) => wanted.filter((_, index) => isMatchOf(node, index)).map((one) => toHit(node, one, text))),
        );
      }
      if (isDone()) resolve();
    }).then((count) => {
      expected = count;
      if (isDone()) resolve();
    }, reject);
  });
}

/** What a rule finds in a text, as a search of many finds it. */
export function findShapesIn(rule: Rule, path: string, text: string, { parse }: AstGrep): Hit[] {
  const grammar = grammarOf(path);
  return findersOf([rule], 'syntax')
    .filter(({ finder }) => isIn(finder, grammar))
    .flatMap((one) =>
      parse(grammar, text)
        .root()
        .findAll(anyOf([one.finder]))
        .filter((node) => isMatchOf(node, 0))
        .map((node) => toHit(node, one, text)),
    );
}

/** Is it right by its grammar? */
export const isParsed = (path: string, text: string, { parse }: AstGrep): boolean =>
  parse(grammarOf(path), text)
    .root()
    .findAll({ rule: { kind: 'ERROR' } }).length === 0;

/** The grammars that have all kinds of nodes of the shape; throws what is wrong with it where none has. */
export function grammarsOf(finder: SyntaxFinder, { parse }: AstGrep): Grammar[] {
  const problems: unknown[] = [];
  const right = (Object.keys(GLOBS) as Grammar[]).filter((grammar) => {
    try {
      parse(grammar, '').root().findAll(matcherOf(finder));
      return true;
    } catch (error) {
      problems.push(error);
      return false;
    }
  });
  if (right.length === 0) throw problems.at(-1) as Error;
  return right;
}

function toHit(node: AstNode, { rule, finder }: Wanted, text: string): Hit {
  const { start, end } = node.range();
  const rewrite = finder.rewrite === undefined ? {} : { rewrite: fillIn(finder.rewrite, node, text) };
  return { rule, from: start.index, to: end.index, ...rewrite };
}

/** `$NAME` and `$$$NAMES` of a pattern, put into a template as they stand in the text, with what is between them. */
function fillIn(template: string, node: AstNode, text: string): string {
  return template.replace(/\$\$\$([A-Z_][A-Z0-9_]*)|\$([A-Z_][A-Z0-9_]*)/g, (whole, many?: string, one?: string) => {
    if (many !== undefined) return textOf(node.getMultipleMatches(many), text);
    const match = node.getMatch(one ?? '');
    return match ? textOf([match], text) : whole;
  });
}

function textOf(nodes: AstNode[], text: string): string {
  const [first, last] = [nodes[0], nodes.at(-1)];
  return first && last ? text.slice(first.range().start.index, last.range().end.index) : '';
}
