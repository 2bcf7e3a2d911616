interface Waiting {
  id: string;
  priority: number;
  /** Its place in the task file. */
  index: number;
  notBeforeMs: number;
}

/** Tasks that may begin, in the order of priority and of the file. */
export class ReadyQueue {
  readonly #waiting: Waiting[] = [];

  add(one: Waiting): void {
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#waiting[middle];
      if (other && isBefore(other, one)) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, one);
  }

  remove(id: string): void {
    const index = this.#waiting.findIndex((one) => one.id === id);
    if (index >= 0) this.#waiting.splice(index, 1);
  }

  /** The first whose time has come. */
  first(nowMs: number): string | undefined {
    return this.#waiting.find(({ notBeforeMs }) => notBeforeMs <= nowMs)?.id;
  }

  /** When the time of the next one comes. */
  nextMs(): number | undefined {
    return this.#waiting.reduce<number | undefined>(
      (least, { notBeforeMs }) => (least === undefined || notBeforeMs < least ? notBeforeMs : least),
      undefined,
    );
  }
}

function isBefore(one: Waiting, other: Waiting): boolean {
  return one.priority < other.priority || (one.priority === other.priority && one.index < other.index);
}
