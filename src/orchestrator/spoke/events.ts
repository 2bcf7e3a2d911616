/**
 * What `claude --output-format stream-json` prints, one JSON document a line. Only the fields that are read here are named; every
 * event has all that was printed in `raw`. Source: measured, Claude Code 2.1.329.
 */
export type ClaudeEvent =
  | { kind: 'init'; sessionId: string; model: string; apiKeySource: string | undefined; raw: Raw }
  /** It tries the API again by itself. `error`: "rate_limit", "overloaded", "authentication_failed" ... */
  | { kind: 'api-retry'; attempt: number; delayMs: number; status: number | undefined; error: string; raw: Raw }
  /** `tokens`: of its input; how many it has written only the result tells. */
  | { kind: 'assistant'; messageId: string | undefined; blocks: Block[]; tokens: Tokens; error: string | undefined; raw: Raw }
  | { kind: 'user'; blocks: Block[]; raw: Raw }
  | { kind: 'result'; result: ClaudeResult; raw: Raw }
  /** Of a subscription. `resetsAtMs`: since 1970. */
  | { kind: 'rate-limit'; status: string; resetsAtMs: number | undefined; raw: Raw }
  | { kind: 'control-response'; requestId: string; isSuccess: boolean; raw: Raw }
  /** Known by its type alone, or by nobody: kept as it is. */
  | { kind: 'other'; type: string; subtype: string | undefined; raw: Raw }
  /** No JSON: the rest of a line whose writer was killed. */
  | { kind: 'torn'; text: string };

export type Raw = Record<string, unknown>;

export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'tool-use'; name: string; input: Raw }
  | { kind: 'tool-result'; isError: boolean }
  | { kind: 'other'; type: string };

/** How a turn ended. Whether it went well is in `isError` alone: a failed login has the subtype "success". */
export interface ClaudeResult {
  isError: boolean;
  subtype: string;
  /** "completed", "api_error", "max_turns", "aborted_tools" ... */
  terminalReason: string | undefined;
  text: string;
  apiStatus: number | undefined;
  turns: number;
  durationMs: number;
  apiMs: number;
  tokens: Tokens;
  /** Of this turn alone; `undefined` where an older version tells only what the session has cost. */
  costUsd: number | undefined;
  /** Of the session so far, over `--resume` as well. */
  sessionCostUsd: number;
}

export interface Tokens {
  input: number;
  output: number;
  cacheRead: number;
  cacheCreation: number;
}

const TORN_TEXT = 200;

/** Reads one line. Pure. */
export function parseEvent(line: string): ClaudeEvent {
  const raw = parseObject(line);
  if (!raw) return { kind: 'torn', text: line.slice(0, TORN_TEXT) };
  const type = text(raw['type']) ?? '';
  const subtype = text(raw['subtype']);
  const { blocks, id: messageId } = messageOf(raw);
  switch (type) {
    case 'system':
      if (subtype === 'init')
        return {
          kind: 'init',
          sessionId: text(raw['session_id']) ?? '',
          model: text(raw['model']) ?? '',
          apiKeySource: text(raw['apiKeySource']),
          raw,
        };
      if (subtype === 'api_retry')
        return {
          kind: 'api-retry',
          attempt: number(raw['attempt']),
          delayMs: number(raw['retry_delay_ms']),
          status: optionalNumber(raw['error_status']),
          error: text(raw['error']) ?? 'unknown',
          raw,
        };
      return { kind: 'other', type, subtype, raw };
    case 'assistant':
      return {
        kind: 'assistant',
        messageId,
        blocks,
        tokens: { ...readTokens(object(object(raw['message'])['usage'])), output: 0 },
        error: text(raw['error']),
        raw,
      };
    case 'user':
      return { kind: 'user', blocks, raw };
    case 'result':
      return { kind: 'result', result: readResult(raw), raw };
    case 'rate_limit_event': {
      const info = object(raw['rate_limit_info']);
      const seconds = optionalNumber(info['resetsAt']);
      return {
        kind: 'rate-limit',
        status: text(info['status']) ?? '',
        resetsAtMs: seconds === undefined ? undefined : seconds * 1000,
        raw,
      };
    }
    case 'control_response': {
      const response = object(raw['response']);
      return {
        kind: 'control-response',
        requestId: text(response['request_id']) ?? '',
        isSuccess: response['subtype'] === 'success',
        raw,
      };
    }
    default:
      return { kind: 'other', type, subtype, raw };
  }
}

function readResult(raw: Raw): ClaudeResult {
  const usage = object(raw['usage']);
  return {
    isError: raw['is_error'] === true,
    subtype: text(raw['subtype']) ?? '',
    terminalReason: text(raw['terminal_reason']),
    text: text(raw['result']) ?? errorsIn(raw),
    apiStatus: optionalNumber(raw['api_error_status']),
    turns: number(raw['num_turns']),
    durationMs: number(raw['duration_ms']),
    apiMs: number(raw['duration_api_ms']),
    tokens: readTokens(usage),
    costUsd: costSince(raw['model_usage_since_last_result']),
    sessionCostUsd: number(raw['total_cost_usd']),
  };
}

function readTokens(usage: Raw): Tokens {
  return {
    input: number(usage['input_tokens']),
    output: number(usage['output_tokens']),
    cacheRead: number(usage['cache_read_input_tokens']),
    cacheCreation: number(usage['cache_creation_input_tokens']),
  };
}

/** Where a turn has no result text: "errors": ["No conversation found ..."]. */
function errorsIn(raw: Raw): string {
  const { errors } = raw;
  return Array.isArray(errors) ? errors.map((one) => text(one) ?? '').join('\n') : '';
}

function costSince(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.values(value as Raw).reduce<number>((sum, model) => sum + number(object(model)['costUSD']), 0);
}

function messageOf(raw: Raw): { id: string | undefined; blocks: Block[] } {
  const message = object(raw['message']);
  const { content } = message;
  const id = text(message['id']);
  if (typeof content === 'string') return { id, blocks: [{ kind: 'text', text: content }] };
  return { id, blocks: Array.isArray(content) ? content.map((block) => readBlock(object(block))) : [] };
}

function readBlock(block: Raw): Block {
  const type = text(block['type']) ?? '';
  if (type === 'text') return { kind: 'text', text: text(block['text']) ?? '' };
  if (type === 'tool_use') return { kind: 'tool-use', name: text(block['name']) ?? '', input: object(block['input']) };
  if (type === 'tool_result') return { kind: 'tool-result', isError: block['is_error'] === true };
  return { kind: 'other', type };
}

function parseObject(line: string): Raw | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : undefined;
  } catch {
    return undefined;
  }
}

const object = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const optionalNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
const number = (value: unknown): number => optionalNumber(value) ?? 0;
