import { NO_USAGE } from '../journal/records.ts';
import type { Outcome } from './executor.ts';
import type { Perform } from './perform.ts';

/** How long a task of nobody takes, in ms. */
const DEFAULT_MS = 10;
const SHOWN = 60;

/** Without any Claude Code: answers with the prompt's first line, for trying a task file out. `MOCK_CLAUDE_MS`: how long that takes. */
export function performMock(env: Record<string, string | undefined>): Perform {
  const ms = Number(env['MOCK_CLAUDE_MS'] ?? DEFAULT_MS);
  return ({ prompt }, observer) => {
    observer.onProgress({ model: 'mock', turns: 1, tokens: NO_USAGE.tokens, costUsd: 0, doing: 'pretends' });
    let end: () => void = () => undefined;
    const outcome = new Promise<Outcome>((resolve) => {
      const text = `mock: ${prompt.trim().split('\n')[0]?.slice(0, SHOWN) ?? ''}`;
      const timer = setTimeout(() => {
        resolve({ kind: 'done', text, usage: { ...NO_USAGE, turns: 1, durationMs: ms } });
      }, ms);
      end = () => {
        clearTimeout(timer);
        resolve({ kind: 'ended', usage: NO_USAGE });
      };
    });
    return { outcome, end };
  };
}
