/** Whether anybody gets through: after three failures in a row that are nobody's own, nobody tries for 30 s, and then one does. */
export type Breaker =
  | { kind: 'closed'; failures: number }
  /** `untilMs`: since 1970. */
  | { kind: 'open'; untilMs: number; failures: number }
  | { kind: 'half-open'; probe: string; failures: number };

export interface BreakerLimits {
  failures: number;
  pauseMs: number;
}

/** Source: the seeds. */
export const BREAKER_LIMITS: BreakerLimits = { failures: 3, pauseMs: 30_000 };

export const CLOSED: Breaker = { kind: 'closed', failures: 0 };

/** May one begin? Pure. */
export function lets(breaker: Breaker, nowMs: number): boolean {
  return breaker.kind === 'closed' || (breaker.kind === 'open' && nowMs >= breaker.untilMs);
}

/** One begins; after a pause it is the probe. Pure. */
export function onBegin(breaker: Breaker, token: string): Breaker {
  return breaker.kind === 'open' ? { kind: 'half-open', probe: token, failures: breaker.failures } : breaker;
}

/** How an attempt went. `neither`: it was ended before it could tell. Pure. */
export function onOutcome(
  breaker: Breaker,
  outcome: { token: string; how: 'through' | 'failed' | 'neither'; nowMs: number },
  limits: BreakerLimits,
): Breaker {
  const opened: Breaker = { kind: 'open', untilMs: outcome.nowMs + limits.pauseMs, failures: breaker.failures + 1 };
  switch (outcome.how) {
    case 'through':
      return CLOSED;
    case 'failed':
      if (breaker.kind === 'closed')
        return opened.failures >= limits.failures ? opened : { kind: 'closed', failures: opened.failures };
      return breaker.kind === 'half-open' && breaker.probe === outcome.token ? opened : breaker;
    case 'neither':
      return breaker.kind === 'half-open' && breaker.probe === outcome.token
        ? { kind: 'open', untilMs: outcome.nowMs, failures: breaker.failures }
        : breaker;
  }
}
