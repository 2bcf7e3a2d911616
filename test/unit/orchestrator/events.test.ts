import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEvent } from '../../../src/orchestrator/spoke/events.ts';
import { apiRetry, assistant, init, line, rateLimit, result, says } from '../fakes/claude-lines.ts';

const NONE = { input: 0, output: 0, cacheRead: 0, cacheCreation: 0 };
const withoutRaw = (text: string) => {
  const event = parseEvent(text);
  if (event.kind === 'torn') return event;
  const { raw, ...rest } = event;
  expect(raw).toEqual(JSON.parse(text));
  return rest;
};
const resultOf = (over: object) => {
  const event = parseEvent(result(over));
  if (event.kind !== 'result') throw new Error(event.kind);
  return event.result;
};

describe('every event has its kind', () => {
  test.each<[string, string, object]>([
    ['the begin', init(), { kind: 'init', sessionId: 's', model: 'claude-opus-5-5', apiKeySource: 'ANTHROPIC_API_KEY' }],
    [
      'a retry',
      apiRetry({ error: 'overloaded', delayMs: 750, status: 529 }),
      { kind: 'api-retry', attempt: 1, delayMs: 750, status: 529, error: 'overloaded' },
    ],
    [
      'a retry without a status',
      apiRetry({ error: 'unknown', status: null }),
      { kind: 'api-retry', attempt: 1, delayMs: 600, status: undefined, error: 'unknown' },
    ],
    [
      'text',
      says('hi'),
      { kind: 'assistant', messageId: 'msg_1', blocks: [{ kind: 'text', text: 'hi' }], tokens: NONE, error: undefined },
    ],
    [
      'a call of a tool',
      assistant([{ type: 'tool_use', id: 't', name: 'Bash', input: { command: 'ls' } }]),
      {
        kind: 'assistant',
        messageId: 'msg_1',
        blocks: [{ kind: 'tool-use', name: 'Bash', input: { command: 'ls' } }],
        tokens: NONE,
        error: undefined,
      },
    ],
    [
      'a thought',
      assistant([{ type: 'thinking', thinking: 'hm' }]),
      { kind: 'assistant', messageId: 'msg_1', blocks: [{ kind: 'other', type: 'thinking' }], tokens: NONE, error: undefined },
    ],
    [
      'an error of the API',
      assistant([{ type: 'text', text: 'Not logged in' }], { error: 'authentication_failed' }),
      {
        kind: 'assistant',
        messageId: 'msg_1',
        blocks: [{ kind: 'text', text: 'Not logged in' }],
        tokens: NONE,
        error: 'authentication_failed',
      },
    ],
    [
      'the answer of a tool',
      line({ type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: 't', is_error: true, content: 'no' }] } }),
      { kind: 'user', blocks: [{ kind: 'tool-result', isError: true }] },
    ],
    [
      'a message that is one text',
      line({ type: 'user', message: { content: 'hi' } }),
      { kind: 'user', blocks: [{ kind: 'text', text: 'hi' }] },
    ],
    [
      'a limit',
      rateLimit({ status: 'rejected', resetsAt: 1_800_000_000 }),
      { kind: 'rate-limit', status: 'rejected', resetsAtMs: 1_800_000_000_000 },
    ],
    [
      'a limit without an end',
      rateLimit({ status: 'allowed' }),
      { kind: 'rate-limit', status: 'allowed', resetsAtMs: undefined },
    ],
    [
      'an answer to an interrupt',
      line({ type: 'control_response', response: { subtype: 'success', request_id: 'r1' } }),
      { kind: 'control-response', requestId: 'r1', isSuccess: true },
    ],
    [
      'one of the system that nobody knows',
      line({ type: 'system', subtype: 'hook_started', x: 1 }),
      { kind: 'other', type: 'system', subtype: 'hook_started' },
    ],
    ['one that nobody knows', line({ type: 'sparkle', much: ['x'] }), { kind: 'other', type: 'sparkle', subtype: undefined }],
    ['one without a type', line({ much: 1 }), { kind: 'other', type: '', subtype: undefined }],
  ])('%s', (_, text, expected) => {
    expect(withoutRaw(text)).toEqual(expected);
  });

  test.each(['{"type":"resu', 'Warning: x', '[1]', '"x"', '3', 'null', ''])('%j is the rest of a torn line', (text) => {
    expect(parseEvent(text)).toEqual({ kind: 'torn', text });
  });

  test('whatever JSON comes, nothing is thrown, and all of an object is kept', () => {
    const type = fc.constantFrom('system', 'assistant', 'user', 'result', 'rate_limit_event', 'control_response', 'x');
    const subtype = fc.constantFrom('init', 'api_retry', 'success', 3, null);
    const key = fc.constantFrom(
      'message',
      'usage',
      'result',
      'errors',
      'rate_limit_info',
      'response',
      'model_usage_since_last_result',
      'is_error',
    );
    fc.assert(
      fc.property(type, subtype, fc.dictionary(key, fc.jsonValue()), (one, two, rest) => {
        const raw = { type: one, subtype: two, ...rest };
        expect(parseEvent(JSON.stringify(raw))).toMatchObject({ raw: JSON.parse(JSON.stringify(raw)) as object });
      }),
    );
  });
});

describe('a result', () => {
  test('has all that it tells', () => {
    expect(resultOf({})).toEqual({
      isError: false,
      subtype: 'success',
      terminalReason: 'completed',
      text: 'the answer',
      apiStatus: undefined,
      turns: 1,
      durationMs: 1200,
      apiMs: 900,
      tokens: { input: 1, output: 2, cacheRead: 3, cacheCreation: 4 },
      costUsd: undefined,
      sessionCostUsd: 0.5,
    });
  });

  test('with the subtype "success" may be an error', () => {
    expect(resultOf({ is_error: true, api_error_status: 401 })).toMatchObject({
      isError: true,
      subtype: 'success',
      apiStatus: 401,
    });
  });

  test('without a text has its errors', () => {
    expect(resultOf({ result: undefined, errors: ['one', 'two'] }).text).toBe('one\ntwo');
    expect(resultOf({ result: undefined }).text).toBe('');
  });

  test('tells what its turn has cost, where Claude Code says so', () => {
    expect(resultOf({ model_usage_since_last_result: { opus: { costUSD: 0.25 }, haiku: { costUSD: 0.5 } } }).costUsd).toBe(0.75);
  });
});
