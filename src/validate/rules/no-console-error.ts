import type { Rule } from '../rule.ts';
import { SWITCHED } from './no-console.ts';

export const noConsoleError: Rule = {
  id: 'no-console-error',
  message: 'console.error and console.warn in production code',
  why: 'An error that is only printed reaches nobody who could act on it.',
  instead: 'Let the error go up, or hand it to what reports errors in this project.',
  severity: ['off', 'off', 'warning', 'error'],
  places: ['production'],
  finders: [{ by: 'oxlint', rule: 'no-console', text: /^console\s*\??\.\s*(?:error|warn)\b/, unless: SWITCHED }],
  bad: [
    { code: 'fetch(url).catch((error) => console.error(error));' },
    { code: 'console\n  .warn("deprecated");' },
    { code: 'const fail = console.error;\nfail(1);' },
  ],
  good: [{ code: 'console.log("here");' }, { code: 'report.error(cause);' }],
};
