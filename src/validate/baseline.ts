import { createHash } from 'node:crypto';
import type { Finding } from './finding.ts';

/** Known findings: how many of a rule are in lines of one text. The number of the line does not count, for it changes. */
export interface Baseline {
  schema: 'devctl.validate-baseline/1';
  /** By rule, file and a digest of the line. */
  known: Record<string, number>;
}

/** A finding, and the text of the line that it begins in; of a secret none, for its digest would let it be guessed. */
export interface Located {
  finding: Finding;
  line: string;
}

const keyOf = ({ finding, line }: Located): string =>
  `${finding.rule} ${finding.file} ${createHash('sha256').update(line.trim()).digest('hex').slice(0, 12)}`;

const fileOf = (key: string): string => key.slice(key.indexOf(' ') + 1, key.lastIndexOf(' '));

/** Which files were looked for: also those that are gone were, if all were. */
export type Covers = (file: string) => boolean;

/** What was found, and what is known of the files that were not looked for. Pure. */
export function makeBaseline(located: Located[], covers: Covers, before: Baseline | undefined): Baseline {
  const known = new Map(Object.entries(before?.known ?? {}).filter(([key]) => !covers(fileOf(key))));
  for (const key of located.map(keyOf)) known.set(key, (known.get(key) ?? 0) + 1);
  return { schema: 'devctl.validate-baseline/1', known: Object.fromEntries([...known].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** What is not known yet, how much is, and how much of what was known is gone. Pure. */
export function applyBaseline(
  located: Located[],
  covers: Covers,
  baseline: Baseline,
): { fresh: Finding[]; known: number; gone: number } {
  const left = new Map(Object.entries(baseline.known));
  const fresh = located.filter((one) => {
    const key = keyOf(one);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
  return {
    fresh: fresh.map(({ finding }) => finding),
    known: located.length - fresh.length,
    gone: [...left].reduce((sum, [key, count]) => sum + (covers(fileOf(key)) ? count : 0), 0),
  };
}

/** A baseline that was written before; `undefined`: the text is none. */
export function parseBaseline(text: string): Baseline | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isRight =
      typeof value === 'object' &&
      value !== null &&
      'schema' in value &&
      value.schema === 'devctl.validate-baseline/1' &&
      'known' in value &&
      typeof value.known === 'object' &&
      value.known !== null &&
      Object.values(value.known).every((count) => typeof count === 'number');
    return isRight ? (value as Baseline) : undefined;
  } catch {
    return undefined;
  }
}
