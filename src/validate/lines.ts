/**
 * Where the lines lie that are longer than so many characters, with their breaks. Most texts have none: it steps over as many lines at
 * once as fit in one.
 */
export function* longLines(text: string, most: number): Generator<{ from: number; to: number }> {
  for (let at = 0; text.length - at > most;) {
    const lastBreak = text.lastIndexOf('\n', at + most - 1);
    if (lastBreak >= at) at = lastBreak + 1;
    else {
      const end = text.indexOf('\n', at + most);
      const to = end === -1 ? text.length : end + 1;
      yield { from: at, to };
      at = to;
    }
  }
}

/** A text, and where its lines begin. Lines and columns count from 0 here. */
export class Lines {
  readonly #starts: number[] = [0];
  readonly text: string;

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  at(offset: number): { line: number; column: number } {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - (this.#starts[low] ?? 0) };
  }

  startOf(line: number): number {
    return this.#starts[line] ?? this.text.length;
  }

  /** Without its line break. */
  textOf(line: number): string {
    return this.text.slice(this.startOf(line), this.startOf(line + 1)).replace(/\r?\n$/, '');
  }
}
