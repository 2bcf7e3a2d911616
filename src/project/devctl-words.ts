/** So many words of Node's own may stand before a script. */
const MAX_NODE_WORDS = 5;

/** What was typed after `devctl`, of a process that is one: `node --x .../bin/devctl.js start`. Nothing of any other. */
export function devctlWords([file = '', ...args]: string[]): string[] | undefined {
  if (!/(?:^|\/)node[^/]*$/.test(file)) return undefined;
  const at = args.slice(0, MAX_NODE_WORDS).findIndex((word) => /(?:^|\/)bin\/devctl(?:\.js)?$/.test(word));
  return at < 0 ? undefined : args.slice(at + 1);
}
