/** Of the 1 MB that a command line and its environment may have on macOS; Linux has 2. Source: getconf ARG_MAX. */
const WORDS_BYTES = 500_000;

/** Words in portions that a command line can hold. */
export function portions(words: string[]): string[][] {
  const all: string[][] = [];
  let bytes = WORDS_BYTES;
  for (const word of words) {
    bytes += Buffer.byteLength(word) + 1;
    if (bytes > WORDS_BYTES) {
      all.push([]);
      bytes = Buffer.byteLength(word) + 1;
    }
    all.at(-1)?.push(word);
  }
  return all;
}
