import type { Rule, Shape } from '../rule.ts';
import { FUNCTION, MADE_UP, SET_TIMEOUT, SLEEP, waits } from './waits.ts';

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

const UTILS: Record<string, Shape> = { ...waits(MADE_UP), data: DATA };

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

/** `await sleep(500); return { ok: true };` in a function that does nothing else. */
const NAP_THEN_DATA: Shape = {
  any: [{ kind: 'expression_statement' }, { kind: 'lexical_declaration' }],
  all: [
    { has: { stopBy: { kind: 'statement_block' }, matches: 'nap' } },
    {
      inside: {
        kind: 'statement_block',
        all: [
          { inside: FUNCTION },
          {
            has: {
              kind: 'return_statement',
              has: {
                any: [
                  { matches: 'data' },
                  { kind: 'call_expression', regex: String.raw`^(?i)\w*(mock|fake|dummy|sample|stub)\w*[.(\[]` },
                ],
              },
            },
          },
          {
            not: {
              has: {
                stopBy: 'end',
                any: [
                  { kind: 'await_expression', not: { matches: 'nap' } },
                  {
                    kind: 'call_expression',
                    not: {
                      any: [
                        { has: { field: 'function', regex: IDLE_CALL } },
                        { regex: String.raw`^(?i)\w*(mock|fake|dummy|sample|stub)\w*[.(\[]` },
                      ],
                    },
                  },
                ],
              },
            },
          },
        ],
      },
    },
  ],
};

/** What says itself that it only pretends. */
const PRETENDS = String.raw`(?i)\b(simulat(e|es|ed|ing|ion)|pretend|artificial|(fake|mock|dummy)\s+(api|network|async|request|response|delay|latency|call|server|data|upload|processing|loading))\b`;
const TOLD: Shape = {
  any: [{ kind: 'expression_statement' }, { kind: 'lexical_declaration' }, { kind: 'return_statement' }],
  all: [
    {
      any: [
        {
          has: {
            stopBy: { kind: 'statement_block' },
            kind: 'await_expression',
            has: { kind: 'call_expression', has: { field: 'function', regex: SLEEP } },
          },
        },
        { has: { stopBy: { kind: 'statement_block' }, kind: 'call_expression', has: { field: 'function', regex: SET_TIMEOUT } } },
        {
          has: {
            stopBy: { kind: 'statement_block' },
            kind: 'new_expression',
            has: { stopBy: 'end', kind: 'call_expression', has: { field: 'function', regex: SET_TIMEOUT } },
          },
        },
      ],
    },
    { any: [{ follows: { kind: 'comment', regex: PRETENDS } }, { precedes: { kind: 'comment', regex: PRETENDS } }] },
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

export const noFakeAsync: Rule = {
  id: 'no-fake-async',
  message: 'a timer stands in for work',
  why: 'It looks as if something was fetched, saved or sent, and nothing was: the answer is made up and always comes.',
  instead: 'Call what does the work. If it is not there yet, throw: new Error("not implemented").',
  severity: ['warning', 'error', 'error', 'error'],
  // A test may pretend.
  places: ['production', 'script'],
  finders: [
    {
      by: 'syntax',
      words: /setTimeout|\b(?:await|return)\s+[\w.]*(?:sleep|delay|wait|pause|timeout|simulate|fake|mock)\w*\s*\(/i,
      utils: UTILS,
      find: { any: [LATE_ANSWER, NAP_THEN_DATA, TOLD, FAKE_LOADING, LATE_VALUE] },
    },
  ],
  bad: [
    { code: 'export const load = () => new Promise((resolve) => setTimeout(() => resolve({ id: 1, name: "Ann" }), 500));' },
    {
      code: 'function load() {\n  return new Promise(function (resolve, reject) {\n    setTimeout(function () {\n      resolve([1, 2, 3]);\n    }, 300 + Math.random() * 700);\n  });\n}',
    },
    { code: 'const load = () => new Promise((r) => setTimeout(r, 1000, { ok: true }));' },
    {
      code: 'async function save(order: Order) {\n  await new Promise((resolve) => setTimeout(resolve, 1500));\n  return { success: true, id: order.id };\n}',
    },
    { code: 'async function save() {\n  await sleep(1500);\n  return { success: true, at: new Date().toISOString() };\n}' },
    {
      code: 'async function load() {\n  // Simulate network latency\n  await delay(ms);\n  await setTimeout(100);\n  return list();\n}',
    },
    {
      code: 'export function Form() {\n  const send = () => {\n    setSending(true);\n    setTimeout(() => {\n      setSending(false);\n      setSent(true);\n    }, 1000);\n  };\n  return <button onClick={send} />;\n}',
      file: 'form.tsx',
    },
    {
      code: 'import { setTimeout as sleep } from "node:timers/promises";\nexport const load = async () => sleep(500, { ok: true });',
    },
    { code: 'function load(callback) {\n  window.setTimeout(() => callback(null, { ok: true }), 200);\n}', file: 'load.js' },
  ],
  good: [
    { code: 'export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));' },
    {
      code: 'export const later = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));',
    },
    { code: 'const answer = await Promise.race([work(), new Promise((resolve) => setTimeout(() => resolve("late"), 500))]);' },
    { code: 'const limit = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 500));' },
    {
      code: 'const opened = new Promise((resolve) => {\n  socket.on("open", () => resolve(true));\n  setTimeout(() => resolve(false), 500);\n});',
    },
    {
      code: 'for (let n = 0; n < 3; n++) {\n  if (await ping()) break;\n  await new Promise((resolve) => setTimeout(resolve, 500));\n}',
    },
    { code: 'async function retry() {\n  await sleep(500);\n  return await send();\n}' },
    { code: 'setTimeout(() => setCopied(false), 2000);\nconst timer = setTimeout(flush, 100);' },
  ],
};
