import { z } from 'zod';
import { glob } from '../../project/config-schema.ts';

const word = z.string().min(1);
const severity = z.enum(['off', 'warning', 'error']);
const example = z.union([word.transform((code) => ({ code })), z.strictObject({ code: word, file: word.optional() })]);

/** A shape is ast-grep's own language, which checks it. */
const shape = z.record(word, z.unknown());

/** One file of `.devctl/rules/`. */
export const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'Expected words in small letters with "-" between, such as no-moment'),
  message: word.describe('What is wrong, in one line'),
  why: word,
  instead: word.describe('What to write instead'),
  severity: z.union([severity, z.strictObject({ lenient: severity, standard: severity, strict: severity, paranoid: severity })]),
  files: z.array(glob).min(1).optional().describe('Globs of the files that it is for, from the project root'),
  places: z
    .array(z.enum(['production', 'test', 'script']))
    .min(1)
    .optional(),
  find: shape.describe('A rule of ast-grep: https://ast-grep.github.io/reference/rule.html'),
  utils: z.record(word, shape).optional(),
  constraints: z.record(word, shape).optional(),
  words: word.optional().describe('A regular expression that every file with a finding matches: others are not parsed'),
  rewrite: z.string().optional().describe('What --fix puts there, with the variables of the pattern'),
  bad: z.array(example).min(1).describe('Code in which it finds something'),
  good: z.array(example).min(1).describe('Code in which it finds nothing'),
});

export type RuleInput = z.output<typeof ruleSchema>;

export const knownRuleKeys = (path: string[]): string[] => (path.length === 0 ? Object.keys(ruleSchema.shape) : []);
