import { isNode, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { z } from 'zod';
import type { Place, Problem } from '../failure.ts';
import { fail, ok, type Result } from '../result.ts';
import { nearest } from './nearest.ts';

/** A file that a person wrote in YAML, or in JSON, which is YAML as well; with the places of all that is in it. */
export interface ConfigFile {
  value: unknown;
  /** Of the deepest part of the path that is really there. */
  placeOf: (path: string[], part: 'key' | 'value') => Place;
}

/** What a value must look like. */
export interface Shape<T> {
  schema: z.ZodType<T>;
  /** The keys that a value at this path may have, for suggestions. */
  knownKeys: (path: string[]) => string[];
}

/** Reads the text. Every problem carries the line and column of what it is about. */
export function readConfigFile(text: string, file: string): Result<ConfigFile, Problem[]> {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const at = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    return fail(document.errors.map((error) => ({ place: at(error.pos[0]), what: error.message })));
  }
  const aliases = brokenAliases(document, at);
  if (aliases.length > 0) return fail(aliases);
  try {
    return ok({ value: document.toJS() as unknown, placeOf: (path, part) => at(offsetOf(document, path, part)) });
  } catch (error) {
    return fail([{ place: at(0), what: (error as Error).message }]);
  }
}

/** The value as its schema has it. */
export function checkShape<T>({ value, placeOf }: ConfigFile, { schema, knownKeys }: Shape<T>): Result<T, Problem[]> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return ok(parsed.data);
  const problems = parsed.error.issues.flatMap((issue) => explain(issue, placeOf, knownKeys));
  return fail(problems.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column));
}

/** `*.rb` without quotes is an alias to YAML. */
function brokenAliases(document: Document, at: (offset: number) => Place): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return;
      problems.push({
        place: at(alias.range?.[0] ?? 0),
        what: `"*${alias.source}" names nothing`,
        instead: `'*${alias.source}'`,
      });
    },
  });
  return problems;
}

type Issue = z.core.$ZodIssue;

function explain(issue: Issue, placeOf: ConfigFile['placeOf'], knownKeys: Shape<unknown>['knownKeys']): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = nearest(key, knownKeys(path));
      return {
        place: placeOf([...path, key], 'key'),
        what: `"${[...path, key].join('.')}" is not a setting`,
        ...(meant === undefined ? {} : { instead: `${meant}:` }),
      };
    });
  }
  if (issue.code === 'invalid_union') {
    // Of the forms that a value may have, the one that came furthest is the one that was meant.
    const depth = (issues: Issue[]) => Math.max(...issues.map((one) => one.path.length));
    const [meant] = [...issue.errors].sort((a, b) => depth(b) - depth(a));
    if (meant && depth(meant) > 0)
      return meant.flatMap((one) => explain({ ...one, path: [...issue.path, ...one.path] }, placeOf, knownKeys));
  }
  if (issue.code === 'invalid_key') {
    return [{ place: placeOf(path, 'key'), what: `"${path.join('.')}": ${issue.issues[0]?.message ?? issue.message}` }];
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [{ place: placeOf(path, 'value'), what: `"${path.join('.')}" is missing` }];
  const name = path.length === 0 ? 'The file' : `"${path.join('.')}"`;
  return [{ place: placeOf(path, 'value'), what: `${name}: ${issue.message}` }];
}

/** The offset of the deepest node on the path that the document really has. */
function offsetOf(document: Document, path: string[], part: 'key' | 'value'): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent: unknown = document.getIn(path.slice(0, depth - 1), true) ?? document.contents;
    const key = path[depth - 1];
    if (hasItems(parent)) {
      const pair = parent.items.find((item) => isPair(item) && String(item.key) === key);
      if (isPair(pair)) {
        const node: unknown = part === 'key' || !isNode(pair.value) ? pair.key : pair.value;
        if (isNode(node) && node.range) return node.range[0];
      }
      const item: unknown = parent.items[Number(key)];
      if (isNode(item) && item.range) return item.range[0];
    }
  }
  return document.contents?.range?.[0] ?? 0;
}

const hasItems = (node: unknown): node is { items: unknown[] } => typeof node === 'object' && node !== null && 'items' in node;
const isPair = (item: unknown): item is { key: unknown; value: unknown } =>
  typeof item === 'object' && item !== null && 'key' in item && 'value' in item;
