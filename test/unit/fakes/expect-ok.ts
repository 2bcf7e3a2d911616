import type { Result } from '../../../src/result.ts';

/** The value of a result that must be one. */
export function valueOf<T, E>(result: Result<T, E>): T {
  if (!result.ok) throw new Error(`a failure: ${JSON.stringify(result.failure)}`);
  return result.value;
}

/** The failure of a result that must be one. */
export function failureOf<T, E>(result: Result<T, E>): E {
  if (result.ok) throw new Error(`no failure, but ${JSON.stringify(result.value)}`);
  return result.failure;
}
