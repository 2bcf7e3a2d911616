/**
 * The file to which a command sends its own standard output (`cmd >> log/web.log 2>&1`), as it stands in the command;
 * `undefined` where it keeps its output, or where the target is not a plain word. Only the last command of a chain
 * counts, as the shell has it.
 */
export function ownRedirect(command: string): string | undefined {
  const plain = blankQuotes(command);
  const target = /(?:^|\s)(?:1?>>?|&>>?)\s*([^\s;&|<>()'"`$*?]+)/g;
  let found: string | undefined;
  for (const match of plain.matchAll(target)) {
    const word = match[1];
    const rest = plain.slice(match.index + match[0].length);
    if (word && word !== '/dev/null' && !/(?:&&|\|\||;|\|(?!\|))/.test(rest)) found = word;
  }
  return found;
}

/** Quoted text becomes blanks of the same length, so that a `>` inside it is not an operator. */
function blankQuotes(command: string): string {
  return command.replace(/'[^']*'|"(?:\\.|[^"\\])*"/g, (quoted) => ' '.repeat(quoted.length));
}
