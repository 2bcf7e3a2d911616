import { expect, test } from 'vitest';
import { callerOf } from '../../../src/project/caller.ts';

test.each<[Record<string, string | undefined>, string]>([
  [{}, 'person'],
  [{ CLAUDECODE: '1' }, 'claude-code'],
  [{ CLAUDE_CODE_SESSION_ID: 'x' }, 'claude-code'],
  [{ CURSOR_TRACE_ID: 'x' }, 'cursor'],
  [{ CODEX_SANDBOX: 'seatbelt' }, 'codex'],
  [{ OPENCODE_X: '1' }, 'opencode'],
  [{ AI_AGENT: 'mine' }, 'mine'],
  [{ CLAUDECODE: '' }, 'person'],
  [{ CLAUDECODE: undefined }, 'person'],
  [{ CLAUDE_CONFIG_DIR: '/x', ANTHROPIC_API_KEY: 'k' }, 'person'],
])('%j is %s', (env, expected) => {
  const caller = callerOf(env);
  expect(caller.kind === 'agent' ? caller.name : caller.kind).toBe(expected);
});
