import type { Rule } from '../rule.ts';
import { inAscii } from '../shapes/ascii.ts';
import { ignoreNeedsReason } from './ignore-needs-reason.ts';
import { noAny } from './no-any.ts';
import { noConsole } from './no-console.ts';
import { noBareExpectError } from './no-bare-expect-error.ts';
import { noConsoleError } from './no-console-error.ts';
import { noEmptyCatch } from './no-empty-catch.ts';
import { noExplainedLintDisable } from './no-explained-lint-disable.ts';
import { noFakeAsync } from './no-fake-async.ts';
import { noFakeData } from './no-fake-data.ts';
import { noFixedWait } from './no-fixed-wait.ts';
import { noHardCodedCredential } from './no-hard-coded-credential.ts';
import { noLintDisable } from './no-lint-disable.ts';
import { noMathRandom } from './no-math-random.ts';
import { noSecret } from './no-secret.ts';
import { noSyntaxError } from './no-syntax-error.ts';
import { noTodo } from './no-todo.ts';
import { noTsIgnore } from './no-ts-ignore.ts';
import { unusedIgnore } from './unused-ignore.ts';

const RULES: readonly Rule[] = [
  noSecret,
  noHardCodedCredential,
  noFakeAsync,
  noFakeData,
  noEmptyCatch,
  noTodo,
  noAny,
  noLintDisable,
  noBareExpectError,
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

/** In the order in which they are listed; of two that find the same secret, the first has it. */
export const BUILT_IN: readonly Rule[] = RULES.map(inAscii);
