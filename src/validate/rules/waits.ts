import type { Shape } from '../rule.ts';

/** Timers and waits, as several rules look for them. */
export const SET_TIMEOUT = String.raw`^((window|globalThis|global|self)\s*\.\s*)?setTimeout$`;
/** Helpers that every project writes anew. */
export const SLEEP = String.raw`^(\w+\.)?(setTimeout|sleep|delay|wait|pause|timeout|simulate\w*|(fake|mock|sleep|delay|wait)(For|Ms|Seconds|Delay|Latency|Network\w*)?)$`;

/** "500", "0.5 * SECOND", "300 + Math.random() * 700"; a bare name may be anything. */
const FIXED: Shape = {
  any: [
    { kind: 'number' },
    { kind: 'binary_expression', has: { kind: 'number', stopBy: 'end' } },
    { kind: 'identifier', regex: '(?i)(delay|latency)' },
  ],
};
/** `await sleep(500)`, `await new Promise((r) => setTimeout(r, 500))`. */
const NAP: Shape = {
  kind: 'await_expression',
  any: [
    {
      has: {
        kind: 'call_expression',
        all: [{ has: { field: 'function', regex: SLEEP } }, { has: { field: 'arguments', has: { matches: 'fixed' } } }],
      },
    },
    {
      has: {
        kind: 'new_expression',
        all: [
          { has: { field: 'constructor', regex: '^Promise$' } },
          {
            has: {
              stopBy: 'end',
              kind: 'call_expression',
              all: [
                { has: { field: 'function', regex: SET_TIMEOUT } },
                { has: { field: 'arguments', has: { matches: 'fixed' } } },
              ],
            },
          },
        ],
      },
    },
  ],
};
/** Functions as they end a search upwards. */
export const FUNCTION: Shape = {
  any: ['function_declaration', 'function_expression', 'arrow_function', 'method_definition', 'generator_function'].map(
    (kind) => ({ kind }),
  ),
};

/** For finders: `matches: 'fixed'` of a duration, `matches: 'nap'` of a wait. */
export const WAITS: Record<string, Shape> = { fixed: FIXED, nap: NAP };
