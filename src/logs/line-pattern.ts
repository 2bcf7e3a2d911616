import { createContext, Script } from 'node:vm';

/** What a line is held against. */
export interface LinePattern {
  source: string;
  test: (line: string) => boolean;
}

/** A line on which the pattern would go on trying for too long. */
export class SlowPattern extends Error {
  readonly source: string;

  constructor(source: string) {
    super(`/${source}/ takes too long`);
    this.source = source;
  }
}

/** A group that is repeated, or two repetitions without an end: on some lines every way to match is tried. */
const MAY_EXPLODE = /\)(?:[*+]|\{\d+,)|(?:[*+]|\{\d+,\d*\}).*(?:[*+]|\{\d+,\d*\})/s;
const PATIENCE_MS = 300;
/** Of a longer line the beginning is matched. */
const MAX_LENGTH = 16_384;

/**
 * A pattern that somebody typed, or an agent, for lines that nobody has seen. One that may explode is run where it can be
 * cut off, which takes 0.1 ms a line; then `test` throws a SlowPattern.
 */
export function linePattern(pattern: RegExp): LinePattern {
  const { source } = pattern;
  if (!MAY_EXPLODE.test(source)) return { source, test: (line) => pattern.test(line.slice(0, MAX_LENGTH)) };
  const scope = createContext({ pattern, line: '' });
  const script = new Script('pattern.test(line)');
  return {
    source,
    test: (line) => {
      scope['line'] = line.slice(0, MAX_LENGTH);
      try {
        return script.runInContext(scope, { timeout: PATIENCE_MS }) === true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new SlowPattern(source);
        throw error;
      }
    },
  };
}
