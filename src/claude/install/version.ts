/** The first version on npm that is a machine program. Source: measured; 2.1.112 of 2026-04-16 is the last on Node. */
const FIRST_NATIVE = '2.1.113';

/** "2.1.329 (Claude Code)", "2.1.329" */
export function parseVersion(text: string): string | undefined {
  return /^(\d+\.\d+\.\d+)(?:\s|$|-)/.exec(text)?.[1];
}

/** Negative, 0 or positive, as a sort wants it. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export const isAtLeast = (version: string, least: string): boolean => compareVersions(version, least) >= 0;
export const isNativeVersion = (version: string): boolean => isAtLeast(version, FIRST_NATIVE);
