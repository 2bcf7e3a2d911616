import { linePattern, SlowPattern, type LinePattern } from '../logs/line-pattern.ts';
import { fail, ok, type Result } from '../result.ts';

/** A regular expression that was typed behind a flag. */
export function compilePattern(text: string, flag: string, flags = ''): Result<LinePattern> {
  try {
    return ok(linePattern(new RegExp(text, flags)));
  } catch (error) {
    return fail({
      code: 'USAGE',
      what: `${flag} "${text}" is not a regular expression`,
      why: (error as Error).message,
      fix: [`${flag} 'timeout|refused'`],
    });
  }
}

/** Whatever matches lines against a typed pattern: one that takes too long on a line is the typist's to mend. */
export async function whilePatternHolds<T>(flag: string, work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SlowPattern)) throw error;
    return fail({
      code: 'USAGE',
      what: `${flag} "${error.source}" takes too long on a line of the log`,
      why: 'it repeats what is repeated already: every way to match is tried',
      fix: [`${flag} 'timeout|refused'`],
    });
  }
}
