/**
 * The file to which a command sends its own standard output (`cmd >> log/web.log 2>&1`), as it stands in the command;
 * `undefined` where it keeps its output, or where the target is not a plain word. Only the last command of a chain
 * counts, as the shell has it.
 */
export function ownRedirect(command: string): string | undefined {
  const plain = maskQuotes(command);
  let found: string | undefined;
  for (const match of plain.matchAll(/(\d*|&)(?<![<>-])>>?[ \t]*([^\s;&|<>()]+)/g)) {
    const [text, descriptor, target = ''] = match;
    const isGluedToWord = /\S/.test(plain[match.index - 1] ?? ' ');
    if (descriptor !== '' && descriptor !== '1' && descriptor !== '&' && !isGluedToWord) continue;
    const rest = plain.slice(match.index + text.length);
    if (/(?:&&|\|\||;|\|(?!\|))/.test(rest)) continue;
    found = isPlainPath(target) ? target : undefined;
  }
  return found;
}

function isPlainPath(target: string): boolean {
  return !/[$`*?[\]{}~\\\u0001]/.test(target) && !target.startsWith('/dev/');
}

/** Quoted text becomes marks of the same length: a `>` inside it is no operator, and a quoted target is no plain word. */
function maskQuotes(command: string): string {
  return command.replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, (quoted) => '\u0001'.repeat(quoted.length));
}
