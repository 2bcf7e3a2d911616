import type { ClaudeWishes } from '../spoke/command-line.ts';
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
  try {
    const value = JSON.parse(text) as Partial<ChannelRequest>;
    const { id, prompt, cwd, wishes = {}, timeoutMs, wantsEvents = false } = value;
    if (typeof id !== 'string' || !/^[\w-]{8,64}$/.test(id) || typeof prompt !== 'string' || prompt === '') return undefined;
    if (typeof timeoutMs !== 'number' || !(timeoutMs > 0) || (cwd !== undefined && typeof cwd !== 'string')) return undefined;
    return { id, prompt, wishes, timeoutMs, wantsEvents, ...(cwd === undefined ? {} : { cwd }) };
  } catch {
    return undefined;
  }
}
