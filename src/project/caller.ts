/** Who typed the command, as far as the environment tells. It changes wording only, never behaviour: a terminal decides that. */
export type Caller = { kind: 'person' } | { kind: 'agent'; name: string };

/** Variables by which agents show themselves to the commands that they run. Source: am-i-vibing, std-env; Claude Code measured. */
const SIGNS: readonly [RegExp, string][] = [
  [/^(?:CLAUDECODE|CLAUDE_CODE|CLAUDE_CODE_SESSION_ID|CLAUDE_CODE_ENTRYPOINT)$/, 'claude-code'],
  [/^(?:CURSOR_AGENT|CURSOR_TRACE_ID)$/, 'cursor'],
  [/^(?:CODEX_SANDBOX|CODEX_CI|CODEX_THREAD_ID)$/, 'codex'],
  [/^GEMINI_CLI$/, 'gemini-cli'],
  [/^AUGMENT_AGENT$/, 'augment'],
  [/^ANTIGRAVITY_AGENT$/, 'antigravity'],
  [/^OPENCODE(?:_|$)/, 'opencode'],
];

export function callerOf(env: Record<string, string | undefined>): Caller {
  const names = Object.keys(env).filter((name) => env[name]);
  for (const [sign, name] of SIGNS) if (names.some((one) => sign.test(one))) return { kind: 'agent', name };
  const other = env['AI_AGENT'];
  return other ? { kind: 'agent', name: other } : { kind: 'person' };
}
