import type { Relation, Shape } from '../rule.ts';
import { FUNCTION, SET_TIMEOUT, SLEEP, SLEEP_NAMES } from './waits.ts';

/** Answers that are made up, and come after a while, as if they had been fetched. `matches: 'fixed'` and `'nap'` are of waits.ts. */

const MOCK = String.raw`(?i)mock|fake|dummy|sample|stub`;

/** What is made up on the spot; as `matches: 'data'`. */
export const DATA: Shape = {
  any: [
    ...['object', 'array', 'string', 'template_string', 'number', 'true', 'new_expression'].map((kind) => ({ kind })),
    { kind: 'identifier', regex: `${MOCK}|^(data|result|response|user|users|items)$` },
    {
      all: [
        { any: ['as_expression', 'satisfies_expression', 'parenthesized_expression'].map((kind) => ({ kind })) },
        { has: { kind: 'object' } },
      ],
    },
    {
      kind: 'call_expression',
      regex: String.raw`^(NextResponse|Response|res|response|reply|c|ctx)\.(\w+\(\d*\)\.)?(json|send)\(\s*[\[{]`,
    },
  ],
};
const PRETENDER: Shape = { kind: 'call_expression', regex: String.raw`^(?i)\w*(mock|fake|dummy|sample|stub)\w*[.(\[]` };

/** Calls of which nothing comes. To read what one was given is no work either. */
const IDLE_CALL: Shape = {
  has: {
    field: 'function',
    any: [
      String.raw`^(console\.\w+|(\w+\.)?${SLEEP_NAMES}|resolve|reject|res|r)$`,
      String.raw`^(Math\.\w+|Date\.now|String|Number|Boolean|crypto\.randomUUID|uuid(v4)?|nanoid|JSON\.\w+|(this\.)?set([A-Z]\w*)?)$`,
      String.raw`^(NextResponse|Response|res|response|reply)\.(\w+\(\d*\)\.)?(json|send)$`,
      String.raw`^(\w*[rR]eq(uest)?|formData|\w*[pP]arams|headers|cookies|ctx|event|\w*[sS]chema)(\.\w+)*\.(get|getAll|has|json|text|formData|param|query|parse|safeParse|entries)$`,
      String.raw`^(?s:.)*\.(toISOString|toString|toFixed|slice|toLowerCase|toUpperCase|trim|padStart|getTime|includes|some|startsWith|log|info|debug|find|filter|split|join|entries|keys|values)$`,
    ].map((regex) => ({ regex })),
  },
};
const READS_INPUT: Shape = {
  has: { kind: 'call_expression', regex: String.raw`^(\w*[rR]eq(uest)?|event)(\.\w+)*\.(json|text|formData)\(\)$` },
};
/** Anything that could be the work which the wait only pretends. */
export const WORK: Shape = {
  any: [
    { kind: 'await_expression', not: { any: [{ matches: 'nap' }, READS_INPUT] } },
    { kind: 'call_expression', not: { any: [IDLE_CALL, PRETENDER] } },
  ],
};

const timer = (...callback: Shape[]): Shape => ({
  kind: 'call_expression',
  all: [
    { has: { field: 'function', regex: SET_TIMEOUT } },
    { has: { field: 'arguments', all: [{ has: { matches: 'fixed', nthChild: 2 } }, ...callback] } },
  ],
});
/** A limit that has passed, and a sign of life, are no made-up answers. */
const LIMIT = String.raw`(?i)error|time.?d?.?out|too.?late|expired|heartbeat|\bping\b|status\(\s*[45]`;
const called = (...call: Shape[]): Shape => ({
  has: { nthChild: 1, has: { stopBy: 'end', kind: 'call_expression', any: call, not: { regex: LIMIT } } },
});

const RESOLVES: Shape = {
  all: [
    { has: { field: 'function', kind: 'identifier', regex: String.raw`^(resolve\w*|res|r|fulfil\w*|ok|done)$` } },
    {
      has: { field: 'arguments', has: { any: [{ matches: 'data' }, { kind: 'member_expression', regex: String.raw`^this\.` }] } },
    },
  ],
};
const OTHER: Shape = { any: [{ kind: 'expression_statement', not: { regex: '^console' } }, { kind: 'if_statement' }] };
const RACE: Relation = {
  kind: 'array',
  inside: { kind: 'arguments', inside: { regex: String.raw`^Promise\s*\.\s*(race|any)` } },
};

/** `new Promise((resolve) => setTimeout(() => resolve(DATA), 500))`: what else the executor did would be what it waits for. */
const IN_EXECUTOR: Shape = {
  all: [
    {
      any: [
        { inside: { kind: 'arrow_function' } },
        {
          inside: {
            kind: 'expression_statement',
            inside: { kind: 'statement_block' },
            not: { any: [{ precedes: { stopBy: 'end', ...OTHER } }, { follows: { stopBy: 'end', ...OTHER } }] },
          },
        },
      ],
    },
    {
      inside: {
        stopBy: 'end',
        kind: 'new_expression',
        all: [{ has: { field: 'constructor', regex: '^Promise$' } }, { not: { inside: RACE } }],
      },
    },
  ],
};
const WITH_RESOLVERS: Shape = { inside: { stopBy: FUNCTION, kind: 'statement_block', regex: 'withResolvers' } };

const LATE_PROMISE: Shape = {
  ...timer({
    any: [
      // setTimeout(resolve, 500, DATA)
      { all: [{ has: { kind: 'identifier', nthChild: 1 } }, { has: { nthChild: 3, matches: 'data' } }] },
      called(RESOLVES),
    ],
  }),
  any: [IN_EXECUTOR, WITH_RESOLVERS],
};

/** `setTimeout(() => res.json({ ok: true }), 500)`, `callback(null, [...])`, `postMessage({ ... })`. */
const LATE_REPLY: Shape = timer(
  called(
    { regex: String.raw`^(callback|cb|onSuccess|onComplete|onLoad|next|done)\(\s*((null|undefined)\s*,\s*)?[\[{]` },
    { regex: String.raw`^(res|response|reply|ctx|c)\.(\w+\(\d*\)\.)?(json|send)\(\s*[\[{]` },
    { regex: String.raw`^((self|port|parent\w*)\.)?postMessage\(\s*\{(?s:.)*["'\x60\d{\[]` },
  ),
);

/** `sleep(500).then(() => DATA)`, and `setTimeout(500, DATA)` of node:timers/promises. */
const LATE_VALUE: Shape = {
  kind: 'call_expression',
  not: { inside: RACE },
  any: [
    {
      all: [
        {
          has: {
            field: 'function',
            kind: 'member_expression',
            all: [
              { regex: String.raw`\.\s*then$` },
              {
                has: {
                  field: 'object',
                  kind: 'call_expression',
                  all: [{ has: { field: 'function', regex: SLEEP } }, { has: { field: 'arguments', has: { matches: 'fixed' } } }],
                },
              },
            ],
          },
        },
        { has: { field: 'arguments', has: { kind: 'arrow_function', has: { field: 'body', matches: 'data' } } } },
      ],
    },
    {
      all: [
        { has: { field: 'function', kind: 'identifier', regex: '^(setTimeout|sleep|delay|wait)$' } },
        {
          has: {
            field: 'arguments',
            all: [{ has: { nthChild: 1, matches: 'fixed' } }, { has: { nthChild: 2, matches: 'data' } }],
          },
        },
        { not: { has: { field: 'arguments', has: { nthChild: 2, regex: String.raw`^\{\s*(signal|ref)\b` } } } },
      ],
    },
  ],
};

/** `await sleep(500); return { ok: true };`, or `yield`, in a function that does nothing else. */
const NAP_THEN_DATA: Shape = {
  kind: 'await_expression',
  all: [
    { matches: 'nap' },
    {
      inside: {
        // Of a loop in a generator, the whole function.
        stopBy: FUNCTION,
        kind: 'statement_block',
        all: [
          { inside: FUNCTION },
          {
            any: [
              { has: { kind: 'return_statement', has: { any: [{ matches: 'data' }, PRETENDER] } } },
              {
                has: {
                  stopBy: 'end',
                  kind: 'yield_expression',
                  has: { any: [{ matches: 'data' }, { kind: 'binary_expression' }] },
                },
              },
            ],
          },
          { not: { has: { stopBy: 'end', matches: 'work' } } },
        ],
      },
    },
  ],
};

export const LATE_ANSWERS: readonly Shape[] = [LATE_PROMISE, LATE_REPLY, LATE_VALUE, NAP_THEN_DATA];
