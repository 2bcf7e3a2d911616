import type { Rule } from '../rule.ts';
import { FAKER_IMPORT, MADE_UP_DATA, MADE_UP_JSX, MADE_UP_PARTS } from '../shapes/made-up.ts';

const WORDS = [
  /[rR]and|rnd/,
  /\bMath\b[^\n]{0,40}?random\b(?!\s*\(\s*\)\s*\.\s*toString\s*\(\s*(?:16|32|36)\b)|\br(?:andom|a?nd)\s*\(\s*\)|[rR]and(?:om)?(?:Int|Number|Float|Between|Range|In|Amount|Price|Value)/,
];

export const noFakeData: Rule = {
  id: 'no-fake-data',
  message: 'made-up data',
  why: 'It looks like a measurement or a record, and is a dice: people decide by it.',
  instead: 'Read the real value. Where there is none yet, say so: throw, or show that it is not known.',
  severity: ['warning', 'error', 'error', 'error'],
  // Tests make theirs up.
  places: ['production', 'script'],
  finders: [
    { by: 'syntax', words: WORDS, utils: MADE_UP_PARTS, find: MADE_UP_DATA },
    { by: 'syntax', grammars: ['Tsx'], words: WORDS, utils: MADE_UP_PARTS, find: MADE_UP_JSX },
    { by: 'syntax', words: [/["'](?:@faker-js\/faker|faker|chance|casual)/], find: FAKER_IMPORT },
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
