import { createHash } from 'node:crypto';
import type { Finding } from './finding.ts';

/** Known findings: how many of a rule are in lines of one text. The number of the line does not count, for it changes. */
export interface Baseline {
  schema: 'devctl.validate-baseline/1';
  /** By rule, file and a digest of the line. */
  known: Record<string, number>;
}

/** A finding, and the text of the line that it begins in. */
export interface Located {
  finding: Finding;
  line: string;
}

const keyOf = ({ finding, line }: Located): string =>
  `${finding.rule} ${finding.file} ${createHash('sha256').update(line.trim()).digest('hex').slice(0, 12)}`;

/** Pure. */
export function makeBaseline(located: Located[]): Baseline {
  const known: Record<string, number> = {};
  for (const key of located.map(keyOf).sort()) known[key] = (known[key] ?? 0) + 1;
  return { schema: 'devctl.validate-baseline/1', known };
}

/** What is not known yet, how much is, and how much of what was known is gone. Pure. */
export function applyBaseline(located: Located[], baseline: Baseline): { fresh: Finding[]; known: number; gone: number } {
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
    gone: [...left.values()].reduce((sum, count) => sum + count, 0),
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
