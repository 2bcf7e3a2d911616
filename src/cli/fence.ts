import { JSON_OUT, ROOT, type CommandSpec, type OptionSpec } from './command-spec.ts';
import { COMMANDS } from './command-specs.ts';

const HELP: OptionSpec = { flags: '-h, --help', text: '' };

/**
 * Puts a `--` before the first word that is not an option of the verb itself, where another program's words begin there: its
 * `--help` and its own options look like ours.
 */
export function fence(words: string[]): string[] {
  const spec = typedVerb(words);
  if (spec?.passThrough !== 'from-stranger') return words;
  const at = firstStranger(words, verbAt(words) + 1, ownOptions(spec));
  return at >= words.length || words[at] === '--' ? words : [...words.slice(0, at), '--', ...words.slice(at)];
}

/** The verb among the words, if there is one. */
export const typedVerb = (words: string[]): CommandSpec | undefined => COMMANDS.find(({ name }) => name === words[verbAt(words)]);

/** Before it there may be an option that is wrong there. */
function verbAt(words: string[]): number {
  const at = firstStranger(words, 0, [ROOT, JSON_OUT]);
  if (words[at]?.startsWith('-') !== true) return at;
  return words.findIndex((word, index) => index > at && COMMANDS.some(({ name }) => name === word));
}

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
