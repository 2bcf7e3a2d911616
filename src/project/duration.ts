const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** "500ms", "1.5s", "10m", "2h" in ms; the caller has checked that it is one. */
export function durationMs(text: string): number {
  return parseFloat(text) * (UNIT_MS[/[a-z]+$/.exec(text)?.[0] ?? ''] ?? NaN);
}
