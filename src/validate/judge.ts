import type { Finding, Hit } from './finding.ts';
import { Lines } from './lines.ts';
import type { Level, Place, Rule, Severity } from './rule.ts';

/** How strict one is, and where. */
export interface Strictness {
  level: Level;
  /** Of tests and their fixtures. */
  testLevel: Level;
  /** Rules that are judged otherwise here, at every level. */
  overrides: Record<string, Severity>;
}

export function severityOf(rule: Rule, place: Place, { level, testLevel, overrides }: Strictness): Severity {
  if (rule.places && !rule.places.includes(place)) return 'off';
  return overrides[rule.id] ?? rule.severity[(place === 'test' ? testLevel : level) - 1] ?? 'off';
}

/**
 * What a rule finds in one line, one in the other, counts once; of a secret that two rules find, the first rule has it. Pure.
 */
export function mergeHits(rules: readonly Rule[], text: string, hits: Hit[]): Hit[] {
  const order = (hit: Hit) => rules.indexOf(hit.rule);
  const isSame = (one: Hit, other: Hit) => {
    if (one.rule === other.rule && one.from === other.from) return true;
    if (one.from >= other.to || other.from >= one.to) return false;
    if (one.rule.isSecret === true && other.rule.isSecret === true) return true;
    return one.rule === other.rule && !text.slice(Math.min(one.from, other.from), Math.max(one.from, other.from)).includes('\n');
  };
  const kept: Hit[] = [];
  for (const hit of [...hits].sort((a, b) => order(a) - order(b) || a.from - b.from || b.to - a.to))
    if (!kept.some((one) => isSame(one, hit))) kept.push(hit);
  return kept.sort((a, b) => a.from - b.from || order(a) - order(b));
}

const EXCERPT = 120;

/** Hits as findings, in the order of the text. Pure. */
export function toFindings(file: string, text: string, place: Place, hits: Hit[], strictness: Strictness): Finding[] {
  if (hits.length === 0) return [];
  const lines = new Lines(text);
  const secret = new Set(hits.filter(({ rule }) => rule.isSecret).map(({ from }) => lines.at(from).line));
  return hits.flatMap(({ rule, from, to, focus = from, rewrite, detail }) => {
    const severity = severityOf(rule, place, strictness);
    if (severity === 'off') return [];
    const [begin, end] = [lines.at(focus), lines.at(to)];
    const first = lines.textOf(begin.line);
    return [
      {
        rule: rule.id,
        severity,
        file,
        line: begin.line + 1,
        column: begin.column + 1 - (begin.line === 0 && text.startsWith('\uFEFF') ? 1 : 0),
        endLine: end.line + 1,
        endColumn: end.column + 1,
        message: detail === undefined ? rule.message : `${rule.message}: ${detail}`,
        excerpt: secret.has(begin.line) ? '' : excerptOf(first, begin.column),
        isFixable: rewrite !== undefined,
      },
    ];
  });
}

/** A part of a long line, around what was found. */
function excerptOf(line: string, column: number): string {
  if (line.length <= EXCERPT) return line.trim();
  const from = Math.max(0, Math.min(column - 20, line.length - EXCERPT));
  return `${from > 0 ? '…' : ''}${line.slice(from, from + EXCERPT).trim()}${from + EXCERPT < line.length ? '…' : ''}`;
}
