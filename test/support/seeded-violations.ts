import { ANY, ANY_CLEAN } from './seeds/any.ts';
import { CONSOLE, CONSOLE_CLEAN } from './seeds/console.ts';
import { CREDENTIAL, CREDENTIAL_CLEAN } from './seeds/credential.ts';
import { EMPTY_CATCH, EMPTY_CATCH_CLEAN } from './seeds/empty-catch.ts';
import { FAKE_ASYNC, FAKE_ASYNC_CLEAN } from './seeds/fake-async.ts';
import { FAKE_DATA, FAKE_DATA_CLEAN } from './seeds/fake-data.ts';
import { BARE_EXPECT_ERROR, LINT_DISABLE, LINT_DISABLE_CLEAN } from './seeds/lint-disable.ts';
import { SECRET, SECRET_CLEAN } from './seeds/secret.ts';
import type { LookAlike, Seeded } from './seeds/seed.ts';
import { TODO, TODO_CLEAN } from './seeds/todo.ts';

export type { LookAlike, Seeded };

/** What a reviewer would not let pass, written from the policies alone: by somebody who has not seen how the rules look for it. */
export const SEEDED: readonly Seeded[] = [
  ...FAKE_ASYNC,
  ...FAKE_DATA,
  ...TODO,
  ...ANY,
  ...LINT_DISABLE,
  ...BARE_EXPECT_ERROR,
  ...CONSOLE,
  ...EMPTY_CATCH,
  ...SECRET,
  ...CREDENTIAL,
];

/** What only looks like it. */
export const CLEAN: readonly LookAlike[] = [
  ...FAKE_ASYNC_CLEAN,
  ...FAKE_DATA_CLEAN,
  ...TODO_CLEAN,
  ...ANY_CLEAN,
  ...LINT_DISABLE_CLEAN,
  ...CONSOLE_CLEAN,
  ...EMPTY_CATCH_CLEAN,
  ...SECRET_CLEAN,
  ...CREDENTIAL_CLEAN,
];
