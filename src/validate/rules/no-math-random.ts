import type { Rule } from '../rule.ts';

export const noMathRandom: Rule = {
  id: 'no-math-random',
  message: '`Math.random` in production code',
  why: 'It can be guessed, and it makes a run that cannot be repeated.',
  instead: 'crypto.randomUUID() for names and secrets; a generator with a seed for the rest.',
  severity: ['off', 'off', 'off', 'warning'],
  places: ['production'],
  finders: [
    {
      by: 'syntax',
      words: [/\brandom\b/],
      find: {
        any: [
          { kind: 'member_expression', regex: String.raw`^Math\s*(\?\.|\.)\s*random$` },
          { kind: 'subscript_expression', regex: String.raw`^Math\s*\[\s*["']random["']\s*\]$` },
          {
            kind: 'variable_declarator',
            all: [
              { has: { field: 'name', regex: String.raw`^\{(?s:.)*\brandom\b` } },
              { has: { field: 'value', regex: '^Math$' } },
            ],
          },
        ],
      },
    },
  ],
  bad: [
    { code: 'export const id = Math.random().toString(36).slice(2);' },
    { code: 'const { random } = Math;' },
    { code: 'const roll = Math.random;' },
    { code: 'const roll = Math["random"]();' },
  ],
  good: [{ code: 'export const id = crypto.randomUUID();' }, { code: 'export const text = "Math.random()";' }],
};
