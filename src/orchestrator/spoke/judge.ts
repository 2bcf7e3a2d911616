import type { ClaudeEvent, ClaudeResult } from './events.ts';

/** Why a task's attempt has failed, by what to do about it. */
export type FailureClass =
  /** Nobody gets through: the login, or the account behind it. */
  | 'auth'
  | 'rate-limit'
  | 'overloaded'
  /** The API, or the way to it. */
  | 'server'
  /** What was asked is refused, and would be again. */
  | 'invalid'
  | 'max-turns'
  | 'budget'
  /** claude ended before it began, and says why. */
  | 'refused'
  | 'crashed'
  | 'timeout'
  | 'no-claude'
  /** Somebody else is at it. */
  | 'displaced'
  /** Its folder, its repository. */
  | 'workplace'
  | 'other';

export interface TaskFailure {
  class: FailureClass;
  message: string;
  /** When the API wants to be asked again, in ms since 1970. */
  retryAtMs?: number | undefined;
  /** That is when a limit ends; else it is only how long to wait. */
  isReset?: boolean;
}

/** Failures that pass: the next attempt may go well. */
const PASSING: ReadonlySet<FailureClass> = new Set(['rate-limit', 'overloaded', 'server', 'crashed', 'timeout', 'other']);
/** They say nothing of the task; several in a row say that nobody gets through. */
const INFRASTRUCTURE: ReadonlySet<FailureClass> = new Set(['overloaded', 'server', 'crashed', 'no-claude']);

export const isPassing = ({ class: kind }: TaskFailure): boolean => PASSING.has(kind);
export const isInfrastructure = ({ class: kind }: TaskFailure): boolean => INFRASTRUCTURE.has(kind);

/** What the events before a result have told of the API. */
export interface ApiTrouble {
  /** Of the assistant's last message, or of the last retry: "rate_limit", "authentication_failed" ... */
  error: string | undefined;
  retryAtMs: number | undefined;
  isReset: boolean;
}

export const NO_TROUBLE: ApiTrouble = { error: undefined, retryAtMs: undefined, isReset: false };

/** Pure. */
export function noteTrouble(before: ApiTrouble, event: ClaudeEvent, nowMs: number): ApiTrouble {
  switch (event.kind) {
    case 'api-retry':
      // When a limit ends is known better than how long to wait.
      if (event.error !== 'rate_limit' || before.isReset) return { ...before, error: event.error };
      return { ...before, error: event.error, retryAtMs: nowMs + event.delayMs };
    case 'rate-limit':
      return event.status === 'rejected'
        ? { error: 'rate_limit', retryAtMs: event.resetsAtMs ?? before.retryAtMs, isReset: event.resetsAtMs !== undefined }
        : before;
    case 'assistant':
      return event.error === undefined ? NO_TROUBLE : { ...before, error: event.error };
    case 'init':
    case 'user':
    case 'result':
    case 'control-response':
    case 'other':
    case 'torn':
      return before;
  }
}

/** Of the kinds that assistant messages and retries name. Source: Claude Code 2.1.329. */
const BY_ERROR: Record<string, FailureClass> = {
  authentication_failed: 'auth',
  oauth_org_not_allowed: 'auth',
  account_on_hold: 'auth',
  verification_required: 'auth',
  billing_error: 'auth',
  cloud_credential_error: 'auth',
  rate_limit: 'rate-limit',
  overloaded: 'overloaded',
  server_error: 'server',
  invalid_request: 'invalid',
  model_not_found: 'invalid',
};

const BY_SUBTYPE: Record<string, FailureClass> = { error_max_turns: 'max-turns', error_max_budget_usd: 'budget' };

/** Does this kind of trouble concern everybody? Then nothing is gained by trying on. */
export const isAuthTrouble = (error: string): boolean => BY_ERROR[error] === 'auth';

/** A result's failure; nothing where it went well. By `is_error`, never by the subtype. Pure. */
export function judgeResult(result: ClaudeResult, trouble: ApiTrouble): TaskFailure | undefined {
  if (!result.isError) return undefined;
  const kind = BY_SUBTYPE[result.subtype] ?? byStatus(result.apiStatus) ?? BY_ERROR[trouble.error ?? ''] ?? byReason(result);
  const message = result.text === '' ? (result.terminalReason ?? result.subtype) : result.text;
  return { class: kind, message, ...(kind === 'rate-limit' ? { retryAtMs: trouble.retryAtMs, isReset: trouble.isReset } : {}) };
}

function byStatus(status: number | undefined): FailureClass | undefined {
  if (status === undefined) return undefined;
  if (status === 401) return 'auth';
  // Which of the two it is, the error tells.
  if (status === 403) return undefined;
  if (status === 429) return 'rate-limit';
  if (status === 529) return 'overloaded';
  if (status >= 500) return 'server';
  return status === 408 || status === 409 ? 'server' : 'invalid';
}

const BY_REASON: Record<string, FailureClass> = {
  prompt_too_long: 'invalid',
  image_error: 'invalid',
  max_turns: 'max-turns',
  budget_exhausted: 'budget',
  api_error: 'server',
  aborted_streaming: 'server',
};

function byReason({ terminalReason, apiStatus }: ClaudeResult): FailureClass {
  return apiStatus === 403 ? 'invalid' : (BY_REASON[terminalReason ?? ''] ?? 'other');
}
