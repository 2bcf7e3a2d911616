import type { Finder, Rule } from './rule.ts';

/** All finders of one kind, each with its rule. */
export function findersOf<By extends Finder['by']>(
  rules: readonly Rule[],
  by: By,
): { rule: Rule; finder: Extract<Finder, { by: By }> }[] {
  return rules.flatMap((rule) =>
    rule.finders.flatMap((finder) => (finder.by === by ? [{ rule, finder: finder as Extract<Finder, { by: By }> }] : [])),
  );
}
