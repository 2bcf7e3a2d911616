import type { Problem } from '../failure.ts';

export function describeProblem(problem: Problem): string[] {
  const { file, line, column } = problem.place;
  return [
    `${file}:${String(line)}:${String(column)}  ${problem.what}`,
    ...(problem.instead === undefined ? [] : [`  write: ${problem.instead}`]),
  ];
}
