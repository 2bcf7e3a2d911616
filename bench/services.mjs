import { readFileSync } from 'node:fs';

/** Names the services' own commands among all processes of a project. */
const IDLE_SECONDS = '86399';
export const FIRST_LINE = `echo first; exec sleep ${IDLE_SECONDS}`;
export const IDLE = `exec sleep ${IDLE_SECONDS}`;

/** @param {number} count */
export const names = (count) => Array.from({ length: count }, (_, index) => `s${String(index + 1)}`);

/**
 * @param {number} count
 * @param {string} command
 */
export const procfile = (count, command) =>
  names(count)
    .map((name) => `${name}: ${command}\n`)
    .join('');

/** @param {{ argv: string[] }} found */
export const isService = ({ argv }) => argv[0] === 'sleep' && argv[1] === IDLE_SECONDS;

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/**
 * A condition: has every file its first line? It looks at the first file without one, no further.
 * @param {string[]} paths
 */
export function allHaveFirstLine(paths) {
  let next = 0;
  return () => {
    while (next < paths.length && /^first\r?$/m.test(read(paths[next] ?? ''))) next += 1;
    return next === paths.length;
  };
}
