import type { Rule } from '../rule.ts';
import { COMMENT_BEGIN } from '../shapes/comment.ts';

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
      match: new RegExp(String.raw`${COMMENT_BEGIN}@ts-ignore[\s:-]*\w`),
      rewrite: { from: /@ts-ignore/, to: '@ts-expect-error' },
    },
  ],
  bad: [
    { code: '// @ts-ignore the types lack it\nexport const a: number = "1";' },
    { code: 'export const a: number =\n  /* @ts-ignore: the types lack it */\n  "1";' },
  ],
  good: [
    { code: '// @ts-expect-error the types lack it\nexport const a: number = "1";' },
    { code: '// See @ts-ignore in the handbook\nexport const a = 1;' },
  ],
};
