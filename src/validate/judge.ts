import type { Finding, Hit } from './finding.ts';
import type { Lines } from './lines.ts';
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
  const rank = new Map(rules.map((rule, index) => [rule, index]));
  const order = ({ rule }: Hit) => rank.get(rule) ?? rules.length;
  const isSame = (one: Hit, other: Hit) => {
    if (one.rule === other.rule && one.from === other.from) return true;
    if (other.from >= one.to) return false;
    return one.rule !== other.rule || !text.slice(one.from, other.from).includes('\n');
  };
  const kept: Hit[] = [];
  // Of a rule, or of all that is secret, only what reaches furthest can touch the next one.
  const last = new Map<Rule | 'secret', Hit>();
  for (const hit of [...hits].sort((a, b) => a.from - b.from || order(a) - order(b) || b.to - a.to)) {
    const kind = hit.rule.isSecret === true ? 'secret' : hit.rule;
    const before = last.get(kind);
    if (!before || !isSame(before, hit)) {
      kept.push(hit);
      if (!before || hit.to >= before.to) last.set(kind, hit);
    } else if (order(hit) < order(before)) {
      kept.splice(kept.indexOf(before), 1, hit);
      last.set(kind, hit);
    }
  }
  return kept.sort((a, b) => a.from - b.from || order(a) - order(b));
}

const EXCERPT = 120;

/** Hits as findings, in the order of the text. Pure. */
export function toFindings(
  file: string,
  lines: Lines,
  place: Place,
  hits: Hit[],
  { strictness, secrets }: { strictness: Strictness; secrets: ReadonlySet<number> },
): Finding[] {
  return hits.flatMap(({ rule, from, to, focus = from, rewrite, detail }) => {
    const severity = severityOf(rule, place, strictness);
    if (severity === 'off') return [];
    const [begin, end] = [lines.at(focus), lines.at(to)];
    // A byte order mark is no column.
    const columnOf = ({ line, column }: typeof begin) => column + 1 - (line === 0 && lines.text.startsWith('\uFEFF') ? 1 : 0);
    const first = lines.textOf(begin.line);
    return [
      {
        rule: rule.id,
        severity,
        file,
        line: begin.line + 1,
        column: columnOf(begin),
        endLine: end.line + 1,
        endColumn: columnOf(end),
        // A detail may have words of the line.
        message:
          detail === undefined || (secrets.has(begin.line) && !rule.isSecret) ? rule.message : `${rule.message}: ${detail}`,
        excerpt: secrets.has(begin.line) ? '' : excerptOf(first, begin.column),
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
