import type { CommentFinder } from '../rule.ts';

const TERMS = [
  'eslint-disable',
  'oxlint-disable',
  'oxlint_disable',
  'biome-ignore',
  'tslint:disable',
  'deno-lint-ignore',
  '@ts-ignore',
  '@ts-nocheck',
  '@ts-expect-error',
] as const;

/** A directive begins its comment; what only speaks of one does not. `oxlint_disable` is how a copy for oxlint spells it. */
export const directives = (reason: string, names: string): CommentFinder => ({
  by: 'comment',
  terms: TERMS,
  match: new RegExp(String.raw`^(?://+|/\*+)[\s*]*${names}${reason}`),
});

const LINTERS = String.raw`(?:(?:eslint|oxlint)[-_]disable(?:-next)?(?:-line)?(?![-\w])(?:(?!\s--\s*\w)[^])*`;
const OTHERS = String.raw`(?:tslint:disable|deno-lint-ignore)[^]*`;

/** Without a reason: "-- why" for ESLint and oxlint, ": why" for Biome, some words for TypeScript. tslint and Deno have no place for one. */
export const bareDirectives = directives(
  String.raw`(?:\*/)?$`,
  String.raw`${LINTERS}|${OTHERS}|biome-ignore(?:-all|-start)?\b(?:(?!:\s*\w)[^])*|@ts-(?:ignore|nocheck|expect-error)[\s:*/-]*)`,
);
