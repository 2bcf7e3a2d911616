import type { Rule } from '../rule.ts';

export const unusedIgnore: Rule = {
  id: 'unused-ignore',
  message: 'a devctl-ignore where there is nothing to ignore',
  why: 'It would hide the next finding in that line, which nobody has judged.',
  instead: 'Take it out; --fix does.',
  severity: ['off', 'warning', 'warning', 'error'],
  finders: [{ by: 'ignore', problem: 'unused' }],
  bad: [
    { code: '// devctl-ignore no-any: the library types it so\nexport const a: unknown = 1;' },
    { code: '/* devctl-ignore-file no-todo: written by a generator */\nexport const a = 1;' },
  ],
  good: [{ code: '/* devctl-ignore-file no-any: written by a generator */\nexport const a: any = 1;' }],
};
