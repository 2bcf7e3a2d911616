/** How many attempts may run at once, as far as the API lets them: one that is limited slows all down together. Times in ms since 1970. */
export interface Pace {
  most: number;
  allowed: number;
  /** Nobody begins before that. */
  untilMs: number;
  /** When it was halved last: many spokes tell of one and the same limit. */
  halvedMs: number;
}

const HALVE_EVERY_MS = 5000;
const FIRST_PAUSE_MS = 1000;

export const freshPace = (most: number): Pace => ({ most, allowed: most, untilMs: 0, halvedMs: -Infinity });

/** The API has refused somebody for a while. Pure. */
export function slowDown(pace: Pace, nowMs: number, retryAtMs: number | undefined): Pace {
  const untilMs = Math.max(pace.untilMs, retryAtMs ?? nowMs + FIRST_PAUSE_MS);
  if (nowMs - pace.halvedMs < HALVE_EVERY_MS) return { ...pace, untilMs };
  return { ...pace, untilMs, allowed: Math.max(1, Math.floor(pace.allowed / 2)), halvedMs: nowMs };
}

/** One has got through. Pure. */
export const speedUp = (pace: Pace): Pace => (pace.allowed < pace.most ? { ...pace, allowed: pace.allowed + 1 } : pace);
