import { isAmong } from './globs.ts';
import { severityOf, type Strictness } from './judge.ts';
import type { Place, Rule } from './rule.ts';

/** Tells the rules that count for a file; those of most files are the same array. */
export function chooseRules(rules: readonly Rule[], strictness: Strictness): (path: string, place: Place) => readonly Rule[] {
  const ofPlace = new Map<Place, readonly Rule[]>();
  const files = new Map(rules.flatMap((rule) => (rule.files ? [[rule, isAmong(rule.files)] as const] : [])));
  return (path, place) => {
    const active = ofPlace.get(place) ?? rules.filter((rule) => severityOf(rule, place, strictness) !== 'off');
    ofPlace.set(place, active);
    return files.size === 0 ? active : active.filter((rule) => files.get(rule)?.(path) ?? true);
  };
}
