/** An answer for a model is at most this large. */
const MAX_BYTES = 24_000;

/** The same data with its longest lists cut until it fits; `omitted` says what was left out. Pure. */
export function boundData(data: Record<string, unknown>, maxBytes = MAX_BYTES): Record<string, unknown> {
  const copy = structuredClone(data);
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

function findLists(value: unknown, path: string): { path: string; list: unknown[]; bytes: number }[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([name, one]) =>
    findLists(one, Array.isArray(value) ? `${path}[]` : [path, name].filter(Boolean).join('.')),
  );
  return Array.isArray(value) ? [{ path, list: value as unknown[], bytes: JSON.stringify(value).length }, ...below] : below;
}
