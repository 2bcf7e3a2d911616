import type { Rule } from '../rule.ts';

export const noSyntaxError: Rule = {
  id: 'no-syntax-error',
  message: 'it cannot be parsed',
  why: 'What no parser understands was not checked: only its texts were searched for secrets.',
  instead: 'Mend it. If it is a template, give it another ending, or list it under "validate: ignore:" in devctl.yml.',
  severity: ['warning', 'error', 'error', 'error'],
  finders: [{ by: 'unparsable' }],
  bad: [{ code: 'export const a = ;' }, { code: 'function (' }],
  good: [{ code: 'export const a = 1;' }],
};
