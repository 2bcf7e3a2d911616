import type { Failure } from './failure.ts';

/** The answer of a step that can fail for a reason that a person can mend. Bugs throw instead. */
export type Result<T, E = Failure> = { ok: true; value: T } | { ok: false; failure: E };

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
export const fail = <E>(failure: E): { ok: false; failure: E } => ({ ok: false, failure });

/** For the `default` of a switch over a union: a member without a case does not compile. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
