/** A word as any shell takes it, whatever is in it. Source: sh(1p), quoting. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
