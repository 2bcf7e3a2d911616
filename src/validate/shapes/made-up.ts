import type { Shape } from '../rule.ts';
import { FIGURES, RIGHTLY } from './names.ts';

/** What code looks like in which a dice stands in for data. */

const figure = (field: string): Shape => ({ has: { field, matches: 'figure', not: { matches: 'rightly' } } });

/** As `matches: 'random'`. A function of the file may have a name that says it. */
const RANDOM: Shape = {
  any: [
    {
      has: {
        field: 'function',
        regex: String.raw`^((globalThis|window)\.)?Math\s*(\?\.|\.)\s*random$|^Math\s*\[\s*["']random["']\s*\]$`,
      },
    },
    { has: { field: 'function', kind: 'identifier', regex: '^(random|rand|rnd)$' }, regex: String.raw`\(\s*\)$` },
    {
      has: {
        field: 'function',
        kind: 'identifier',
        regex: '^((get|make|create)?[rR]and(om)?(Int|Integer|Number|Float|Between|Range|InRange|Amount|Price|Value))$',
      },
    },
  ],
};

/** As `matches: 'asks'`: the name of a function that tells a fact. */
const ASKS: Shape = {
  regex: `^_?#?(get|fetch|load|calculate|compute|measure|estimate|query|read|check|is|has|validate|verify|predict|analyze|detect)[A-Z]|${FIGURES}`,
  not: { matches: 'rightly' },
};

/** Each is compiled once, however often a shape asks for it. */
export const MADE_UP_PARTS: Record<string, Shape> = {
  random: RANDOM,
  asks: ASKS,
  rightly: { regex: RIGHTLY },
  figure: { regex: FIGURES },
};

/** Up to the statement, through operators, `Math.floor(...)`, templates and functions that are an expression. */
const UPWARDS: Shape = {
  any: [
    'statement_block',
    'class_body',
    'program',
    'pair',
    'variable_declarator',
    'assignment_expression',
    'augmented_assignment_expression',
    'jsx_attribute',
  ].map((kind) => ({ kind })),
};
/** In `.ts` there is no JSX. */
const UPWARDS_TS: Shape = { any: (UPWARDS.any ?? []).filter(({ kind }) => kind !== 'jsx_attribute') };

const REFUSAL: Shape = { any: [{ kind: 'throw_statement' }, { kind: 'call_expression', regex: String.raw`^rej(ect)?\(` }] };
const NAMED_FUNCTION: Shape = {
  any: [
    {
      any: ['function_declaration', 'generator_function_declaration', 'method_definition'].map((kind) => ({ kind })),
      has: { field: 'name', matches: 'asks' },
    },
    {
      any: ['arrow_function', 'function_expression'].map((kind) => ({ kind })),
      inside: { kind: 'variable_declarator', has: { field: 'name', matches: 'asks' } },
    },
  ],
};

const places: Shape[] = [
  // { price: Math.random() * 100 }
  { inside: { stopBy: UPWARDS_TS, kind: 'pair', has: { field: 'key', not: { matches: 'rightly' } } } },
  // const price = Math.random() * 100; this.price = ...; price += ...
  { inside: { stopBy: UPWARDS_TS, kind: 'variable_declarator', ...figure('name') } },
  {
    inside: {
      stopBy: UPWARDS_TS,
      any: [{ kind: 'assignment_expression' }, { kind: 'augmented_assignment_expression' }],
      has: { field: 'left', regex: String.raw`(${FIGURES})[^.]*$`, not: { matches: 'rightly' } },
    },
  },
  // private latencyMs = Math.random() * 200, (rating = Math.random() * 5) => ...
  { inside: { stopBy: UPWARDS_TS, kind: 'public_field_definition', ...figure('name') } },
  { inside: { stopBy: UPWARDS_TS, any: [{ kind: 'required_parameter' }, { kind: 'optional_parameter' }], ...figure('pattern') } },
  // const isOnline = Math.random() > 0.5
  {
    inside: {
      kind: 'binary_expression',
      regex: String.raw`[<>]=?\s*(0?\.\d+|1\b)`,
      inside: {
        kind: 'variable_declarator',
        has: { field: 'name', regex: '^(is|has|can|was|did)[A-Z]', not: { matches: 'rightly' } },
      },
    },
  },
  // Math.random() > 0.5 ? 'active' : 'inactive'
  {
    inside: {
      stopBy: UPWARDS_TS,
      kind: 'ternary_expression',
      all: [
        { has: { field: 'condition', regex: String.raw`[<>]=?\s*(0?\.\d+|1\b)`, has: { stopBy: 'end', matches: 'random' } } },
        { has: { field: 'consequence', any: ['string', 'object', 'true', 'false', 'null'].map((kind) => ({ kind })) } },
      ],
    },
  },
  // if (Math.random() < 0.1) throw ...
  {
    inside: {
      stopBy: { kind: 'statement_block' },
      kind: 'if_statement',
      all: [
        { has: { field: 'condition', regex: String.raw`[<>]=?\s*(0?\.\d+|1\b)`, has: { stopBy: 'end', matches: 'random' } } },
        { has: { field: 'consequence', any: [REFUSAL, { has: { stopBy: 'end', ...REFUSAL } }] } },
      ],
    },
  },
  // return Math.random() > 0.1; in a function that checks or fetches
  {
    inside: {
      stopBy: { kind: 'statement_block' },
      any: [
        { kind: 'return_statement', inside: { kind: 'statement_block', inside: NAMED_FUNCTION } },
        { kind: 'arrow_function', inside: { kind: 'variable_declarator', has: { field: 'name', matches: 'asks' } } },
      ],
    },
  },
  // setProgress((before) => before + Math.random() * 10)
  {
    inside: {
      stopBy: UPWARDS_TS,
      kind: 'call_expression',
      has: {
        field: 'function',
        kind: 'identifier',
        regex: '^set[A-Z]',
        not: { any: [{ regex: 'Tim(e|er)$' }, { matches: 'rightly' }] },
      },
    },
  },
  // `${99 + Math.random()} % uptime`
  {
    inside: {
      stopBy: UPWARDS_TS,
      kind: 'template_string',
      regex: String.raw`(?i)\}\s*%|${FIGURES}`,
      not: {
        any: [{ regex: 'hsl|rgb|translate|rotate' }, { inside: { kind: 'pair', has: { field: 'key', matches: 'rightly' } } }],
      },
    },
  },
];

const NAME_OF_RANDOM_DIGITS: Shape = {
  any: [
    // list.sort(() => Math.random() - 0.5)
    {
      inside: {
        stopBy: UPWARDS_TS,
        kind: 'call_expression',
        has: { field: 'function', regex: String.raw`\.\s*(sort|toSorted)$` },
      },
    },
    { inside: { stopBy: UPWARDS_TS, kind: 'call_expression', regex: String.raw`\.\s*(charAt|substr|substring|at)\s*\(` } },
    { inside: { stopBy: UPWARDS_TS, regex: String.raw`\.\s*toString\s*\(\s*(16|32|36)\s*\)` } },
    { inside: { stopBy: UPWARDS_TS, kind: 'template_string', regex: String.raw`\w[-_.]\$\{[^}]*(random|rand|rnd)\b` } },
  ],
};

/** In this order: what is quick to tell goes first. */
export const MADE_UP_DATA: Shape = {
  all: [{ kind: 'call_expression', matches: 'random' }, { not: NAME_OF_RANDOM_DIGITS }, { any: places }],
};

/** `<b>{Math.random() * 100}</b>`, `<Stat value={Math.random()} />` */
export const MADE_UP_JSX: Shape = {
  all: [
    { kind: 'call_expression', matches: 'random' },
    { not: NAME_OF_RANDOM_DIGITS },
    {
      any: [
        { inside: { stopBy: UPWARDS, kind: 'jsx_expression', inside: { kind: 'jsx_element' } } },
        {
          inside: {
            stopBy: UPWARDS,
            kind: 'jsx_attribute',
            regex: '^[a-zA-Z]',
            not: {
              regex: `^(${['key', 'id', 'style', 'seed', 'delay', 'className', 'd', 'x', 'y', 'cx', 'cy', 'r', 'width', 'height', 'transform', 'color', 'fill', 'position', 'rotation'].join('|')})\\s*=`,
            },
          },
        },
      ],
    },
  ],
};

const FAKER = String.raw`^["'](@faker-js/faker(/.*)?|faker|chance|casual)["']$`;
/** A library of made-up people and prices, however it is brought in. */
export const FAKER_IMPORT: Shape = {
  any: [
    { any: [{ kind: 'import_statement' }, { kind: 'export_statement' }], has: { field: 'source', regex: FAKER } },
    {
      kind: 'call_expression',
      all: [
        { has: { field: 'function', regex: '^(require|import)$' } },
        { has: { field: 'arguments', has: { kind: 'string', regex: FAKER } } },
      ],
    },
  ],
};
