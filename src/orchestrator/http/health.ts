import type { Breaker } from '../hub/breaker.ts';

/** What the health of an executor is made of. */
export interface HealthFacts {
  redis: 'connected' | 'disconnected' | 'not used';
  claudeCLI: 'accessible' | 'inaccessible' | 'not used';
  breaker: Breaker;
  activeRequests: number;
  totals: { requests: number; successes: number };
}

/** The seeds' document. `successRate` is of the requests that have ended; 1 where none has. */
export interface Health {
  status: 'healthy' | 'degraded' | 'unhealthy';
  redis: HealthFacts['redis'];
  claudeCLI: HealthFacts['claudeCLI'];
  circuitBreaker: Breaker['kind'];
  activeRequests: number;
  metrics: { totalRequests: number; successRate: number };
}

/** Pure. */
export function healthOf({ redis, claudeCLI, breaker, activeRequests, totals }: HealthFacts): Health {
  const isDown = redis === 'disconnected' || claudeCLI === 'inaccessible';
  return {
    status: isDown ? 'unhealthy' : breaker.kind === 'closed' ? 'healthy' : 'degraded',
    redis,
    claudeCLI,
    circuitBreaker: breaker.kind,
    activeRequests,
    metrics: {
      totalRequests: totals.requests,
      successRate: totals.requests === 0 ? 1 : Math.round((totals.successes / totals.requests) * 1000) / 1000,
    },
  };
}
