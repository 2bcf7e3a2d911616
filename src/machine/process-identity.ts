/**
 * A process, as certain as Unix allows: a pid is used again, a pid with its start time is not within one boot and one
 * pid namespace. `start` is opaque and ordered: clock ticks since boot on Linux, seconds since the epoch elsewhere.
 */
export interface ProcessIdentity {
  pid: number;
  start: number;
}
