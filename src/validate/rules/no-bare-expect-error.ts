import type { Rule } from '../rule.ts';
import { bareExpectError } from '../shapes/directives.ts';
import { noLintDisable } from './no-lint-disable.ts';

export const noBareExpectError: Rule = {
  id: 'no-bare-expect-error',
  message: '`@ts-expect-error` without a reason',
  why: noLintDisable.why,
  instead: '`// @ts-expect-error why`',
  severity: noLintDisable.severity,
  // In a test of types it is the assertion.
  places: ['production', 'script'],
  finders: [bareExpectError],
  bad: [{ code: '// @ts-expect-error\nexport const a: number = "1";' }, { code: 'call(\n  /* @ts-expect-error: */\n  1,\n);' }],
  good: [
    { code: '// @ts-expect-error: the types of the package lack "close"\nexport const a: number = "1";' },
    { code: '// @ts-expect-error\ntypes.fails(1);', file: 'types.test.ts' },
  ],
};
