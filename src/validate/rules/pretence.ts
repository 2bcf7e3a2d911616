import type { Shape } from '../rule.ts';
import { FUNCTION, MADE_UP, SET_TIMEOUT, SLEEP, waits } from './waits.ts';

/** What code looks like in which a timer stands in for work. */

/** What is made up on the spot. */
const DATA: Shape = {
  any: [
    { kind: 'object' },
    { kind: 'array' },
    { kind: 'string' },
    { kind: 'template_string' },
    { kind: 'number' },
    { kind: 'true' },
    { kind: 'new_expression' },
    { kind: 'identifier', regex: String.raw`(?i)mock|fake|dummy|sample|stub|^(data|result|response|user|users|items)$` },
    {
      all: [
        { any: [{ kind: 'as_expression' }, { kind: 'satisfies_expression' }, { kind: 'parenthesized_expression' }] },
        { has: { kind: 'object' } },
      ],
    },
  ],
};
/** Calls that do no work: of a block that makes nothing but these, nothing comes. */
const IDLE_CALL = String.raw`^(console\.\w+|(window\.|globalThis\.)?setTimeout|(\w+\.)?(sleep|delay|wait|pause|timeout)|resolve|res|r|Math\.\w+|Date\.now|String|Number|Boolean|crypto\.randomUUID|uuid|uuidv4|nanoid|JSON\.\w+|(?s:.)*\.(toISOString|toString|toFixed|slice|toLowerCase|toUpperCase|trim|padStart|getTime|includes|some|startsWith|log|info|debug|find|filter))$`;

export const PRETENCE_PARTS: Record<string, Shape> = { ...waits(MADE_UP), data: DATA };

/** `new Promise((resolve) => setTimeout(() => resolve(DATA), 500))`, and nothing else in it. */
const LATE_ANSWER: Shape = {
  kind: 'call_expression',
  all: [
    { has: { field: 'function', regex: SET_TIMEOUT } },
    { has: { field: 'arguments', has: { matches: 'fixed' } } },
    {
      has: {
        field: 'arguments',
        any: [
          // setTimeout(resolve, 500, DATA)
          { all: [{ has: { kind: 'identifier', nthChild: 1 } }, { has: { nthChild: 3, matches: 'data' } }] },
          {
            has: {
              nthChild: 1,
              has: {
                stopBy: 'end',
                kind: 'call_expression',
                all: [
                  { has: { field: 'function', kind: 'identifier', regex: '^(resolve\\w*|res|r|fulfil\\w*|ok|done)$' } },
                  { has: { field: 'arguments', has: { matches: 'data' } } },
                ],
              },
            },
          },
        ],
      },
    },
    {
      any: [
        { inside: { kind: 'arrow_function' } },
        {
          all: [
            { inside: { kind: 'expression_statement', inside: { kind: 'statement_block' } } },
            // Another statement in the executor is what it really waits for.
            {
              inside: {
                kind: 'expression_statement',
                not: {
                  any: [
                    {
                      precedes: { any: [{ kind: 'expression_statement', not: { regex: '^console' } }, { kind: 'if_statement' }] },
                    },
                    {
                      follows: {
                        stopBy: 'end',
                        any: [{ kind: 'expression_statement', not: { regex: '^console' } }, { kind: 'if_statement' }],
                      },
                    },
                  ],
                },
              },
            },
          ],
        },
      ],
    },
    {
      inside: {
        stopBy: 'end',
        kind: 'new_expression',
        all: [
          { has: { field: 'constructor', regex: '^Promise$' } },
          // One that runs against another promise is a limit.
          {
            not: {
              inside: { kind: 'array', inside: { kind: 'arguments', inside: { regex: String.raw`^Promise\s*\.\s*(race|any)` } } },
            },
          },
        ],
      },
    },
  ],
};

const PRETENDER: Shape = { kind: 'call_expression', regex: String.raw`^(?i)\w*(mock|fake|dummy|sample|stub)\w*[.(\[]` };
/** A block of a function that answers with data, and waits for nothing but time. */
const IDLE_BLOCK: Shape = {
  kind: 'statement_block',
  all: [
    { inside: FUNCTION },
    { has: { kind: 'return_statement', has: { any: [{ matches: 'data' }, PRETENDER] } } },
    {
      not: {
        has: {
          stopBy: 'end',
          any: [
            { kind: 'await_expression', not: { matches: 'nap' } },
            { kind: 'call_expression', not: { any: [{ has: { field: 'function', regex: IDLE_CALL } }, PRETENDER] } },
          ],
        },
      },
    },
  ],
};
/** `await sleep(500); return { ok: true };` in a function that does nothing else. */
const NAP_THEN_DATA: Shape = {
  kind: 'await_expression',
  all: [{ matches: 'nap' }, { inside: { stopBy: { kind: 'statement_block' }, ...IDLE_BLOCK } }],
};

/** What says itself that it only pretends. */
const PRETENDS = String.raw`(?i)\b(simulat(e|es|ed|ing|ion)|pretend|artificial|(fake|mock|dummy)\s+(api|network|async|request|response|delay|latency|call|server|data|upload|processing|loading|connection))\b`;
const SAID: Shape = { kind: 'comment', regex: PRETENDS };
const TOLD: Shape = {
  kind: 'call_expression',
  all: [
    { has: { field: 'function', regex: `${SET_TIMEOUT}|${SLEEP}` } },
    {
      inside: {
        stopBy: { any: ['function_declaration', 'method_definition', 'class_body'].map((kind) => ({ kind })) },
        any: ['expression_statement', 'lexical_declaration', 'return_statement'].map((kind) => ({ kind })),
        all: [{ any: [{ follows: SAID }, { precedes: SAID }] }],
      },
    },
  ],
};

/** `setTimeout(() => { setLoading(false); }, 1000)`: the end of a wait in which nothing was done. */
const FAKE_LOADING: Shape = {
  kind: 'call_expression',
  all: [
    { has: { field: 'function', regex: SET_TIMEOUT } },
    {
      has: {
        field: 'arguments',
        all: [
          { has: { matches: 'fixed' } },
          {
            has: {
              nthChild: 1,
              has: {
                stopBy: 'end',
                kind: 'call_expression',
                any: [
                  {
                    regex: String.raw`^(this\.)?set(Is)?(Loading|Submitting|Saving|Pending|Processing|Fetching|Uploading|Sending)\(\s*false\s*\)$`,
                  },
                  {
                    regex: String.raw`^(this\.)?set(Is)?(Submitted|Success|Succeeded|Saved|Sent|Uploaded|LoggedIn)\(\s*true\s*\)$`,
                  },
                  { regex: String.raw`^(callback|cb|onSuccess|onComplete|onLoad|next|done)\(\s*((null|undefined)\s*,\s*)?[\[{]` },
                ],
              },
            },
          },
        ],
      },
    },
  ],
};

/** `await setTimeout(500, DATA)`, of node:timers/promises. */
const LATE_VALUE: Shape = {
  kind: 'call_expression',
  all: [
    { has: { field: 'function', kind: 'identifier', regex: '^(setTimeout|sleep|delay|wait)$' } },
    { has: { field: 'arguments', all: [{ has: { nthChild: 1, matches: 'fixed' } }, { has: { nthChild: 2, matches: 'data' } }] } },
    { not: { has: { field: 'arguments', has: { nthChild: 2, regex: String.raw`^\{\s*(signal|ref)\b` } } } },
  ],
};

export const PRETENCE: Shape = { any: [LATE_ANSWER, NAP_THEN_DATA, TOLD, FAKE_LOADING, LATE_VALUE] };

/** Each of the shapes has one of these in it, not far from its beginning; the first is quick to look for. */
export const PRETENCE_WORDS: readonly RegExp[] = [/setTimeout|sleep|delay|wait|pause|timeout|latency|network/i, wordsOfShapes()];

function wordsOfShapes(): RegExp {
  const names = String.raw`(?:[\w.]+\.)?(?:setTimeout|sleep|delay|wait|pause|timeout|(?:fake|mock|simulated?|sleep|delay|wait)(?:For|Ms|Seconds|Delay|Latency|Network\w*))`;
  return new RegExp(
    [
      String.raw`setTimeout\s*\([^]{0,800}?\b(?:resolve\w*|res|r|fulfil\w*|ok|done|callback|cb|next|on(?:Success|Complete|Load)|set(?:Is)?[A-Z]\w+)\s*\(`,
      String.raw`(?:setTimeout|sleep|delay|wait)\s*\(\s*(?:\w+\s*,)?[^,()]*\d[^,()]*,\s*(?:["'\x60{[]|\w*(?:[mM]ock|[dD]ummy|[fF]ake|[dD]ata|[rR]es|[uU]ser|[iI]tems))`,
      String.raw`\bawait\s+(?:new\s+Promise\b[^]{0,300}?setTimeout|${names}\s*\()[^]{0,1500}?\breturn\b`,
      String.raw`\b(?:[sS]imulat|[pP]retend|[aA]rtificial|(?:[fF]ake|[mM]ock|[dD]ummy)\s)[^]{0,200}?(?:setTimeout|await\s+${names})\s*\(`,
      String.raw`(?:setTimeout|sleep|delay|wait|pause)\s*\([^]{0,300}?\/[/*][^\n]*(?:[sS]imulat|[pP]retend|[aA]rtificial)`,
    ].join('|'),
  );
}
