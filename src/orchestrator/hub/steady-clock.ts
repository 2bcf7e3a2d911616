import type { Clock } from '../../machine/clock.ts';

/** A clock that never goes back: whoever waits until some time waits no longer because somebody has set it. */
export function steadyClock(clock: Clock): Clock {
  let offsetMs = clock.now() - clock.elapsed();
  return {
    now: () => {
      // Forward it may go: a laptop that has slept is late.
      offsetMs = Math.max(offsetMs, clock.now() - clock.elapsed());
      return Math.round(offsetMs + clock.elapsed());
    },
    elapsed: () => clock.elapsed(),
    sleep: (ms) => clock.sleep(ms),
    sleepUnless: (sooner, ms) => clock.sleepUnless(sooner, ms),
  };
}
