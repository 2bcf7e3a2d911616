import { describe, expect, test } from 'vitest';
import {
  claudeArgs,
  claudeEnv,
  interruptRequest,
  userMessage,
  type ClaudeWishes,
  type Start,
} from '../../../src/orchestrator/spoke/command-line.ts';
import { recoverFrom, type Loss } from '../../../src/orchestrator/spoke/recovery.ts';

const args = (wishes: ClaudeWishes = {}, start: Start = { kind: 'fresh' }) => claudeArgs(wishes, 'SID', start);
/** The words that follow a word, up to the next option. */
const after = (all: string[], word: string) => {
  const rest = all.slice(all.indexOf(word) + 1);
  const end = rest.findIndex((one) => one.startsWith('--'));
  return all.includes(word) ? rest.slice(0, end < 0 ? undefined : end) : undefined;
};

describe('the words of a claude', () => {
  test('by default', () => {
    const expected = [
      '-p',
      '--input-format',
      'stream-json',
      '--output-format',
      'stream-json',
      '--verbose',
      '--session-id',
      'SID',
    ];
    expect(args()).toEqual(expected);
  });

  test('a conversation that goes on is named, never "the newest one"', () => {
    const resumed = args({}, { kind: 'resume' });
    expect(after(resumed, '--resume')).toEqual(['SID']);
    expect(resumed).not.toContain('--session-id');
    for (const start of [{ kind: 'fresh' }, { kind: 'resume' }, { kind: 'fork', from: 'OLD' }] as const) {
      expect(args({}, start)).not.toContain('--continue');
      expect(args({}, start)).not.toContain('-c');
    }
  });

  test('another’s conversation is copied, and the copy is ours', () => {
    const forked = args({}, { kind: 'fork', from: 'OLD' });
    expect(after(forked, '--resume')).toEqual(['OLD']);
    expect(forked).toContain('--fork-session');
    expect(after(forked, '--session-id')).toEqual(['SID']);
  });

  test.each<[ClaudeWishes, string, string[]]>([
    [{ model: 'opus' }, '--model', ['opus']],
    [{ maxTurns: 3 }, '--max-turns', ['3']],
    [{ maxBudgetUsd: 0.5 }, '--max-budget-usd', ['0.5']],
    [{ permissionMode: 'acceptEdits' }, '--permission-mode', ['acceptEdits']],
    [{ allowedTools: ['Read', 'Bash(git *)'] }, '--allowedTools', ['Read', 'Bash(git *)']],
    [{ dangerouslySkipPermissions: true }, '--dangerously-skip-permissions', []],
  ])('%j', (wishes, word, expected) => {
    expect(after(args(wishes), word)).toEqual(expected);
  });

  test('nobody skips permissions who was not told to', () => {
    expect(args({ dangerouslySkipPermissions: false })).not.toContain('--dangerously-skip-permissions');
    expect(args({ allowedTools: [] })).not.toContain('--allowedTools');
  });
});

describe('its environment', () => {
  const env = (caller: Record<string, string>, own: Record<string, string> = {}) => claudeEnv(caller, { env: own }, 'MARK');

  test('is the caller’s, without what a Claude Code around us has set', () => {
    const caller = { PATH: '/bin', ANTHROPIC_API_KEY: 'k', CLAUDE_CONFIG_DIR: '/c', CLAUDE_CODE_USE_BEDROCK: '1' };
    const around = {
      CLAUDECODE: '1',
      CLAUDE_PID: '5',
      CLAUDE_CODE_SESSION_ID: 's',
      CLAUDE_CODE_ENTRYPOINT: 'cli',
      CLAUDE_CODE_CHILD_SESSION: '1',
    };
    const made = env({ ...caller, ...around });
    expect(made).toMatchObject(caller);
    for (const name of Object.keys(around)) expect(made).not.toHaveProperty(name);
  });

  test('has the task’s own on top', () => {
    expect(env({ A: '1', B: '2' }, { B: '3' })).toMatchObject({ A: '1', B: '3' });
  });

  test('carries the mark, whatever else says so', () => {
    expect(env({ DEVCTL_TASK: 'outer' }, { DEVCTL_TASK: 'mine' })['DEVCTL_TASK']).toBe('MARK');
  });

  test('allows no background tasks, for with one it stays for ten minutes', () => {
    expect(env({}, { CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '0' })['CLAUDE_CODE_DISABLE_BACKGROUND_TASKS']).toBe('1');
  });

  test('allows few retries, unless somebody wants more', () => {
    expect(env({})['CLAUDE_CODE_MAX_RETRIES']).toBe('2');
    expect(env({ CLAUDE_CODE_MAX_RETRIES: '5' })['CLAUDE_CODE_MAX_RETRIES']).toBe('5');
    expect(env({}, { CLAUDE_CODE_MAX_RETRIES: '7' })['CLAUDE_CODE_MAX_RETRIES']).toBe('7');
  });
});

test('what is said to it is one line', () => {
  const message = userMessage('two\nlines "and" 😀');
  expect(message.indexOf('\n')).toBe(message.length - 1);
  expect(JSON.parse(message)).toEqual({
    type: 'user',
    message: { role: 'user', content: [{ type: 'text', text: 'two\nlines "and" 😀' }] },
  });
  expect(JSON.parse(interruptRequest('r1'))).toEqual({
    type: 'control_request',
    request_id: 'r1',
    request: { subtype: 'interrupt' },
  });
});

describe('a process that was lost', () => {
  const lost = (over: Partial<Loss> = {}, times = 1) =>
    recoverFrom(
      { begins: 'fresh', code: 137, hasBegun: true, isUnknownSession: false, isSessionTaken: false, said: '', ...over },
      times,
    );

  test.each<[string, Partial<Loss>]>([
    ['killed', {}],
    ['with 0 and without a result', { code: 0 }],
    ['with 1 in the middle of its work', { code: 1, said: 'boom' }],
    ['nobody knows how', { code: undefined }],
    ['killed before it began, though it said something', { hasBegun: false, said: 'Warning: no stdin data' }],
    ['with 0 before it began', { hasBegun: false, code: 0, said: 'Warning: x' }],
    ['with 1 before it began, without a word', { hasBegun: false, code: 1 }],
  ])('(%s) is resumed', (_, over) => {
    expect(lost(over)).toEqual({ kind: 'restart', start: { kind: 'resume' }, delayMs: 1000 });
  });

  test('is resumed three times at most, twice as late each time', () => {
    expect([1, 2, 3, 4].map((times) => lost({}, times))).toEqual([
      { kind: 'restart', start: { kind: 'resume' }, delayMs: 1000 },
      { kind: 'restart', start: { kind: 'resume' }, delayMs: 2000 },
      { kind: 'restart', start: { kind: 'resume' }, delayMs: 4000 },
      { kind: 'crashed', times: 4 },
    ]);
  });

  test('before its conversation was written down begins anew', () => {
    const said = 'No conversation found with session ID: SID';
    expect(lost({ code: 1, isUnknownSession: true, hasBegun: false, said })).toMatchObject({
      kind: 'restart',
      start: { kind: 'fresh' },
    });
    expect(lost({ code: 1, isUnknownSession: true, said }, 4)).toEqual({ kind: 'crashed', times: 4 });
  });

  test('whose conversation was there already goes on with it', () => {
    expect(lost({ code: 1, isSessionTaken: true, hasBegun: false, said: 'is already in use' })).toMatchObject({
      start: { kind: 'resume' },
    });
  });

  test('that said why it does not begin would say it again', () => {
    const said = '--dangerously-skip-permissions cannot be used with root/sudo privileges for security reasons';
    expect(lost({ code: 1, hasBegun: false, said })).toEqual({ kind: 'refused', said });
  });
});
