import type { Rule } from '../rule.ts';
import { directives, REASON } from '../shapes/directives.ts';

export const noExplainedLintDisable: Rule = {
  id: 'no-explained-lint-disable',
  message: 'a check is switched off',
  why: 'In a critical system each exception is looked at by a person, reason or not.',
  instead: 'Mend what it reports, or put this one into the baseline.',
  severity: ['off', 'off', 'off', 'warning'],
  finders: [
    directives(
      '',
      String.raw`(?:(?:eslint|oxlint)[-_]disable(?:-next)?(?:-line)?(?![-\w])[^]*\s--\s*${REASON}|biome-ignore(?:-all|-start)?\b[^]*:\s*${REASON}|@ts-(?:nocheck|expect-error)[\s:*-]*\w)`,
    ),
  ],
  bad: [
    { code: '// eslint-disable-next-line no-control-regex -- the escape is what is looked for\nexport const a = /\\x1b/;' },
    { code: '// @ts-expect-error: the types of the package lack "close"\nexport const a: number = "1";' },
    { code: '/* biome-ignore-all lint/style/useConst: made by a program */\nexport const a = 1;' },
  ],
  good: [{ code: '/* eslint-disable */\nexport const a = 1;' }, { code: 'export const a = 1;' }],
};
