import type { Problem } from '../../failure.ts';
import { checkShape, readConfigFile } from '../../project/config-file.ts';
import { fail, ok, type Result } from '../../result.ts';
import type { Rule, SyntaxFinder } from '../rule.ts';
import { knownRuleKeys, ruleSchema, type RuleInput } from './schema.ts';

/** A rule of the project's own, and where its parts stand in its file. */
export interface OwnRule {
  rule: Rule;
  placeOf: (path: string[]) => Problem['place'];
}

/** Reads one file of `.devctl/rules/`. */
export function parseRule(text: string, file: string): Result<OwnRule, Problem[]> {
  const read = readConfigFile(text, file);
  if (!read.ok) return read;
  const shaped = checkShape(read.value, { schema: ruleSchema, knownKeys: knownRuleKeys });
  if (!shaped.ok) return shaped;
  const placeOf: OwnRule['placeOf'] = (path) => read.value.placeOf(path, 'value');
  const words = wordsOf(shaped.value);
  if (!words) return fail([{ place: placeOf(['words']), what: '"words" is not a regular expression' }]);
  return ok({ rule: toRule(shaped.value, words), placeOf });
}

function wordsOf({ words }: RuleInput): RegExp | undefined {
  try {
    return new RegExp(words ?? '');
  } catch {
    return undefined;
  }
}

function toRule(input: RuleInput, words: RegExp): Rule {
  const { id, message, why, instead, severity, files, places, bad, good } = input;
  const finder: SyntaxFinder = {
    by: 'syntax',
    words: [words],
    find: input.find,
    ...(input.utils ? { utils: input.utils } : {}),
    ...(input.constraints ? { constraints: input.constraints } : {}),
    ...(input.rewrite === undefined ? {} : { rewrite: input.rewrite }),
  };
  return {
    id,
    message,
    why,
    instead,
    severity:
      typeof severity === 'string'
        ? [severity, severity, severity, severity]
        : [severity.lenient, severity.standard, severity.strict, severity.paranoid],
    ...(files ? { files } : {}),
    ...(places ? { places } : {}),
    finders: [finder],
    bad: bad.map(toExample),
    good: good.map(toExample),
  };
}

const toExample = ({ code, file }: { code: string; file?: string | undefined }) =>
  file === undefined ? { code } : { code, file };
