import type { Shape, SyntaxFinder } from '../rule.ts';

/** What ast-grep is given. */
export interface Matcher {
  rule: Shape;
  utils?: Record<string, Shape>;
  constraints?: Record<string, Shape>;
}

export const matcherOf = ({ find, utils, constraints }: SyntaxFinder): Matcher => ({
  rule: find,
  ...(utils ? { utils } : {}),
  ...(constraints ? { constraints } : {}),
});

/** Patterns have variables, and constraints speak of them. */
export const hasVariables = (finder: SyntaxFinder): boolean =>
  finder.constraints !== undefined || JSON.stringify(finder).includes('"pattern":');

/** The variable that a finder's match is bound to, where several are looked for at once. */
const label = (index: number): string => `DEVCTL_${String(index)}`;

/**
 * All of them in one search. Which of them a node is a match of, its variables tell: to ask `matches()` of each node would compile
 * the shapes anew each time (5 of 9 s for 5,000 files, measured).
 */
export function anyOf(finders: SyntaxFinder[]): Matcher {
  const matchers = finders.map((finder, index) => renamed(matcherOf(finder), `f${String(index)}-`));
  // For the labels they are utilities, which are compiled once; where nodes are chosen, the kinds of nodes must be seen.
  const whole = matchers.map(({ rule }, index) => [`f${String(index)}`, rule] as const);
  const labelled = whole.map(([name], index): Shape => ({
    any: [{ all: [{ matches: name }, { pattern: `$${label(index)}` }] }, { pattern: '$DEVCTL_NONE' }],
  }));
  const [first] = matchers;
  return {
    rule: { all: [{ any: matchers.map(({ rule }) => rule) }, ...labelled] },
    utils: Object.assign(Object.fromEntries(whole), ...matchers.map(({ utils }) => utils)) as Record<string, Shape>,
    ...(first?.constraints ? { constraints: first.constraints } : {}),
  };
}

export const isMatchOf = (node: { getMatch(name: string): unknown }, index: number): boolean =>
  node.getMatch(label(index)) !== null;

/** The names of utilities are a finder's own. */
function renamed({ rule, utils = {}, constraints }: Matcher, prefix: string): Matcher {
  const rename = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (key, part: unknown) =>
      key === 'matches' && typeof part === 'string' ? prefix + part : part,
    ) as T;
  return {
    rule: rename(rule),
    ...(constraints ? { constraints: rename(constraints) } : {}),
    utils: Object.fromEntries(Object.entries(utils).map(([name, shape]) => [prefix + name, rename(shape)])),
  };
}
