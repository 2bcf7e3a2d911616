/** Lines as Claude Code 2.1.329 prints them, without their newlines. */
export const line = (event: object): string => JSON.stringify(event);

export const init = (over: object = {}): string =>
  line({
    type: 'system',
    subtype: 'init',
    session_id: 's',
    model: 'claude-opus-5-5',
    apiKeySource: 'ANTHROPIC_API_KEY',
    ...over,
  });

export const assistant = (content: object[], over: object = {}, id = 'msg_1'): string =>
  line({ type: 'assistant', message: { id, role: 'assistant', content }, ...over });

export const says = (text: string): string => assistant([{ type: 'text', text }]);

export const result = (over: object = {}): string =>
  line({
    type: 'result',
    subtype: 'success',
    is_error: false,
    result: 'the answer',
    terminal_reason: 'completed',
    api_error_status: null,
    num_turns: 1,
    duration_ms: 1200,
    duration_api_ms: 900,
    total_cost_usd: 0.5,
    usage: { input_tokens: 1, output_tokens: 2, cache_read_input_tokens: 3, cache_creation_input_tokens: 4 },
    ...over,
  });

export const apiRetry = ({
  error,
  delayMs = 600,
  status = 429,
}: {
  error: string;
  delayMs?: number;
  status?: number | null;
}): string =>
  line({
    type: 'system',
    subtype: 'api_retry',
    attempt: 1,
    max_retries: 2,
    retry_delay_ms: delayMs,
    error_status: status,
    error,
  });

/** `resetsAt`: in seconds since 1970. */
export const rateLimit = (info: { status: string; resetsAt?: number }): string =>
  line({ type: 'rate_limit_event', rate_limit_info: { rateLimitType: 'five_hour', ...info } });
