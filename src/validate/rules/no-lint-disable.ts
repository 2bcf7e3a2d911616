import type { Rule } from '../rule.ts';
import { bareDirectives } from '../shapes/directives.ts';

export const noLintDisable: Rule = {
  id: 'no-lint-disable',
  message: 'a check is switched off, and no reason is given',
  why: 'Nobody can tell whether it still must be off; what it would have found meanwhile is not found.',
  instead: 'Mend what it reports. Where it is wrong, say why in the directive itself: "-- the reason".',
  severity: ['warning', 'error', 'error', 'error'],
  finders: [bareDirectives],
  bad: [
    { code: '/* eslint-disable */\nexport const a = 1;' },
    { code: '// eslint-disable-next-line no-console\nexport const a = 1;' },
    { code: 'export const a = 1; // eslint-disable-line' },
    { code: '// @ts-ignore\nexport const a: number = "1";' },
    { code: '// @ts-nocheck\nexport const a: number = "1";' },
    { code: '// biome-ignore lint/suspicious/noExplicitAny\nexport const a = 1;' },
    { code: '/* oxlint-disable no-console */\nexport const a = 1;' },
    { code: '// tslint:disable-next-line:no-console\nexport const a = 1;' },
    {
      code: 'export const A = () => (\n  <div>\n    {/* eslint-disable-next-line react/no-danger */}\n    <b />\n  </div>\n);',
      file: 'a.tsx',
    },
  ],
  good: [
    { code: '// biome-ignore lint/style/useConst: `a` is assigned elsewhere\nexport let a = 1;' },
    { code: '// eslint-disable-next-line no-control-regex -- the escape is what is looked for\nexport const a = /\\x1b/;' },
    { code: '// biome-ignore lint/suspicious/noExplicitAny: the library types it so\nexport const a = 1;' },
    { code: '// @ts-expect-error the types of the package lack "close"\nexport const a: number = "1";' },
    { code: '// eslint-enable no-console\nexport const a = 1;' },
    { code: '// Files with eslint-disable are listed by name.\nexport const a = "// eslint-disable-next-line";' },
  ],
};
