import type { Hit } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { findersOf } from '../rules-of.ts';

/** What the patterns of the rules find in a text. Pure. */
export function findText(rules: readonly Rule[], text: string): Hit[] {
  const hits: Hit[] = [];
  for (const { rule, finder } of findersOf(rules, 'text')) {
    for (const match of text.matchAll(finder.pattern)) {
      const groups = match.indices?.groups;
      const [from, to] = groups?.['value'] ?? [match.index, match.index + match[0].length];
      if (finder.except?.test(text.slice(from, to)) !== true) hits.push({ rule, from, to: groups?.['rest']?.[1] ?? to });
    }
  }
  return hits;
}
