import { describe, expect, test } from 'vitest';
import { parseEvent } from '../../../src/orchestrator/spoke/events.ts';
import { Meter } from '../../../src/orchestrator/spoke/progress.ts';
import { apiRetry, assistant, init, line, rateLimit, result, says } from '../fakes/claude-lines.ts';

function meter(knownUsd: number | undefined, ...lines: string[]): Meter {
  const made = new Meter(knownUsd);
  for (const one of lines) made.add(parseEvent(one));
  return made;
}
const after = (...lines: string[]) => meter(undefined, ...lines).progress;
const tool = (name: string, input: object) => assistant([{ type: 'tool_use', name, input }]);
const toolSays = line({ type: 'user', message: { content: [{ type: 'tool_result', content: 'x' }] } });

describe('what a spoke is at', () => {
  test.each<[string, string[]]>([
    ['starts', []],
    ['thinks', [init()]],
    ['writes', [init(), says('x')]],
    ['Bash: npm test', [tool('Bash', { command: 'npm test', description: 'Runs the tests' })]],
    ['Bash: cd x && make', [tool('Bash', { command: 'cd x &&\n   make' })]],
    ['Read: src/a.ts', [tool('Read', { file_path: 'src/a.ts' })]],
    ['Grep: TODO', [tool('Grep', { pattern: 'TODO' })]],
    ['TodoWrite', [tool('TodoWrite', { todos: [] })]],
    ['thinks', [tool('Bash', { command: 'ls' }), toolSays]],
    ['waits for the API (529)', [apiRetry({ error: 'overloaded', status: 529 })]],
    ['waits for the API (rate_limit)', [apiRetry({ error: 'rate_limit', status: null })]],
    ['ends', [result()]],
    ['writes', [says('x'), rateLimit({ status: 'allowed' }), line({ type: 'sparkle' }), 'torn']],
    ['writes', [says('x'), assistant([{ type: 'thinking', thinking: 'hm' }])]],
  ])('%s', (doing, lines) => {
    expect(after(...lines).doing).toBe(doing);
  });

  test('is told in a line that is not too long', () => {
    const { doing } = after(tool('Bash', { command: 'x'.repeat(500) }));
    expect(doing).toHaveLength(80);
    expect(doing.endsWith('…')).toBe(true);
  });
});

describe('what it has used', () => {
  test('turns are answers of the model, however many lines they come in', () => {
    const lines = [says('x'), tool('Bash', {}), toolSays, assistant([{ type: 'text', text: 'y' }], {}, 'msg_2')];
    expect(after(...lines).turns).toBe(2);
  });

  test('an error of the API is no turn', () => {
    expect(after(assistant([{ type: 'text', text: 'no' }], { error: 'overloaded' }, 'msg_9')).turns).toBe(0);
  });

  test('its model, and tokens over all results', () => {
    expect(after(init(), result(), result())).toMatchObject({
      model: 'claude-opus-5-5',
      tokens: { input: 2, output: 4, cacheRead: 6, cacheCreation: 8 },
    });
  });

  test('tokens of answers count before the result is there, and not again with it', () => {
    const message = { id: 'msg_1', content: [], usage: { input_tokens: 5, output_tokens: 9, cache_read_input_tokens: 6 } };
    const answer = line({ type: 'assistant', message });
    expect(after(init(), answer, answer).tokens).toEqual({ input: 5, output: 0, cacheRead: 6, cacheCreation: 0 });
    expect(after(init(), answer, result()).tokens).toEqual({ input: 1, output: 2, cacheRead: 3, cacheCreation: 4 });
  });

  test('tokens of a turn that was lost count as well', () => {
    const message = { id: 'msg_1', content: [], usage: { input_tokens: 5 } };
    expect(after(init(), line({ type: 'assistant', message }), init(), result()).tokens.input).toBe(6);
  });

  test('costs of the session count once, over its turns', () => {
    expect(after(result({ total_cost_usd: 0.5 }), result({ total_cost_usd: 0.75 })).costUsd).toBeCloseTo(0.75);
  });

  test('what a resumed session had cost before is not counted again', () => {
    expect(meter(2, result({ total_cost_usd: 2.25 })).progress.costUsd).toBeCloseTo(0.25);
    expect(meter(2, result({ total_cost_usd: 0.25 })).progress.costUsd).toBe(0);
  });

  test('where Claude Code tells what a turn has cost, that is what counts', () => {
    const own = { total_cost_usd: 9, model_usage_since_last_result: { opus: { costUSD: 0.25 } } };
    expect(meter(2, result(own)).progress.costUsd).toBe(0.25);
  });

  test('another conversation begins at nothing', () => {
    const one = meter(2);
    one.forget();
    one.add(parseEvent(result({ total_cost_usd: 0.5 })));
    expect(one.progress.costUsd).toBe(0.5);
  });
});
