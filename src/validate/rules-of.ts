import type { Finder, Rule } from './rule.ts';

type By = Finder['by'];
interface Found<Kind extends By> {
  rule: Rule;
  finder: Extract<Finder, { by: Kind }>;
}

/** It is asked of every file, and the rules of most files are the same array. */
const known = new WeakMap<readonly Rule[], Map<By, Found<By>[]>>();

/** All finders of one kind, each with its rule. */
export function findersOf<Kind extends By>(rules: readonly Rule[], by: Kind): Found<Kind>[] {
  const ofRules = known.get(rules) ?? new Map<By, Found<By>[]>();
  known.set(rules, ofRules);
  const found =
    ofRules.get(by) ?? rules.flatMap((rule) => rule.finders.flatMap((finder) => (finder.by === by ? [{ rule, finder }] : [])));
  ofRules.set(by, found);
  return found as unknown as Found<Kind>[];
}
