import { describe, expect, test } from 'vitest';
import { parseEvent } from '../../../src/orchestrator/spoke/events.ts';
import {
  isAuthTrouble,
  isInfrastructure,
  isPassing,
  judgeResult,
  NO_TROUBLE,
  noteTrouble,
  type FailureClass,
} from '../../../src/orchestrator/spoke/judge.ts';
import { apiRetry, assistant, init, rateLimit, result, says } from '../fakes/claude-lines.ts';

const NOW = 1_700_000_000_000;
const failed = (over: object) => result({ is_error: true, result: 'it says so', terminal_reason: 'api_error', ...over });
const refused = (error: string) => assistant([{ type: 'text', text: 'x' }], { error });

/** The failure of a turn that these lines tell of. */
function judge(...lines: string[]) {
  let trouble = NO_TROUBLE;
  for (const one of lines) {
    const event = parseEvent(one);
    trouble = noteTrouble(trouble, event, NOW);
    if (event.kind === 'result') return judgeResult(event.result, trouble);
  }
  throw new Error('no result');
}

describe('a result is judged by is_error', () => {
  test.each(['success', 'error_max_turns', 'error_during_execution', 'whatever'])('and %s without it is none', (subtype) => {
    expect(judge(result({ subtype }))).toBeUndefined();
  });

  test('a failed login has the subtype "success", and is a failure', () => {
    const lines = [
      init({ apiKeySource: 'none' }),
      assistant([{ type: 'text', text: 'Not logged in · Please run /login' }], {
        error: 'authentication_failed',
        is_api_error_message: true,
      }),
      failed({ subtype: 'success', result: 'Not logged in · Please run /login' }),
    ];
    expect(judge(...lines)).toEqual({ class: 'auth', message: 'Not logged in · Please run /login' });
  });

  test.each<[FailureClass, string[]]>([
    ['auth', [failed({ api_error_status: 401 })]],
    ['auth', [apiRetry({ error: 'authentication_failed', status: 401 }), failed({})]],
    ['auth', [refused('billing_error'), failed({})]],
    ['auth', [refused('account_on_hold'), failed({ api_error_status: 403 })]],
    ['auth', [refused('oauth_org_not_allowed'), failed({ api_error_status: 403 })]],
    ['invalid', [failed({ api_error_status: 403 })]],
    ['invalid', [failed({ api_error_status: 400 })]],
    ['invalid', [failed({ api_error_status: 404 })]],
    ['invalid', [failed({ api_error_status: 413 })]],
    ['invalid', [refused('model_not_found'), failed({})]],
    ['invalid', [failed({ terminal_reason: 'prompt_too_long' })]],
    ['rate-limit', [failed({ api_error_status: 429 })]],
    ['rate-limit', [refused('rate_limit'), failed({})]],
    ['overloaded', [failed({ api_error_status: 529 })]],
    ['overloaded', [refused('overloaded'), failed({})]],
    ['server', [failed({ api_error_status: 500 })]],
    ['server', [failed({ api_error_status: 503 })]],
    ['server', [failed({ api_error_status: 408 })]],
    ['server', [failed({})]],
    ['max-turns', [failed({ subtype: 'error_max_turns', terminal_reason: 'max_turns' })]],
    ['budget', [failed({ subtype: 'error_max_budget_usd', terminal_reason: 'budget_exhausted' })]],
    ['other', [failed({ subtype: 'error_during_execution', terminal_reason: 'aborted_tools' })]],
    ['other', [failed({ terminal_reason: 'something_new' })]],
  ])('%s: %j', (kind, lines) => {
    expect(judge(...lines)?.class).toBe(kind);
  });

  test('trouble that was over before it failed is not why', () => {
    expect(judge(apiRetry({ error: 'authentication_failed' }), says('it goes on'), failed({}))?.class).toBe('server');
  });

  test('where it says nothing, its reason is told', () => {
    expect(judge(failed({ result: '', terminal_reason: 'max_turns' }))?.message).toBe('max_turns');
    expect(judge(failed({ result: undefined, terminal_reason: undefined, subtype: 'error_during_execution' }))?.message).toBe(
      'error_during_execution',
    );
  });
});

describe('when the API wants to be asked again', () => {
  test('after what it asked for', () => {
    expect(judge(apiRetry({ error: 'rate_limit', delayMs: 5000 }), failed({ api_error_status: 429 }))).toMatchObject({
      class: 'rate-limit',
      retryAtMs: NOW + 5000,
      isReset: false,
    });
  });

  test('when a subscription’s limit ends', () => {
    const lines = [rateLimit({ status: 'rejected', resetsAt: NOW / 1000 + 3600 }), refused('rate_limit'), failed({})];
    expect(judge(...lines)).toMatchObject({ class: 'rate-limit', retryAtMs: NOW + 3_600_000, isReset: true });
  });

  test('a warning says nothing of that', () => {
    const lines = [rateLimit({ status: 'allowed_warning', resetsAt: NOW / 1000 + 3600 }), failed({ api_error_status: 429 })];
    expect(judge(...lines)).toMatchObject({ retryAtMs: undefined, isReset: false });
  });

  test('no other failure has such a time', () => {
    expect(judge(apiRetry({ error: 'rate_limit', delayMs: 5000 }), failed({ api_error_status: 500 }))).toEqual({
      class: 'server',
      message: 'it says so',
    });
  });
});

test.each<[FailureClass, boolean, boolean]>([
  ['auth', false, false],
  ['rate-limit', true, false],
  ['overloaded', true, true],
  ['server', true, true],
  ['invalid', false, false],
  ['max-turns', false, false],
  ['budget', false, false],
  ['refused', false, false],
  ['crashed', true, true],
  ['timeout', true, false],
  ['no-claude', false, true],
  ['workplace', false, false],
  ['other', true, false],
])('%s may pass: %s; says that nobody gets through: %s', (kind, passes, isNobodys) => {
  const failure = { class: kind, message: '' };
  expect([isPassing(failure), isInfrastructure(failure)]).toEqual([passes, isNobodys]);
});

test.each([
  ['authentication_failed', true],
  ['billing_error', true],
  ['rate_limit', false],
  ['unknown', false],
  ['constructor', false],
])('%s concerns everybody: %s', (error, expected) => {
  expect(isAuthTrouble(error)).toBe(expected);
});
