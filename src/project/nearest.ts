/** The known word that was probably meant: the only one that begins so, else one that is at most two letters off. */
export function nearest(word: string, known: string[]): string | undefined {
  if (known.includes(word)) return word;
  const starting = known.filter((candidate) => word.length > 1 && candidate.startsWith(word));
  if (starting.length === 1) return starting[0];
  const ranked = known.map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.distance - b.distance)[0];
  if (!best) return undefined;
  const allowed = Math.min(2, Math.floor((Math.max(word.length, best.candidate.length) + 1) / 2));
  return best.distance <= allowed && best.distance < best.candidate.length ? best.candidate : undefined;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
