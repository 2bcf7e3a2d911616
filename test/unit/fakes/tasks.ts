import fc from 'fast-check';
import type { Task } from '../../../src/orchestrator/tasks/task.ts';

/** A task with every default, but for what is given. */
export function makeTask(over: Partial<Task> & { id: string }): Task {
  return {
    prompt: `do ${over.id}`,
    priority: 100,
    dependsOn: [],
    maxRetries: 3,
    timeoutMs: 600_000,
    cwd: undefined,
    worktree: false,
    env: {},
    model: undefined,
    maxTurns: undefined,
    maxBudgetUsd: undefined,
    allowedTools: [],
    permissionMode: undefined,
    resumeFrom: undefined,
    repository: undefined,
    ref: undefined,
    ...over,
  };
}

export const makeTasks = (...all: (Partial<Task> & { id: string })[]): Task[] => all.map(makeTask);

/** A few tasks that wait for some of each other, in no circle, and in any order of the file. */
export const someTasks: fc.Arbitrary<Task[]> = fc.integer({ min: 1, max: 7 }).chain((count) =>
  fc
    .tuple(
      fc.array(fc.record({ priority: fc.integer({ min: 0, max: 2 }), maxRetries: fc.nat({ max: 2 }), before: fc.nat() }), {
        minLength: count,
        maxLength: count,
      }),
      fc.shuffledSubarray(
        Array.from({ length: count }, (_, index) => index),
        { minLength: count, maxLength: count },
      ),
    )
    .map(([given, order]) => {
      const tasks = given.map(({ priority, maxRetries, before }, index) =>
        makeTask({
          id: `t${String(index)}`,
          priority,
          maxRetries,
          // The bits of `before` say for whom of those with lower numbers it waits.
          dependsOn: given.flatMap((_, other) => (other < index && ((before >> other) & 1) === 1 ? [`t${String(other)}`] : [])),
        }),
      );
      return order.flatMap((index) => tasks[index] ?? []);
    }),
);
