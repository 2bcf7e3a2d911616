/** What Claude Code hands to a hook on its standard input. Source: measured, Claude Code 2.1.329. */
export interface HookEvent {
  cwd: string;
  /** Of PreToolUse: the shell text that is about to be run. */
  command: string | undefined;
}

/** Reads it as far as it is there: a hook that cannot read its event does nothing. */
export function parseEvent(text: string, fallbackCwd: string): HookEvent {
  const value = asObject(safeParse(text));
  const input = asObject(value['tool_input']);
  return {
    cwd: asText(value['cwd']) ?? fallbackCwd,
    command: asText(input['command']),
  };
}

function safeParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
