import type { Files } from '../machine/files.ts';
import type { ProcessIdentity } from '../machine/processes.ts';
import type { Caller } from './caller.ts';
import type { Service } from './service.ts';

export const RECORD_SCHEMA = 'devctl.run/1';

export type Mode = 'tmux' | 'direct';

/** What a run has put into the world for one service. */
export interface RecordedService {
  service: Service;
  /** Where its output goes; devctl's own file, or the one that its line names. */
  log: { path: string; ours: boolean; fromByte: number };
  /** Absent until it is spawned. */
  keeper?: ProcessIdentity;
  startedAt?: string;
}

/**
 * What a `devctl start` wrote down before it spawned anything. Files are hints: every command asks the kernel, and takes
 * from here only where to look.
 */
export interface RunRecord {
  schema: typeof RECORD_SCHEMA;
  runId: string;
  root: string;
  projectId: string;
  mode: Mode;
  bootId: string;
  pidNamespace: string;
  /** The network that its services listen in. */
  network?: string;
  /** The birth of the oldest process that may still be there: kept over runs until a stop was verified. */
  since: number;
  startedAt: string;
  startedBy?: Caller;
  procfile: string;
  formation: Record<string, number>;
  /** The files that the definitions came from: if one has changed, they are read again. */
  sources: { path: string; stamp: string }[];
  /** All services of the definitions, also those that were not wanted. */
  defined: Service[];
  /** What this run has started or means to start, by service name. */
  services: Record<string, RecordedService>;
  /** Which of them are wanted up; `stop web` takes it out. */
  wanted: string[];
  tmux?: { socket: string; server?: ProcessIdentity };
  /** Ports of the project beside those of its services. */
  ports: number[];
  /** Name patterns of the project beside those of its services. */
  patterns?: string[];
  logKeep: number;
  /** Set when a stop of everything was verified: nothing of it is alive. */
  ended?: {
    at: string;
    by: string;
    /** Ports that the run had, and that somebody held when it was over: a later stop looks at them again. */
    portsLeft?: number[];
  };
}

/** The record, or why there is none that this version can use. */
export type ReadRecord = { kind: 'none' } | { kind: 'record'; record: RunRecord } | { kind: 'unreadable'; reason: string };

export function readRecord(files: Files, path: string): ReadRecord {
  try {
    const text = files.readText(path);
    if (text === undefined) return { kind: 'none' };
    const value = JSON.parse(text) as Partial<RunRecord> | null;
    if (value?.schema !== RECORD_SCHEMA)
      return { kind: 'unreadable', reason: `it is of another version (${String(value?.schema)})` };
    return isComplete(value) ? { kind: 'record', record: value } : { kind: 'unreadable', reason: 'it lacks fields' };
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof SyntaxError ? 'it is not whole JSON' : (error as Error).message };
  }
}

/** Writes are whole, so what is wrong here was edited by hand or comes from another version under the same name. */
function isComplete(value: Partial<RunRecord>): value is RunRecord {
  const { runId, root, since, defined, services, wanted, sources, ports } = value;
  if (typeof runId !== 'string' || typeof root !== 'string' || typeof since !== 'number') return false;
  if (![defined, wanted, sources, ports].every(Array.isArray) || !isObject(services)) return false;
  return (
    Object.values(services).every((one: unknown) => isObject(one) && isObject(one['service']) && isObject(one['log'])) &&
    (defined ?? []).every(isObject)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export function writeRecord(files: Files, path: string, record: RunRecord): void {
  if (files.stat(path)?.kind === 'folder') files.remove(path);
  files.writeAtomic(path, `${JSON.stringify(record)}\n`, { sync: true });
}
