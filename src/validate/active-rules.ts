import picomatch from 'picomatch';
import { severityOf, type Strictness } from './judge.ts';
import type { Place, Rule } from './rule.ts';

/** The rules that count for a file. */
export function activeRules(rules: readonly Rule[], path: string, place: Place, strictness: Strictness): Rule[] {
  return rules.filter((rule) => severityOf(rule, place, strictness) !== 'off' && isFor(rule, path));
}

const matchers = new WeakMap<Rule, (path: string) => boolean>();

function isFor(rule: Rule, path: string): boolean {
  if (!rule.files) return true;
  const matcher = matchers.get(rule) ?? picomatch([...rule.files], { dot: true });
  matchers.set(rule, matcher);
  return matcher(path);
}
