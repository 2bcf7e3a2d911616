import { isNode, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { z } from 'zod';
import type { Place, Problem } from '../failure.ts';
import { fail, ok, type Result } from '../result.ts';
import { configSchema, type Config } from './config-schema.ts';
import { nearest } from './nearest.ts';
import type { ClaudeProfile, ClaudeSettings, Settings } from './settings.ts';

/** Reads devctl.yml. Every problem carries the line and column of the value that it is about. */
export function parseConfig(text: string, file: string): Result<Settings, Problem[]> {
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
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    return fail([{ place: at(0), what: (error as Error).message }]);
  }
  const parsed = configSchema.safeParse(value ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => explain(issue, document, at));
    return fail(problems.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column));
  }
  return ok(toSettings(parsed.data));
}

/** Where a key of devctl.yml stands, for a problem that only shows beside the Procfile. */
export function configPlace(text: string, file: string, path: string[]): Place {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const { line, col } = counter.linePos(offsetOf(document, path, 'key'));
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

function toSettings({ logs, claude, ...config }: Config): Settings {
  return {
    ...config,
    ...(logs ? { logs: { dir: logs.dir, keep: logs.keep, maxBytes: logs.maxSize } } : {}),
    ...(claude ? { claude: toClaudeSettings(claude) } : {}),
  };
}

function toClaudeSettings({ memory, profiles, ...rest }: NonNullable<Config['claude']>): ClaudeSettings {
  const own: Record<string, ClaudeProfile> = {};
  for (const [name, { toolMemory, ...numbers }] of Object.entries(profiles ?? {}))
    own[name] = { ...numbers, ...(toolMemory === undefined ? {} : { toolMemoryBytes: toolMemory }) };
  return { ...rest, memoryBytes: memory, profiles: own };
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

function explain(issue: Issue, document: Document, at: (offset: number) => Place): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = nearest(key, knownKeys(path));
      return {
        place: at(offsetOf(document, [...path, key], 'key')),
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
      return meant.flatMap((one) => explain({ ...one, path: [...issue.path, ...one.path] }, document, at));
  }
  if (issue.code === 'invalid_key') {
    return [
      { place: at(offsetOf(document, path, 'key')), what: `"${path.join('.')}": ${issue.issues[0]?.message ?? issue.message}` },
    ];
  }
  const name = path.length === 0 ? 'The file' : `"${path.join('.')}"`;
  return [{ place: at(offsetOf(document, path, 'value')), what: `${name}: ${issue.message}` }];
}

function knownKeys(path: string[]): string[] {
  if (path.length === 0) return Object.keys(configSchema.shape);
  const service = configSchema.shape.services.unwrap().valueType;
  if (path[0] === 'services' && path.length === 2) return Object.keys(service.shape);
  if (path[0] === 'services' && path[2] === 'ready') return Object.keys(service.shape.ready.unwrap().shape);
  const claude = configSchema.shape.claude.unwrap();
  if (path[0] === 'claude' && path.length === 1) return Object.keys(claude.shape);
  if (path[0] === 'claude' && path.length === 3) return Object.keys(claude.shape.profiles.unwrap().valueType.shape);
  if (path[0] === 'logs') return Object.keys(configSchema.shape.logs.unwrap().shape);
  return [];
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
