import type { Files } from '../../machine/files.ts';

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** Reads a file that grows, line by line, at the reader's own pace: whoever reads late has missed nothing. */
export class Tail {
  readonly #files: Pick<Files, 'stat' | 'readSlice'>;
  readonly #path: string;
  #offset: number;
  /** Of a line whose end is not there yet. */
  #parts: Buffer[] = [];

  constructor(files: Pick<Files, 'stat' | 'readSlice'>, path: string, offset: number) {
    this.#files = files;
    this.#path = path;
    this.#offset = offset;
  }

  /** The whole lines of the next MB at most; nothing where nothing came since. */
  read(): { lines: string[]; isMore: boolean } {
    const size = this.#files.stat(this.#path)?.size ?? 0;
    if (size <= this.#offset) return { lines: [], isMore: false };
    const chunk = this.#files.readSlice(this.#path, this.#offset, Math.min(CHUNK_BYTES, size - this.#offset));
    this.#offset += chunk.length;
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      lines.push(Buffer.concat([...this.#parts, chunk.subarray(from, end)]).toString('utf8'));
      this.#parts = [];
      from = end + 1;
    }
    if (from < chunk.length) this.#parts.push(chunk.subarray(from));
    return { lines: lines.filter((line) => line !== ''), isMore: this.#offset < size };
  }
}
