import picomatch from 'picomatch';

/** A folder stands for all that is in it. */
const asGlobs = (pattern: string): string[] => [pattern, `${pattern.replace(/\/+$/, '')}/**`];

/** Is a path, from the root, one of those that devctl.yml names as files, folders or globs? */
export function isAmong(patterns: readonly string[]): (path: string) => boolean {
  return patterns.length === 0 ? () => false : picomatch(patterns.flatMap(asGlobs), { dot: true });
}
