const OPENERS = '([{';
const CLOSERS = ')]}';
/** Each puts one more on top of what stands before it: `a.b().c()`, `1 + 1 + 1`, `<p><p>`. */
const OPERATORS = '+*|&<';
/** What they have built ends here. */
const ENDS = ';,';

/**
 * How deep a text is nested, about: brackets in brackets, calls on calls, operators in a row; strings do not count. To search shapes in
 * it takes the square of that: 50,000 calls on each other take minutes (measured).
 */
function nestingOf(text: string): number {
  let [depth, chain, deepest] = [0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"' || sign === "'" || sign === '`') at = endOfString(text, at, sign);
    else if (OPENERS.includes(sign)) depth += 1;
    else if (CLOSERS.includes(sign)) depth = Math.max(0, depth - 1);
    else if (OPERATORS.includes(sign) || (sign === '.' && /[\w$#]/.test(text.charAt(at + 1))) || text.startsWith('=>', at))
      chain += 1;
    else if (ENDS.includes(sign)) chain = 0;
    deepest = Math.max(deepest, depth, chain);
  }
  return deepest;
}

/** Where a string ends; an apostrophe of a text is none that does. */
function endOfString(text: string, from: number, quote: string): number {
  const end = text.indexOf(quote, from + 1);
  if (end === -1) return from;
  const line = quote === '`' ? -1 : text.indexOf('\n', from);
  return line !== -1 && line < end ? from : end;
}

/** Nobody writes it: in 5,000 files of 35 packages the deepest has 1,010. */
const DEEPEST = 4000;
/** What shapes begin with, times how deep it may stand: so much takes a second. */
const DEAREST = 200_000;

/** To search shapes in it would take too long. */
export function isTooDeep(text: string): boolean {
  const nesting = Math.max(nestingOf(text), text.match(/\belse\b/g)?.length ?? 0);
  const beginnings = text.match(/random|setTimeout|sleep|delay/g)?.length ?? 0;
  return nestingOf(text) > DEEPEST || nesting * beginnings > DEAREST;
}
