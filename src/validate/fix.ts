import type { Rewrite } from './finding.ts';

/** The text with all rewrites that do not touch each other; a comment that goes takes its line along where nothing else is in it. Pure. */
export function applyRewrites(text: string, rewrites: Rewrite[]): string {
  let result = '';
  let at = 0;
  for (const { from, to, text: put } of [...rewrites].sort((a, b) => a.from - b.from)) {
    const [begin, end] = put === '' ? wholeLine(text, from, to) : [from, to];
    if (begin < at) continue;
    result += text.slice(at, begin) + put;
    at = end;
  }
  return result + text.slice(at);
}

function wholeLine(text: string, from: number, to: number): [number, number] {
  const before = /(?:^\uFEFF?|\n)([ \t]*(?:\{[ \t]*)?)$/.exec(text.slice(0, from));
  const after = /^(?:[ \t]*\})?[ \t]*(?:\r?\n|$)/.exec(text.slice(to));
  if (before && after) return [from - (before[1]?.length ?? 0), to + after[0].length];
  // Behind a statement: the blanks before it go as well.
  const blanks = after ? (/[ \t]*$/.exec(text.slice(0, from))?.[0].length ?? 0) : 0;
  return [from - blanks, to];
}
