/** An answer for a model is at most this large. */
const MAX_BYTES = 24_000;

/** The same data with its longest lists cut until it fits; `omitted` says what was left out. Pure. */
export function boundData(data: Record<string, unknown>, maxBytes = MAX_BYTES): Record<string, unknown> {
  const copy = rounded(data) as Record<string, unknown>;
  const omitted: Record<string, number> = {};
  while (Buffer.byteLength(JSON.stringify(copy)) > maxBytes) {
    const longest = findLists(copy, '').sort((a, b) => b.bytes - a.bytes)[0];
    if (!longest || longest.list.length === 0) break;
    const gone = Math.max(1, Math.floor(longest.list.length / 2));
    longest.list.length -= gone;
    omitted[longest.path] = (omitted[longest.path] ?? 0) + gone;
  }
  return Object.keys(omitted).length > 0 ? { ...copy, omitted } : copy;
}

/** Times to the millisecond: a model reads every digit. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value * 1000) / 1000;
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rounded(one)]));
}

function findLists(value: unknown, path: string): { path: string; list: unknown[]; bytes: number }[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([name, one]) =>
    findLists(one, Array.isArray(value) ? `${path}[]` : [path, name].filter(Boolean).join('.')),
  );
  return Array.isArray(value) ? [{ path, list: value as unknown[], bytes: JSON.stringify(value).length }, ...below] : below;
}
