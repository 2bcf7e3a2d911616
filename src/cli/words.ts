import type { Problem } from '../failure.ts';

/** A failure in words: what happened, why (with the evidence), and what to type next. */
export interface Words {
  what: string;
  why: string[];
  fix: string[];
}

export function describeProblem(problem: Problem): string[] {
  const { file, line, column } = problem.place;
  return [
    `${file}:${String(line)}:${String(column)}  ${problem.what}`,
    ...(problem.instead === undefined ? [] : [`  write: ${problem.instead}`]),
  ];
}
