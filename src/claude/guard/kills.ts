import type { Denial } from './denial.ts';
import type { Value } from './values.ts';

/** Programs that print the numbers of processes that they were asked to find. */
const LOOKUPS: ReadonlySet<string> = new Set(['lsof', 'pgrep', 'pidof', 'fuser', 'ss', 'netstat', 'ps']);
/** Programs that hand on what they read. */
export const FILTERS: ReadonlySet<string> = new Set([
  'awk',
  'gawk',
  'mawk',
  'cat',
  'cut',
  'grep',
  'egrep',
  'head',
  'tail',
  'tr',
  'sed',
  'sort',
  'uniq',
  'tee',
  'column',
  'rev',
  'paste',
  'xargs',
]);
const PID_FILE = /(?:^|\/)tmp\/pids\/|(?:^|\/)server\.pid$/;

/** Programs that end processes, and by which a file is named that does. */
export const KILLERS: readonly string[] = [
  'kill',
  'pkill',
  'killall',
  'killall5',
  'skill',
  'fuser',
  'kill-port',
  'fkill',
  'killport',
  'tmux',
  'pumactl',
];

/** Does it print pids that it has looked up? */
export function looksUp(program: string, args: Value[]): boolean {
  if (LOOKUPS.has(program)) return !(program === 'ps' && args.some(({ text }) => text === '$$'));
  return program === 'cat' && args.some(({ text }) => PID_FILE.test(text));
}

/** Does it end processes that nobody named by their own pid? Pure. */
export function judgeKill(program: string, args: Value[]): Denial | undefined {
  const words = args.map(({ text }) => text);
  const asksForHelp = words.some((word) => /^--?(?:help|version)$|^-V$/.test(word));
  switch (program) {
    case 'pkill':
    case 'killall':
    case 'killall5':
    case 'skill':
      return asksForHelp || isHarmless(words)
        ? undefined
        : { kind: 'kill-by-name', program: [program, ...words].join(' ').replaceAll('\0', '...').slice(0, 60) };
    case 'fuser':
      return words.some((word) => word === '--kill' || /^-[a-zA-Z]*k/.test(word))
        ? { kind: 'kill-by-port', program: 'fuser -k' }
        : undefined;
    case 'kill-port':
    case 'fkill':
    case 'killport':
      return asksForHelp ? undefined : { kind: 'kill-by-port', program };
    case 'kill':
      if (isHarmless(words)) return undefined;
      if (words.at(-1) === '-1' && words.length > 1) return { kind: 'kill-by-name', program: 'kill -1' };
      return args.some(({ isPids, text }) => isPids || PID_FILE.test(text)) ? { kind: 'kill-looked-up' } : undefined;
    case 'tmux':
      return words.includes('kill-server') ? { kind: 'kill-tmux' } : undefined;
    case 'pumactl':
      return words.some((word) => ['stop', 'halt'].includes(word)) ? { kind: 'kill-looked-up' } : undefined;
    default:
      return undefined;
  }
}

/** Signal 0 only asks; `-l` lists. */
function isHarmless(words: string[]): boolean {
  return words.some(
    (word, index) => /^-(?:0|l|L|-list.*)$/.test(word) || (/^(?:-s|--signal|-n)$/.test(word) && words[index + 1] === '0'),
  );
}
