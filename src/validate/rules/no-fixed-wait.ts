import type { Rule } from '../rule.ts';
import { CONSTANT, FUNCTION, SLEEP_CALL, waits } from '../shapes/waits.ts';

export const noFixedWait: Rule = {
  id: 'no-fixed-wait',
  message: 'a wait of a fixed time',
  why: 'It is too long on a fast machine and too short on a slow one; what it waits for is not looked at.',
  instead: 'Wait for the event or the condition, with a deadline.',
  severity: ['off', 'off', 'warning', 'error'],
  places: ['production'],
  finders: [
    {
      by: 'syntax',
      words: [SLEEP_CALL],
      utils: waits(CONSTANT),
      find: {
        kind: 'await_expression',
        matches: 'nap',
        // Between two tries a pause is right.
        not: {
          inside: {
            stopBy: FUNCTION,
            any: [
              { kind: 'while_statement' },
              { kind: 'do_statement' },
              { kind: 'for_statement' },
              { kind: 'for_in_statement' },
              { kind: 'catch_clause' },
            ],
          },
        },
      },
    },
  ],
  bad: [
    { code: 'await start();\nawait new Promise((resolve) => setTimeout(resolve, 2000));\nawait connect();' },
    { code: 'await start();\nawait sleep(2_000);\nawait connect();' },
  ],
  good: [
    { code: 'while (!(await ping())) await sleep(100);' },
    { code: 'await sleep(backoff.next());' },
    { code: 'await sleep(seconds * 1000);' },
    { code: 'const answer = await timeout(work(), 2000);' },
    { code: 'await new Promise((resolve) => setTimeout(resolve, 0));' },
    { code: 'await server.ready;' },
  ],
};
