import { JSON_OUT, ROOT, type CommandSpec, type OptionSpec } from './command-spec.ts';
import { COMMANDS } from './command-specs.ts';

const HELP: OptionSpec = { flags: '-h, --help', text: '' };

/**
 * Puts a `--` before the first word that is not an option of the verb itself, where another program's words begin there: its
 * `--help` and its own options look like ours.
 */
export function fence(words: string[]): string[] {
  const verb = verbAt(words);
  const spec = specOf(words[verb]);
  if (spec?.passThrough !== 'from-stranger') return words;
  const at = firstStranger(words, verb + 1, ownOptions(spec));
  return at >= words.length || words[at] === '--' ? words : [...words.slice(0, at), '--', ...words.slice(at)];
}

/** The verb that was typed, for what is said of wrong words; before it there may be an option that is wrong there. */
export function typedVerb(words: string[]): CommandSpec | undefined {
  const at = verbAt(words);
  const candidates = words[at]?.startsWith('-') === true ? words.slice(at) : words.slice(at, at + 1);
  return candidates.map(specOf).find((spec) => spec !== undefined);
}

const specOf = (word: string | undefined): CommandSpec | undefined => COMMANDS.find(({ name }) => name === word);

const verbAt = (words: string[]): number => firstStranger(words, 0, [ROOT, JSON_OUT]);

const ownOptions = ({ options }: CommandSpec): OptionSpec[] => [...options, ROOT, HELP];

/** Where the first word stands that is neither one of these options nor the value of one. */
function firstStranger(words: string[], from: number, options: OptionSpec[]): number {
  let at = from;
  for (; at < words.length; at += 1) {
    const [name = ''] = (words[at] ?? '').split('=', 1);
    const option = options.find(({ flags }) => flags.split(/[ ,]+/).includes(name));
    if (!option || !name.startsWith('-')) return at;
    if (option.flags.includes('<') && !words[at]?.includes('=')) at += 1;
  }
  return at;
}
