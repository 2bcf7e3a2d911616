import type { Shape } from '../rule.ts';
import { GLOBAL } from './global-object.ts';

/** Timers and waits, as several rules look for them. */
export const SET_TIMEOUT = String.raw`^(${GLOBAL}\s*\.\s*)?setTimeout$`;
/** Helpers that every project writes anew, by their last name. */
export const SLEEP_NAMES =
  '(?:setTimeout|sleep|delay|wait|pause|timeout|(?:sleep|delay|wait)(?:For|Ms|Seconds)|(?:fake|mock|simulated?|sleep|delay|wait)(?:Delay|Latency|Network\\w*))';
export const SLEEP = String.raw`^(\w+\.)?${SLEEP_NAMES}$`;
/** A call of one of them. */
export const SLEEP_CALL = /(?:[tT]imeout|sleep|[dD]elay|wait|pause|Latency|Network)\w*\s*\(/;

/** Functions as they end a search upwards. */
export const FUNCTION: Shape = {
  any: ['function_declaration', 'function_expression', 'arrow_function', 'method_definition', 'generator_function'].map(
    (kind) => ({ kind }),
  ),
};

/** "500", "0.5 * SECOND", "300 + Math.random() * 700"; a bare name may be anything. */
export const MADE_UP: Shape = {
  any: [
    { kind: 'number' },
    { kind: 'binary_expression', has: { kind: 'number', stopBy: 'end' } },
    { kind: 'identifier', regex: '(?i)(delay|latency)' },
  ],
};
/** "2000", "60 * 1_000"; 0 and 1 only let others go first. */
export const CONSTANT: Shape = { regex: String.raw`^(\d[\d_.]+|[2-9])(\s*\*\s*[\d_.]+)*$` };

/** `await sleep(500)`, `await new Promise((r) => setTimeout(r, 500))`, as `matches: 'nap'`; `matches: 'fixed'` is the duration. */
export const waits = (fixed: Shape): Record<string, Shape> => ({
  fixed,
  nap: {
    kind: 'await_expression',
    any: [
      {
        has: {
          kind: 'call_expression',
          all: [
            { has: { field: 'function', regex: SLEEP } },
            { has: { field: 'arguments', has: { matches: 'fixed', nthChild: 1 } } },
          ],
        },
      },
      {
        has: {
          kind: 'new_expression',
          all: [{ has: { field: 'constructor', regex: '^Promise$' } }, { has: { stopBy: 'end', matches: 'timer' } }],
        },
      },
    ],
  },
  timer: {
    kind: 'call_expression',
    all: [
      { has: { field: 'function', regex: SET_TIMEOUT } },
      { has: { field: 'arguments', has: { matches: 'fixed', nthChild: 2 } } },
    ],
  },
});
