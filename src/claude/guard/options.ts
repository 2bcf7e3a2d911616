import type { Value } from './values.ts';

/** Words split at the first that is no option: the options with their values, and the rest. */
export interface Split {
  options: Map<string, Value>;
  rest: Value[];
}

/**
 * Reads options up to the first other word, or past `--`. `valued` are those whose value is the next word; `--name=value`
 * is understood of all.
 */
export function splitOptions(words: Value[], valued: readonly string[]): Split {
  const options = new Map<string, Value>();
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined || !/^-./.test(word.text)) return { options, rest: words.slice(at) };
    if (word.text === '--') return { options, rest: words.slice(at + 1) };
    const [, name = word.text, value] = /^(--[^=]+)=(.*)$/s.exec(word.text) ?? [];
    if (value !== undefined) options.set(name, { ...word, text: value });
    else if (valued.includes(word.text) && words[at + 1] !== undefined) {
      options.set(word.text, words[at + 1] ?? word);
      at += 1;
    } else options.set(word.text, word);
  }
  return { options, rest: [] };
}

const ASSIGNMENT = /^[A-Za-z_]\w*=/;

/** Without the assignments at its beginning, as env and sudo take them. */
export function withoutAssignments(words: Value[]): Value[] {
  const at = words.findIndex(({ text }) => !ASSIGNMENT.test(text));
  return at < 0 ? [] : words.slice(at);
}

/** What stands behind `--`, where there is one. */
export function afterDashes(words: Value[]): Value[] | undefined {
  const at = words.findIndex(({ text }) => text === '--');
  return at < 0 ? undefined : words.slice(at + 1);
}
