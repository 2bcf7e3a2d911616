import { parseProcfile } from '../../project/procfile.ts';
import { KILLERS } from './kills.ts';
import { SERVER_NAMES } from './servers.ts';

/** Through these everything can be run that a package.json or another file says. */
const RUNNERS = ['npm', 'pnpm', 'yarn', 'bun', 'dev', 'run-p', 'run-s', 'npm-run-all', 'start-server-and-test', 'node'];

/** Words before a program that tell nothing of it. */
const WRAPPERS: ReadonlySet<string> = new Set(['npx', 'bundle', 'exec', 'env', 'bin', 'sh', 'bash', 'run']);

/**
 * May the command be anything of the guard's? By the words in it alone: most commands are nothing of the kind, and need no
 * parser. Pure.
 */
export function mayConcern(command: string, procfile: string): boolean {
  // Escapes can spell anything.
  if (command.includes("$'")) return true;
  const text = command.replace(/\\\n/g, '').replace(/["'\\]/g, '');
  const words = new Set(splitWords(text).flatMap((word) => [word, word.replace(/\.(?:m|c)?js$/, '')]));
  if ([...SERVER_NAMES, ...KILLERS, ...RUNNERS].some((name) => words.has(name))) return true;
  return parseProcfile(procfile, '').entries.some(({ command: line }) =>
    splitWords(line)
      .filter((word) => /[a-z]/i.test(word) && !WRAPPERS.has(word))
      .some((word, index) => (index === 0 || word.length > 3) && words.has(word)),
  );
}

function splitWords(text: string): string[] {
  return text.split(/[^\w.-]+/).map((word) => word.replace(/^-+/, ''));
}
