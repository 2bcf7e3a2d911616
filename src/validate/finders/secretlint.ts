import type { Hit } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { findersOf } from '../rules-of.ts';

/** What secretlint finds in a text: where, and what it is. */
export type FindSecrets = (path: string, text: string) => Promise<{ from: number; to: number; what: string }[]>;

export async function findKnownSecrets(rules: readonly Rule[], path: string, text: string, find: FindSecrets): Promise<Hit[]> {
  const [wanted] = findersOf(rules, 'secretlint');
  if (!wanted) return [];
  return (await find(path, text)).map(({ from, to, what }) => ({ rule: wanted.rule, from, to, detail: what }));
}
