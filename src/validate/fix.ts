import type { Hit, Rewrite } from './finding.ts';

export const rewritesOf = (hits: Hit[]): Rewrite[] =>
  hits.flatMap(({ from, to, rewrite }) => (rewrite === undefined ? [] : [{ from, to, text: rewrite }]));

export interface Rewritten {
  text: string;
  /** Those that touch an earlier one are left out. */
  count: number;
}

/** The text with all rewrites that do not touch each other; what goes takes its line along where nothing else is in it. Pure. */
export function applyRewrites(text: string, rewrites: Rewrite[]): Rewritten {
  let result = '';
  let at = 0;
  let count = 0;
  for (const { from, to, text: put } of [...rewrites].sort((a, b) => a.from - b.from)) {
    const [begin, end] = put === '' ? withBlanks(text, from, to) : [from, to];
    if (begin < at) continue;
    const apart = put === '' && isJoined(text, begin, end) ? ' ' : '';
    result += text.slice(at, begin) + put + apart;
    at = end;
    count += 1;
  }
  return { text: result + text.slice(at), count };
}

/** The whole line where there is nothing else but blanks, or braces of JSX; at the end of one, the blanks before it. */
function withBlanks(text: string, from: number, to: number): [number, number] {
  if (isInJsx(text, from, to)) return withBlanks(text, text.lastIndexOf('{', from), text.indexOf('}', to) + 1);
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const before = text.slice(start, from).replace(/^\uFEFF/, '');
  const after = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(to))?.[0];
  if (after === undefined) return [from, to];
  const blanks = before.length - before.trimEnd().length;
  return [from - blanks, blanks === before.length ? to + after.length : to];
}

/** Alone in braces, alone on the line, behind a tag; behind an arrow it would be a function. */
function isInJsx(text: string, from: number, to: number): boolean {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const before = text.slice(Math.max(0, start - 500), start).trimEnd();
  return (
    /^[ \t]*\{[ \t]*$/.test(text.slice(start, from)) &&
    /^[ \t]*\}[ \t]*(?:\r?\n|$)/.test(text.slice(to, to + 500)) &&
    before.endsWith('>') &&
    !before.endsWith('=>')
  );
}

/** What stood apart must not become one word, or a comment. */
const isJoined = (text: string, begin: number, end: number): boolean =>
  /[^\s([{]/.test(text.charAt(begin - 1)) && /[^\s)\]},;]/.test(text.charAt(end));
