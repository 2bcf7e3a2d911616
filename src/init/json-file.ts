import type { findNodeAtLocation, parse, parseTree } from '../lazy/jsonc.ts';
import type { Problem } from '../failure.ts';
import { fail, ok, type Result } from '../result.ts';

/** The parser, handed in. It tells where in the text each value stands. */
export interface JsonTools {
  findNodeAtLocation: typeof findNodeAtLocation;
  parse: typeof parse;
  parseTree: typeof parseTree;
}

export type JsonPath = (string | number)[];

/** Where a value, or a key with its value, stands in the text. */
interface Place {
  offset: number;
  length: number;
}

/** A value of another kind stands where something is to be put. */
export class ShapeError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.what);
    this.problem = problem;
  }
}

const MARK = '\uFEFF';

/**
 * A JSON text that is changed key by key; everything else stays as it was written: order, indentation, line ends, what
 * stands in one line. Taking out what was put in gives the text from before.
 */
export class JsonFile {
  #body: string;
  readonly #name: string;
  readonly #mark: string;
  readonly #tools: JsonTools;

  private constructor(name: string, text: string, tools: JsonTools) {
    this.#name = name;
    this.#mark = text.startsWith(MARK) ? MARK : '';
    this.#body = text.slice(this.#mark.length);
    this.#tools = tools;
  }

  /**
   * Refuses what is not strict JSON: Claude Code passes over such a file, with its hooks, and says nothing. Source: measured,
   * Claude Code 2.1.329; a byte order mark is fine.
   */
  static open(name: string, text: string | undefined, tools: JsonTools): Result<JsonFile, Problem> {
    const source = text === undefined || text.trim() === '' ? '{}\n' : text;
    try {
      const value: unknown = JSON.parse(source.replace(MARK, ''));
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return ok(new JsonFile(name, source, tools));
      return fail({ place: { file: name, line: 1, column: 1 }, what: 'it does not hold an object' });
    } catch (error) {
      return fail({ place: placeOf(name, source, tools), what: `it is not strict JSON (${(error as Error).message})` });
    }
  }

  get text(): string {
    return this.#mark + this.#body;
  }

  get isEmpty(): boolean {
    return Object.keys(this.get([]) as object).length === 0;
  }

  get(path: JsonPath): unknown {
    let value: unknown = JSON.parse(this.#body);
    for (const key of path)
      value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
    return value;
  }

  /** Throws a ShapeError for anything but a list. */
  list(path: JsonPath): unknown[] {
    const value = this.get(path);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw this.#shapeError(path, 'a list');
    return value as unknown[];
  }

  /** Replaces a value, or puts it behind the last one. Throws a ShapeError where what stands above is no place for it. */
  set(path: JsonPath, value: unknown): void {
    const at = this.#node(path);
    if (at) {
      this.#splice(at.offset, at.length, this.#print(value, indentAt(this.#body, at.offset)));
      return;
    }
    const key = path.at(-1);
    const above = path.slice(0, -1);
    const parent = this.#node(above);
    if (parent && parent.type !== (typeof key === 'string' ? 'object' : 'array'))
      throw this.#shapeError(above, typeof key === 'string' ? 'an object' : 'a list');
    if (parent) this.#insert(parent, typeof key === 'string' ? `${JSON.stringify(key)}: ` : '', value);
    else this.set(above, typeof key === 'string' ? { [key]: value } : [value]);
  }

  append(path: JsonPath, value: unknown): void {
    this.set([...path, this.list(path).length], value);
  }

  remove(path: JsonPath): void {
    const parent = this.#node(path.slice(0, -1));
    const value = this.#node(path);
    if (!parent || !value) return;
    const at = parent.children.findIndex(({ offset, length }) => value.offset >= offset && value.offset < offset + length);
    const [one, before, after] = [parent.children[at], parent.children[at - 1], parent.children[at + 1]];
    if (!one) return;
    // The last one leaves nothing behind, the others what stood between them.
    if (before) this.#splice(endOf(before), endOf(one) - endOf(before), '');
    else if (after) this.#splice(one.offset, after.offset - one.offset, '');
    else this.#splice(parent.offset + 1, parent.length - 2, '');
  }

  /** Takes a key out whose list or object has become empty. */
  dropEmpty(path: JsonPath): void {
    const value = this.get(path);
    if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) this.remove(path);
  }

  #shapeError(path: JsonPath, wanted: string): ShapeError {
    const { offset = 0 } = this.#node(path) ?? {};
    const before = this.#body.slice(0, offset).split('\n');
    return new ShapeError({
      place: { file: this.#name, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
      what: `"${path.join('.')}" is not ${wanted}`,
    });
  }

  #node(path: JsonPath): (Place & { type: string; children: Place[] }) | undefined {
    const tree = this.#tools.parseTree(this.#body);
    const node = tree && this.#tools.findNodeAtLocation(tree, path);
    return node && { type: node.type, offset: node.offset, length: node.length, children: node.children ?? [] };
  }

  #insert(parent: Place & { children: Place[] }, key: string, value: unknown): void {
    const last = parent.children.at(-1);
    const eol = this.#body.includes('\r\n') ? '\r\n' : '\n';
    if (!last) {
      const outer = indentAt(this.#body, parent.offset);
      const indent = outer + this.#unit;
      this.#splice(parent.offset + 1, parent.length - 2, `${eol}${indent}${key}${this.#print(value, indent)}${eol}${outer}`);
      return;
    }
    const isOneLine = !this.#body.slice(parent.offset, parent.offset + parent.length).includes('\n');
    const indent = indentAt(this.#body, last.offset);
    const text = isOneLine ? `, ${key}${JSON.stringify(value)}` : `,${eol}${indent}${key}${this.#print(value, indent)}`;
    this.#splice(endOf(last), 0, text);
  }

  #splice(offset: number, length: number, text: string): void {
    this.#body = this.#body.slice(0, offset) + text + this.#body.slice(offset + length);
  }

  #print(value: unknown, indent: string): string {
    const eol = this.#body.includes('\r\n') ? '\r\n' : '\n';
    return JSON.stringify(value, undefined, this.#unit).replaceAll('\n', `${eol}${indent}`);
  }

  get #unit(): string {
    return /\n([ \t]+)"/.exec(this.#body)?.[1] ?? '  ';
  }
}

const endOf = ({ offset, length }: Place): number => offset + length;

/** The blanks at the beginning of the line. */
function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

function placeOf(file: string, text: string, { parse: parseJsonc }: JsonTools): Problem['place'] {
  const errors: { offset: number }[] = [];
  parseJsonc(text.replace(MARK, ''), errors as never, { disallowComments: true, allowTrailingComma: false });
  const before = text.slice(0, errors[0]?.offset ?? 0).split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
