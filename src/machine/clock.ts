export interface Clock {
  /** Milliseconds since the epoch, for what is written down or shown: a person, or NTP, may move it at any time. */
  now(): number;
  /** Milliseconds since some moment, which nobody moves: for every wait and every duration. */
  elapsed(): number;
  sleep(ms: number): Promise<void>;
  /** The same, and over as soon as `sooner` is: no timer stays behind. */
  sleepUnless(sooner: Promise<unknown>, ms: number): Promise<void>;
}
