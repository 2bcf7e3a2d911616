import type { ClaudeWishes } from '../spoke/command-line.ts';
import { PERMISSION_MODES } from '../tasks/task.ts';
import type { Usage } from '../journal/records.ts';
import { PREFIX, PROTOCOL } from './protocol.ts';

/** Of callers who may spawn nothing (BullMQ's sandbox, a container without Claude Code) and of executors who may. */
export const REQUESTS = `${PREFIX}:executor-${String(PROTOCOL)}:requests`;
export const CANCELS = `${PREFIX}:executor-${String(PROTOCOL)}:cancels`;
/** Each request's own: nobody reads another's answer. */
export const responsesOf = (id: string): string => `${PREFIX}:executor-${String(PROTOCOL)}:response:${id}`;
/** Whoever sets it has the request: all executors hear of it. */
export const claimOf = (id: string): string => `${PREFIX}:executor-${String(PROTOCOL)}:claim:${id}`;

export interface ChannelRequest {
  id: string;
  prompt: string;
  /** On the executor's machine; its own folder by default. */
  cwd?: string;
  wishes: ClaudeWishes;
  timeoutMs: number;
  /** The caller wants to see events as well. */
  wantsEvents: boolean;
}

export type ChannelMessage =
  | { kind: 'accepted' }
  | { kind: 'event'; event: Record<string, unknown> }
  | { kind: 'result'; text: string; session: string; usage: Usage }
  /** "busy", "circuit_open", "timeout", "rate_limit" ... */
  | { kind: 'error'; code: string; message: string };

/** A request as it came; nothing where it is none. */
export function readRequest(text: string): ChannelRequest | undefined {
  const value = parseObject(text);
  const { id, prompt, cwd, timeoutMs, wantsEvents = false } = value ?? {};
  const wishes = readWishes(value?.['wishes'] ?? {});
  if (!isText(id) || !/^[\w-]{8,64}$/.test(id) || !isText(prompt) || prompt === '' || !wishes) return undefined;
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0) || (cwd !== undefined && !isText(cwd))) return undefined;
  return { id, prompt, wishes, timeoutMs, wantsEvents: wantsEvents === true, ...(cwd === undefined ? {} : { cwd }) };
}

/** Only what Claude Code's flags can take: no word of it may become another flag. */
function readWishes(value: unknown): ClaudeWishes | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { model, maxTurns, maxBudgetUsd, allowedTools = [], permissionMode, dangerouslySkipPermissions, env = {} } = value as Raw;
  const isFlagWord = (word: unknown) => isText(word) && !word.startsWith('-');
  const isCount = (number: unknown) => number === undefined || (typeof number === 'number' && number > 0);
  const isGood =
    (model === undefined || isFlagWord(model)) &&
    [maxTurns, maxBudgetUsd].every(isCount) &&
    Array.isArray(allowedTools) &&
    allowedTools.every(isFlagWord) &&
    (permissionMode === undefined || PERMISSION_MODES.some((mode) => mode === permissionMode)) &&
    typeof env === 'object' &&
    env !== null &&
    Object.entries(env).every(([name, text]) => /^[A-Za-z_]\w*$/.test(name) && isText(text));
  if (!isGood) return undefined;
  return {
    model: model as ClaudeWishes['model'],
    maxTurns: maxTurns as ClaudeWishes['maxTurns'],
    maxBudgetUsd: maxBudgetUsd as ClaudeWishes['maxBudgetUsd'],
    allowedTools: allowedTools as string[],
    permissionMode: permissionMode as ClaudeWishes['permissionMode'],
    dangerouslySkipPermissions: dangerouslySkipPermissions === true,
    env: env as Record<string, string>,
  };
}

/** An answer as it came; nothing where it is none. */
export function readMessage(text: string): ChannelMessage | undefined {
  const value = parseObject(text);
  return value && isText(value['kind']) ? (value as unknown as ChannelMessage) : undefined;
}

type Raw = Record<string, unknown>;

function parseObject(text: string): Raw | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Raw) : undefined;
  } catch {
    return undefined;
  }
}

/** No system call takes a NUL. */
const isText = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0');
