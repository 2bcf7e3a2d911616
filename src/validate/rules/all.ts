import type { Rule } from '../rule.ts';
import { ignoreNeedsReason, unusedIgnore } from './ignores.ts';
import { noAny } from './no-any.ts';
import { noConsole, noConsoleError } from './no-console.ts';
import { noEmptyCatch } from './no-empty-catch.ts';
import { noFakeAsync, noFixedWait } from './no-fake-async.ts';
import { noFakeData, noMathRandom } from './no-fake-data.ts';
import { noExplainedLintDisable, noLintDisable, noTsIgnore } from './no-lint-disable.ts';
import { noHardCodedCredential, noSecret } from './no-secret.ts';
import { noSyntaxError } from './no-syntax-error.ts';
import { noTodo } from './no-todo.ts';

/** In the order in which they are listed; of two that find the same secret, the first has it. */
export const BUILT_IN: readonly Rule[] = [
  noSecret,
  noHardCodedCredential,
  noFakeAsync,
  noFakeData,
  noEmptyCatch,
  noTodo,
  noAny,
  noLintDisable,
  noTsIgnore,
  noConsole,
  noConsoleError,
  noFixedWait,
  noMathRandom,
  noExplainedLintDisable,
  noSyntaxError,
  ignoreNeedsReason,
  unusedIgnore,
];
