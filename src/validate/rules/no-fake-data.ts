import type { Rule, Shape } from '../rule.ts';

const RANDOM: Shape = {
  kind: 'call_expression',
  any: [
    {
      has: {
        field: 'function',
        regex: String.raw`^((globalThis|window)\.)?Math\s*(\?\.|\.)\s*random$|^Math\s*\[\s*["']random["']\s*\]$`,
      },
    },
    { has: { field: 'function', kind: 'identifier', regex: '^(random|rand|rnd)$' }, regex: String.raw`\(\s*\)$` },
  ],
};

/** Up to the statement, through operators, `Math.floor(...)` and templates. */
const UPWARDS: Shape = {
  any: [
    { kind: 'statement_block' },
    { kind: 'class_body' },
    { kind: 'program' },
    { kind: 'pair' },
    { kind: 'variable_declarator' },
    { kind: 'assignment_expression' },
  ],
};

/** Made to be random: names, spread in time, places on a screen. */
const RIGHTLY = String.raw`(?i)(\bid|Id|key|uid|uuid|nonce|salt|seed|token|hash|jitter|delay|timeout|interval|backoff|duration|index|idx|angle|rotation|theta|phi|velocity|color|colour|hue|offset|position|radius|scale|opacity|noise|random|rand|shuffle|suffix|boundary|port|name|slug|file|path|dir|^["']?[a-z]["']?$|^["']?[vdr][xyz]["']?$)`;
const FIGURES = String.raw`(?i)(price|amount|total|revenue|score|rating|count|users|sales|balance|temperature|humidity|latency|cpu|memory|usage|progress|percent|metric|stock|views|likes|status|salary|growth|conversion|visitors|orders|downloads|profit|cost|quantity|health|load|accuracy|confidence|rate$|result|success)`;

const REFUSAL: Shape = { any: [{ kind: 'throw_statement' }, { kind: 'call_expression', regex: String.raw`^rej(ect)?\(` }] };

const FAKE: Shape = {
  // In this order: what is quick to tell goes first.
  all: [
    { kind: 'call_expression', matches: 'random' },
    // Random digits of a name.
    {
      not: {
        any: [
          { inside: { stopBy: UPWARDS, regex: String.raw`\.\s*toString\s*\(\s*(16|32|36)\s*\)` } },
          { inside: { stopBy: UPWARDS, kind: 'template_string', regex: String.raw`\w[-_.]\$\{[^}]*(random|rand|rnd)\b` } },
        ],
      },
    },
    {
      any: [
        // { price: Math.random() * 100 }
        { inside: { stopBy: UPWARDS, kind: 'pair', has: { field: 'key', not: { regex: RIGHTLY } } } },
        // const price = Math.random() * 100; this.price = ...
        {
          inside: {
            stopBy: UPWARDS,
            kind: 'variable_declarator',
            has: { field: 'name', regex: FIGURES, not: { regex: RIGHTLY } },
          },
        },
        {
          inside: {
            stopBy: UPWARDS,
            kind: 'assignment_expression',
            has: { field: 'left', regex: `${FIGURES}[^.]*$`, not: { regex: RIGHTLY } },
          },
        },
        // Math.random() > 0.5 ? 'active' : 'inactive'
        {
          inside: {
            stopBy: UPWARDS,
            kind: 'ternary_expression',
            all: [
              { has: { field: 'condition', has: { stopBy: 'end', matches: 'random' } } },
              {
                has: {
                  field: 'consequence',
                  any: [{ kind: 'string' }, { kind: 'object' }, { kind: 'true' }, { kind: 'false' }, { kind: 'null' }],
                },
              },
            ],
          },
        },
        // if (Math.random() < 0.1) throw ...
        {
          inside: {
            stopBy: { kind: 'statement_block' },
            kind: 'if_statement',
            all: [
              {
                has: { field: 'condition', regex: String.raw`[<>]=?\s*(0?\.\d+|1\b)`, has: { stopBy: 'end', matches: 'random' } },
              },
              { has: { field: 'consequence', any: [REFUSAL, { has: { stopBy: 'end', ...REFUSAL } }] } },
            ],
          },
        },
        // return Math.random() > 0.1; in a function that checks or fetches
        {
          inside: {
            stopBy: { kind: 'statement_block' },
            any: [
              {
                kind: 'return_statement',
                inside: {
                  kind: 'statement_block',
                  inside: {
                    any: ['function_declaration', 'method_definition'].map((kind) => ({
                      kind,
                      has: { field: 'name', matches: 'asks' },
                    })),
                  },
                },
              },
              {
                kind: 'return_statement',
                inside: {
                  kind: 'statement_block',
                  inside: {
                    any: [{ kind: 'arrow_function' }, { kind: 'function_expression' }],
                    inside: { kind: 'variable_declarator', has: { field: 'name', matches: 'asks' } },
                  },
                },
              },
              { kind: 'arrow_function', inside: { kind: 'variable_declarator', has: { field: 'name', matches: 'asks' } } },
            ],
          },
        },
        // setProgress((p) => p + Math.random() * 10)
        {
          inside: {
            stopBy: UPWARDS,
            kind: 'call_expression',
            has: {
              field: 'function',
              kind: 'identifier',
              regex: '^set[A-Z]',
              not: { regex: '(?i)(time|interval|delay|seed|key|id$|color|position|rotation|angle|random|offset|index)' },
            },
          },
        },
      ],
    },
  ],
};

const CALL = /\b(?:random|rand|rnd)(?:[\"']\s*\])?\s*\(\s*\)/;

export const noFakeData: Rule = {
  id: 'no-fake-data',
  message: 'made-up data',
  why: 'It looks like a measurement or a record, and is a dice: people decide by it.',
  instead: 'Read the real value. Where there is none yet, say so: throw, or show that it is not known.',
  severity: ['warning', 'error', 'error', 'error'],
  // Tests make theirs up.
  places: ['production', 'script'],
  finders: [
    {
      by: 'syntax',
      words: [CALL],
      utils: {
        random: RANDOM,
        asks: {
          regex:
            '^_?#?(get|fetch|load|calculate|compute|measure|estimate|query|read|check|is|has|validate|verify|predict|analyze|detect)[A-Z]',
          not: { regex: RIGHTLY },
        },
      },
      find: FAKE,
    },
    {
      by: 'syntax',
      grammars: ['Tsx'],
      words: [CALL],
      utils: { random: RANDOM },
      // <b>{Math.random() * 100}</b>
      find: {
        kind: 'call_expression',
        matches: 'random',
        inside: { stopBy: UPWARDS, kind: 'jsx_expression', inside: { kind: 'jsx_element' } },
      },
    },
    {
      by: 'syntax',
      words: [/faker|chance|casual/],
      find: {
        kind: 'import_statement',
        has: { field: 'source', regex: String.raw`^["'](@faker-js/faker(/.*)?|faker|chance|casual)["']$` },
      },
    },
  ],
  bad: [
    { code: 'export const stats = { visitors: Math.floor(Math.random() * 1000) };' },
    { code: 'const price = (Math.random() * 100).toFixed(2);' },
    { code: 'const status = Math.random() > 0.5 ? "active" : "inactive";' },
    { code: 'export function save() {\n  if (Math.random() < 0.1) throw new Error("network");\n}' },
    { code: 'export function checkHealth() {\n  return Math.random() > 0.1;\n}' },
    { code: 'const getCpu = () => Math.random() * 100;' },
    { code: 'const tick = () => setProgress((before) => before + Math.random() * 10);' },
    { code: 'export const A = () => <b>{Math.round(Math.random() * 100)} users</b>;', file: 'a.tsx' },
    { code: 'const { random } = Math;\nexport const rows = ids.map((id) => ({ id, amount: random() * 500 }));' },
    { code: 'const label = { text: `${Math.floor(Math.random() * 100)} % full` };' },
    { code: 'import { faker } from "@faker-js/faker";\nexport const user = () => ({ name: faker.person.fullName() });' },
    { code: 'class Monitor { poll() { this.cpuUsage = Math.random() * 100; } }' },
  ],
  good: [
    { code: 'export const id = Math.random().toString(36).slice(2);' },
    { code: 'const wait = base * (1 + Math.random());\nconst options = { jitter: Math.random() * 100, id: Math.random() };' },
    { code: 'const one = list[Math.floor(Math.random() * list.length)];' },
    { code: 'if (Math.random() < sampleRate) report();' },
    { code: 'particle.position.set(Math.random(), Math.random(), 0);\nconst point = { x: Math.random(), y: Math.random() };' },
    { code: 'export const draw = (random: () => number) => random();' },
  ],
};
