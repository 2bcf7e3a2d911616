import { setFlagsFromString } from 'node:v8';
import { fail, ok, type Result } from '../result.ts';

/** What V8's linear engine cannot do: looking around, and meeting a group's text again. Source: v8.dev, non-backtracking RegExp. */
const NEEDS_BACKTRACKING = /\(\?(?:=|!|<=|<!)|\\[1-9]|\\k</;
const REPEATED_GROUP = /\)(?:[*+]|\{\d*,)/;

/**
 * A regular expression that somebody typed, or an agent. Matching it takes no more than linear time: where V8 would try
 * again and again it goes over to its other engine, and a pattern that this one does not know may not repeat a group.
 */
export function compilePattern(text: string, flag: string, flags = ''): Result<RegExp> {
  try {
    setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
    const pattern = new RegExp(text, flags);
    if (!NEEDS_BACKTRACKING.test(text) || !REPEATED_GROUP.test(text)) return ok(pattern);
  } catch (error) {
    return fail({
      code: 'USAGE',
      what: `${flag} "${text}" is not a regular expression`,
      why: (error as Error).message,
      fix: [`${flag} 'timeout|refused'`],
    });
  }
  return fail({
    code: 'USAGE',
    what: `${flag} "${text}" could take for ever`,
    why: 'it repeats a group, and looks around or back: on some lines every way to match is tried',
    fix: [`${flag} 'timeout|refused'`],
  });
}
