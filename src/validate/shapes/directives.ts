import type { CommentFinder } from '../rule.ts';
import { COMMENT_BEGIN } from './comment.ts';

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
  match: new RegExp(`${COMMENT_BEGIN}${names}${reason}`),
});

/** The first letter or sign of a reason, which is not the end of the comment. */
export const REASON = String.raw`(?!<explanation>)[^\s*/]`;
const END = String.raw`(?:\*/)?$`;

/** Without a reason: "-- why" for ESLint and oxlint, ": why" for Biome, some words for TypeScript. tslint and Deno have no place for one. */
export const bareDirectives = directives(
  END,
  [
    String.raw`(?:(?:eslint|oxlint)[-_]disable(?:-next)?(?:-line)?(?![-\w])(?:(?!\s--\s*${REASON})[^]){0,4000}`,
    String.raw`(?:tslint:disable|deno-lint-ignore)[^]*`,
    String.raw`biome-ignore(?:-all|-start)?\b(?:(?!:\s*${REASON})[^]){0,4000}`,
    String.raw`@ts-(?:ignore|nocheck)[\s:*/-]*)`,
  ].join('|'),
);
export const bareExpectError = directives(END, String.raw`@ts-expect-error[\s:*/-]*`);
