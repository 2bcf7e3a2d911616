import type { CommentFinder, Rule } from '../rule.ts';

export const DIRECTIVE_TERMS = [
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
const directives = (reason: string, names: string): CommentFinder => ({
  by: 'comment',
  terms: DIRECTIVE_TERMS,
  match: new RegExp(String.raw`^(?://+|/\*+)[\s*]*${names}${reason}`),
});

const LINTERS = String.raw`(?:(?:eslint|oxlint)[-_]disable(?:-next)?(?:-line)?(?![-\w])(?:(?!\s--\s*\w)[^])*`;
const OTHERS = String.raw`(?:tslint:disable|deno-lint-ignore)[^]*`;

/** Without a reason: "-- why" for ESLint and oxlint, ": why" for Biome, some words for TypeScript. tslint and Deno have no place for one. */
const bare = directives(
  String.raw`(?:\*/)?$`,
  String.raw`${LINTERS}|${OTHERS}|biome-ignore(?:-all|-start)?\b(?:(?!:\s*\w)[^])*|@ts-(?:ignore|nocheck|expect-error)[\s:*/-]*)`,
);

export const noLintDisable: Rule = {
  id: 'no-lint-disable',
  message: 'a check is switched off, and no reason is given',
  why: 'Nobody can tell whether it still must be off; what it would have found meanwhile is not found.',
  instead: 'Mend what it reports. Where it is wrong, say why in the directive itself: "-- the reason".',
  severity: ['warning', 'error', 'error', 'error'],
  finders: [bare],
  bad: [
    { code: '/* eslint-disable */\nexport const a = 1;' },
    { code: '// eslint-disable-next-line no-console\nexport const a = 1;' },
    { code: 'export const a = 1; // eslint-disable-line' },
    { code: '// @ts-ignore\nexport const a: number = "1";' },
    { code: '// @ts-nocheck\nexport const a: number = "1";' },
    { code: '// biome-ignore lint/suspicious/noExplicitAny\nexport const a = 1;' },
    { code: '/* oxlint-disable no-console */\nexport const a = 1;' },
    { code: '// tslint:disable-next-line:no-console\nexport const a = 1;' },
    { code: 'export const A = () => (\n  <div>\n    {/* eslint-disable-next-line react/no-danger */}\n    <b />\n  </div>\n);', file: 'a.tsx' },
    { code: 'call(\n  // @ts-expect-error\n  1,\n);' },
  ],
  good: [
    { code: '// eslint-disable-next-line no-control-regex -- the escape is what is looked for\nexport const a = /\\x1b/;' },
    { code: '// biome-ignore lint/suspicious/noExplicitAny: the library types it so\nexport const a = 1;' },
    { code: '// @ts-expect-error the types of the package lack "close"\nexport const a: number = "1";' },
    { code: '// eslint-enable no-console\nexport const a = 1;' },
    { code: '// Files with eslint-disable are listed by name.\nexport const a = "// eslint-disable-next-line";' },
  ],
};

export const noExplainedLintDisable: Rule = {
  id: 'no-explained-lint-disable',
  message: 'a check is switched off',
  why: 'In a critical system each exception is looked at by a person, reason or not.',
  instead: 'Mend what it reports, or put this one into the baseline.',
  severity: ['off', 'off', 'off', 'warning'],
  finders: [
    directives(
      '',
      String.raw`(?:(?:eslint|oxlint)[-_]disable(?:-next)?(?:-line)?(?![-\w])[^]*\s--\s*\w|biome-ignore(?:-all|-start)?\b[^]*:\s*\w|@ts-(?:nocheck|expect-error)[\s:*-]*\w)`,
    ),
  ],
  bad: [
    { code: '// eslint-disable-next-line no-control-regex -- the escape is what is looked for\nexport const a = /\\x1b/;' },
    { code: '// @ts-expect-error: the types of the package lack "close"\nexport const a: number = "1";' },
    { code: '/* biome-ignore-all lint/style/useConst: made by a program */\nexport const a = 1;' },
  ],
  good: [{ code: '/* eslint-disable */\nexport const a = 1;' }, { code: 'export const a = 1;' }],
};

export const noTsIgnore: Rule = {
  id: 'no-ts-ignore',
  message: '`@ts-ignore` stays when the error is gone',
  why: 'It hides each later error of its line as well; `@ts-expect-error` reports itself as soon as there is none.',
  instead: '`// @ts-expect-error why`',
  severity: ['off', 'warning', 'error', 'error'],
  finders: [
    {
      by: 'comment',
      terms: ['@ts-ignore'],
      match: /^(?:\/\/+|\/\*+)[\s*]*@ts-ignore[\s:-]*\w/,
      rewrite: { from: /@ts-ignore/, to: '@ts-expect-error' },
    },
  ],
  bad: [
    { code: '// @ts-ignore the types lack it\nexport const a: number = "1";' },
    { code: 'export const a: number =\n  /* @ts-ignore: the types lack it */\n  "1";' },
  ],
  good: [{ code: '// @ts-expect-error the types lack it\nexport const a: number = "1";' }, { code: '// See @ts-ignore in the handbook\nexport const a = 1;' }],
};
