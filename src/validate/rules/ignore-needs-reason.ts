import type { Rule } from '../rule.ts';

export const ignoreNeedsReason: Rule = {
  id: 'ignore-needs-reason',
  message: 'a devctl-ignore that ignores nothing',
  why: 'An exception without a reason cannot be judged by whoever reads it next.',
  instead: '// devctl-ignore RULE: the reason',
  severity: ['warning', 'error', 'error', 'error'],
  finders: [{ by: 'ignore', problem: 'invalid' }],
  bad: [
    { code: '// devctl-ignore no-any\nexport const a: unknown = 1;' },
    { code: '// devctl-ignore no-any:\nexport const a: unknown = 1;' },
    { code: '// devctl-ignore no-such-rule: why not\nexport const a = 1;' },
    { code: '/* devctl-ignore */\nexport const a = 1;' },
  ],
  good: [
    { code: '// devctl-ignore no-any: the library types it so\nexport const a: any = 1;' },
    { code: 'export const text = "// devctl-ignore";' },
  ],
};
