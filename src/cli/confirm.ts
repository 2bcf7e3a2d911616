import { createInterface } from 'node:readline/promises';
import { fail, ok, type Result } from '../result.ts';
import type { Context } from './context.ts';

export interface Question {
  question: string;
  /** What must be typed. */
  word: string;
  /** The action in words, for the refusal. */
  action: string;
  /** The flag was given. */
  isConfirmed: boolean;
  /** The one that stands for a yes. */
  flag?: string;
}

/** Asks on a terminal; without one it refuses and names the flag. Written once, for every destructive command. */
export async function confirm(
  context: Context,
  { question, word, action, isConfirmed, flag = '--yes' }: Question,
): Promise<Result<void>> {
  if (isConfirmed) return ok(undefined);
  if (!context.terminal.canAsk || context.json) return fail({ code: 'NOT_CONFIRMED', action, flag });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} Type "${word}": `);
    return answer.trim() === word ? ok(undefined) : fail({ code: 'NOT_CONFIRMED', action, flag, isAsked: true });
  } catch {
    // Ctrl-C, or the end of the input.
    return fail({ code: 'NOT_CONFIRMED', action, flag, isAsked: true });
  } finally {
    terminal.close();
  }
}
